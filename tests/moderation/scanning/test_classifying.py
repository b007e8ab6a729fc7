"""The classifier scores each text by itself, and refuses an artefact that does not fit."""

import itertools
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.scanning.classifying import SEGMENT, Classifier, segments
from moderation.scanning.hashing import CHARACTER_WINDOWS, WORD_WINDOWS, gate_text, hash_batch
from moderation.scanning.normalising import fold
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.scanner import DEFAULT_MODEL

CLASSIFIER = Classifier.load(DEFAULT_MODEL)
plain_texts = st.text(max_size=120).map(fold)


@given(st.lists(plain_texts, min_size=1, max_size=8))
@settings(max_examples=50)
def test_a_score_does_not_depend_on_the_rest_of_the_batch(plains: list[str]) -> None:
    together = CLASSIFIER.logits(plains)
    alone = [CLASSIFIER.logits([plain])[0] for plain in plains]
    assert np.allclose(together, alone)


def test_an_empty_batch_has_no_scores() -> None:
    assert CLASSIFIER.logits([]).shape == (0,)


@given(plain_texts)
def test_the_highlight_lies_in_the_text(plain: str) -> None:
    start, end = CLASSIFIER.highlight(plain)
    assert 0 <= start <= end <= len(plain)


def test_the_highlight_finds_the_threat_in_a_long_text() -> None:
    calm = "we had a quiet walk by the river and fed the ducks. " * 20
    plain = f"{calm}i will kill you and your family. {calm}".strip()
    start, end = CLASSIFIER.highlight(plain)
    assert "kill" in plain[start:end]


def test_a_threat_is_not_diluted_by_a_long_calm_text() -> None:
    calm = "we had a quiet walk by the river and fed the ducks. " * 20
    threat = "i will kill you and your family, you filthy pig."
    assert CLASSIFIER.logits([f"{calm}{threat}"])[0] > CLASSIFIER.logits([calm])[0] + 1


@given(st.text(st.sampled_from("ab. !?,"), max_size=3000))
def test_segments_cover_a_text_without_gaps(plain: str) -> None:
    spans = segments(plain)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(plain)
    assert all(left[1] == right[0] for left, right in itertools.pairwise(spans))
    assert all(end - start <= SEGMENT for start, end in spans)
    assert len(spans) <= 1 + len(plain) // (SEGMENT // 3)


@pytest.mark.parametrize(
    "plain", ["x" * 100_000, "a " * 50_000, '"' * 100_000, "@" * 100_000, "http" * 25_000]
)
def test_the_work_for_a_hostile_text_grows_with_its_length_only(plain: str) -> None:
    words, characters = hash_batch([gate_text(plain)])
    length = len(gate_text(plain))
    assert len(characters.buckets) <= len(CHARACTER_WINDOWS) * length
    assert len(words.buckets) <= len(WORD_WINDOWS) * length


def test_no_window_reaches_into_the_next_text() -> None:
    apart = [hash_batch([gate_text(text)])[0].buckets for text in ("one two", "three")]
    together = hash_batch([gate_text("one two"), gate_text("three")])[0].buckets
    assert sorted(together) == sorted(np.concatenate(apart))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    for suffix in (".npz", ".json"):
        shutil.copy(DEFAULT_MODEL.with_suffix(suffix), tmp_path / f"model{suffix}")
    return tmp_path / "model.npz"


def test_a_missing_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ScannerNotReady, match=r"nothing\.npz"):
        Classifier.load(tmp_path / "nothing.npz")


@pytest.mark.parametrize("kept", [0, 1, 1000, -1])
def test_a_truncated_model_is_refused(model: Path, kept: int) -> None:
    model.write_bytes(model.read_bytes()[:kept])
    with pytest.raises(ScannerNotReady, match="sha256"):
        Classifier.load(model)


def test_a_corrupt_model_with_a_matching_digest_is_refused(model: Path) -> None:
    import_digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    model.write_bytes(b"")
    _change_manifest(model, sha256=import_digest)
    with pytest.raises(ScannerNotReady, match="refused"):
        Classifier.load(model)


def test_a_model_without_its_manifest_is_refused(model: Path) -> None:
    model.with_suffix(".json").unlink()
    with pytest.raises(ScannerNotReady, match="cannot be read"):
        Classifier.load(model)


def test_a_manifest_that_is_no_json_is_refused(model: Path) -> None:
    model.with_suffix(".json").write_text("{")
    with pytest.raises(ScannerNotReady, match="refused"):
        Classifier.load(model)


def test_thresholds_changed_by_hand_are_refused(model: Path) -> None:
    calibration = json.loads(model.with_suffix(".json").read_text())["calibration"]
    calibration["en"]["threshold"] = 99.0
    _change_manifest(model, calibration=calibration)
    with pytest.raises(ScannerNotReady, match="thresholds"):
        Classifier.load(model)


def test_a_model_for_other_features_is_refused(model: Path) -> None:
    _change_manifest(model, features={"version": 0})
    with pytest.raises(ScannerNotReady, match="other features"):
        Classifier.load(model)


def _change_manifest(model: Path, **changes: object) -> None:
    manifest = json.loads(model.with_suffix(".json").read_text())
    model.with_suffix(".json").write_text(json.dumps({**manifest, **changes}))
