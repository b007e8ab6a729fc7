"""Training is reproducible, keeps measured texts out and yields an artefact that loads."""

import hashlib
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import pytest
from sklearn.exceptions import ConvergenceWarning

from moderation.scanning.classifying import SPECIFICATION, Classifier
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import fold
from moderation.scanning.scanner import Scanner
from moderation.training.corpus import (
    NATURAL,
    OWN,
    Example,
    read_corpus,
    read_own_examples,
    without_traces,
)
from moderation.training.fitting import Fitted, SecondStage, fit
from tests.moderation.scanning.builders import write_corpus, write_ruleset
from tests.moderation.training.second_stage import ShippedStage

THREAT, TALK = "i will kill you and your cat", "i will meet you and your cat for tea"
QUOTING = 'my boss wrote "i will kill you and your cat" to me'


@dataclass(frozen=True)
class Training:
    corpus: list[Example]
    matcher: Matcher
    stage: ShippedStage
    fitted: Fitted


def train(folder: Path) -> Training:
    stage, matcher = ShippedStage(), Matcher.load(write_ruleset(folder))
    second_stage: SecondStage = stage
    corpus = read_corpus(write_corpus(folder))
    corpus.append(Example(QUOTING, 0, "en", "test", "CC0", NATURAL, "background: talk"))
    with warnings.catch_warnings():
        # A dozen steps do not converge; what is tested here does not depend on how good the weights are.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted, _ = fit(corpus, matcher, second_stage, lambda line: None, iterations=12)
    return Training(corpus, matcher, stage, fitted)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Training:
    return train(tmp_path_factory.mktemp("corpus"))


def test_the_same_corpus_gives_the_same_artefact(trained: Training, tmp_path: Path) -> None:
    assert train(tmp_path).fitted == trained.fitted


def test_the_artefact_loads_and_tells_threats_from_talk(trained: Training, tmp_path: Path) -> None:
    trained.fitted.write(tmp_path / "model.npz")
    classifier = Classifier.load(tmp_path / "model.npz")
    threat, talk = classifier.first_logits([THREAT, TALK])
    assert threat > talk
    assert classifier.version == trained.fitted.manifest["sha256"]


def test_a_scanner_with_the_artefact_judges(trained: Training, tmp_path: Path) -> None:
    trained.fitted.write(tmp_path / "model.npz")
    scanner = Scanner(trained.matcher, Classifier.load(tmp_path / "model.npz"))
    threat, talk = scanner.scan([THREAT, TALK])
    assert threat.verdict == "hold"
    assert threat.score > talk.score


def test_the_manifest_is_complete(trained: Training) -> None:
    manifest = trained.fitted.manifest
    assert manifest["sha256"] == hashlib.sha256(trained.fitted.content).hexdigest()
    assert manifest["features"] == SPECIFICATION
    assert set(manifest["calibration"]) == set(LANGUAGES)
    assert manifest["calibrated_with_ruleset"] == trained.matcher.version
    assert manifest["criterion"]
    assert manifest["thresholds_version"]


def test_the_manifest_says_what_was_learned_from(trained: Training) -> None:
    learned = trained.fitted.manifest["learned_from"]["test"]
    assert learned["licence"] == "CC0"
    assert learned["texts"] == len(trained.corpus)
    assert learned["positives"] == sum(example.label for example in trained.corpus)


def test_the_manifest_is_written_as_text_that_reads_back(trained: Training, tmp_path: Path) -> None:
    trained.fitted.write(tmp_path / "model.npz")
    assert json.loads((tmp_path / "model.json").read_text()) == trained.fitted.manifest


def test_two_networks_calibrate_and_the_third_is_kept(trained: Training) -> None:
    *folds, kept = map(set, trained.stage.learned)
    assert len(folds) == 2
    assert folds[0] | folds[1] == kept


def test_no_network_scores_a_text_that_taught_it(trained: Training) -> None:
    """The scores of a fold are asked right after its network is tuned: whole texts, then their own words."""
    scored = trained.stage.scored[::2]
    for learned, texts in zip(trained.stage.learned, scored, strict=False):
        assert texts
        assert not set(learned) & set(texts)


def test_what_quotes_is_scored_without_its_quotation_as_well(trained: Training) -> None:
    assert any('my boss wrote "" to me' in texts for texts in trained.stage.scored[1::2])


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


def test_what_was_written_for_the_project_is_learned_from(tmp_path: Path) -> None:
    own = list(read_own_examples(Matcher.load(write_ruleset(tmp_path)).ruleset))
    assert {(one.text, one.label) for one in own} >= {("kill you", 1), ("never kill you", 0)}
    assert {one.lang for one in own} == set(LANGUAGES)
    assert {one.file for one in own} == {OWN}


def test_only_what_was_not_looked_for_is_background() -> None:
    def example(kind: str) -> Example:
        return Example("text", 0, "en", "test", "CC0", NATURAL, kind)

    assert example("background: talk").is_background
    assert example("nothing").is_background
    assert not example("violent").is_background
    assert not example("").is_background


def test_traces_of_collectors_are_removed() -> None:
    assert without_traces("[NAME] said hi |LBR| bye") == " @user  said hi   bye"
