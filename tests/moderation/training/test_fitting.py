"""Training is reproducible, keeps measured texts out and yields an artefact that loads."""

import json
import warnings
from pathlib import Path

import pytest
from sklearn.exceptions import ConvergenceWarning

from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import fold
from moderation.training.corpus import read_corpus, without_traces
from moderation.training.fitting import Fitted, fit
from tests.moderation.scanning.builders import write_corpus, write_ruleset


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> list[Fitted]:
    folder = tmp_path_factory.mktemp("corpus")
    matcher = Matcher.load(write_ruleset(folder))
    with warnings.catch_warnings():
        # A dozen steps do not converge; what is tested here does not depend on how good the weights are.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return [fit(read_corpus(write_corpus(folder)), matcher, iterations=12) for _ in range(2)]


def test_the_same_corpus_gives_the_same_bytes(fitted: list[Fitted]) -> None:
    assert fitted[0] == fitted[1]


def test_the_artefact_loads_and_tells_threats_from_talk(fitted: list[Fitted], tmp_path: Path) -> None:
    fitted[0].write(tmp_path / "model.npz")
    classifier = Classifier.load(tmp_path / "model.npz")
    threat, talk = classifier.logits(["i will kill you and your cat", "i will meet you and your cat for tea"])
    assert threat > talk
    assert classifier.version == fitted[0].manifest["sha256"]


def test_the_manifest_says_what_was_learned_from(fitted: list[Fitted]) -> None:
    assert fitted[0].manifest["learned_from"]["test"]["licence"] == "CC0"


def test_no_text_is_learned_twice_or_from_what_is_measured(tmp_path: Path) -> None:
    corpus = read_corpus(write_corpus(tmp_path))
    keys = [fold(example.text) for example in corpus]
    assert len(keys) == len(set(keys))
    measured = {
        fold(json.loads(line)["text"]) for line in (tmp_path / "stream.jsonl").read_text().splitlines()
    }
    assert not measured & set(keys)


def test_a_source_can_be_left_out(tmp_path: Path) -> None:
    assert read_corpus(write_corpus(tmp_path), excluded_sources=["test"]) == []


def test_traces_of_collectors_are_removed() -> None:
    assert without_traces("[NAME] said hi |LBR| bye") == " @user  said hi   bye"
