"""Two stages, one opinion a text: who is read by which, what counts, and which artefacts are refused."""

import hashlib
import itertools
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.scanning.classifying import Classifier, Question
from moderation.scanning.encoding import encoder_text
from moderation.scanning.hashing import CHARACTER_WINDOWS, WORD_WINDOWS, gate_text, hash_batch
from moderation.scanning.normalising import fold
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.scanner import DEFAULT_MODEL
from moderation.scanning.segmenting import SEGMENT, segments
from tests.moderation.scanning.stages import CALIBRATION, make_classifier, read_by_encoder

SHIPPED = Classifier.load(DEFAULT_MODEL)
THREAT, TALK = "i will kill you", "i will meet you for tea"
CALM = "we had a quiet walk by the river and fed the ducks. " * 20
plain_texts = st.text(max_size=120).map(fold)


def ask(plain: str, language: str = "en", **others: object) -> Question:
    return Question(plain, language, **others)  # type: ignore[arg-type]  # What a Question takes.


def test_a_text_that_the_first_stage_finds_harmless_is_not_read_again() -> None:
    classifier = make_classifier()
    (opinion,) = classifier.judge([ask(TALK)])
    assert opinion.stage == "linear"
    assert opinion.margin == -math.inf
    assert read_by_encoder(classifier) == []


def test_a_text_that_the_first_stage_suspects_is_judged_by_the_second() -> None:
    classifier = make_classifier(second=lambda piece: 1.5)
    (opinion,) = classifier.judge([ask(THREAT)])
    assert (opinion.stage, opinion.margin) == ("linear and encoder", 1.5 - CALIBRATION.threshold)
    assert read_by_encoder(classifier) == [THREAT]


def test_a_text_that_a_rule_hit_is_read_again_whatever_the_first_stage_says() -> None:
    classifier = make_classifier()
    (opinion,) = classifier.judge([ask(TALK, rules={"mid": 1.0})])
    assert opinion.stage == "linear and encoder"


def test_what_the_rules_found_makes_a_violation_likelier_and_moves_no_threshold() -> None:
    classifier = make_classifier()
    without, mid, high = classifier.judge(
        [ask(THREAT), ask(THREAT, rules={"mid": 1.0}), ask(THREAT, rules={"high": 1.0})]
    )
    assert without.probability < mid.probability < high.probability
    assert without.alone == mid.alone == high.alone
    assert without.margin == mid.margin == high.margin


def test_without_a_budget_left_the_stricter_threshold_judges() -> None:
    classifier = make_classifier(first=lambda piece: {THREAT: 3.0, "slit his throat": 5.0}[piece])
    under, over = classifier.judge([ask(THREAT), ask("slit his throat")], budget=0)
    assert (under.stage, over.stage) == ("over the cap", "over the cap")
    assert (under.margin, over.margin) == (
        3.0 - CALIBRATION.strict_threshold,
        5.0 - CALIBRATION.strict_threshold,
    )
    assert read_by_encoder(classifier) == []


def test_the_budget_goes_to_the_most_suspicious() -> None:
    classifier = make_classifier(first=float, second=float)
    opinions = classifier.judge([ask("1"), ask("3"), ask("-1"), ask("2")], budget=2)
    assert set(read_by_encoder(classifier)) == {"3", "2"}
    assert [opinion.stage for opinion in opinions] == [
        "over the cap",
        "linear and encoder",
        "linear",
        "linear and encoder",
    ]


@given(st.lists(st.floats(-9, 9), max_size=12), st.integers(0, 12))
def test_no_more_texts_are_read_again_than_the_budget_allows(firsts: list[float], budget: int) -> None:
    classifier = make_classifier(first=float, second=float)
    opinions = classifier.judge([ask(repr(first)) for first in firsts], budget=budget)
    suspected = sum(first >= CALIBRATION.gate for first in firsts)
    assert len(read_by_encoder(classifier)) == min(budget, suspected)
    assert len(opinions) == len(firsts)


def test_of_what_is_written_and_what_is_meant_the_more_violent_counts() -> None:
    classifier = make_classifier()
    disguised, open_threat = classifier.judge([ask("i will k i l l you", disguised=THREAT), ask(THREAT)])
    assert disguised.margin == open_threat.margin
    (harmless_disguise,) = classifier.judge([ask(THREAT, disguised=TALK)])
    assert harmless_disguise.margin == open_threat.margin


def test_a_threat_that_is_only_quoted_scores_lower_than_ones_own() -> None:
    quoted = ask(f'he wrote "{THREAT}" to me', unquoted='he wrote "" to me')
    cited, own = make_classifier().judge([quoted, ask(f"he wrote {THREAT} to me")])
    assert cited.probability < own.probability
    assert cited.margin < own.margin


def test_a_threat_beside_a_quotation_loses_nothing() -> None:
    beside, own = make_classifier().judge(
        [ask(f'"good morning all" {THREAT}', unquoted=f'"" {THREAT}'), ask(f"good morning all {THREAT}")]
    )
    assert beside.margin == own.margin


def test_a_quotation_never_makes_a_text_worse() -> None:
    calm_then_threat = ask(TALK, unquoted=THREAT, rules={"mid": 1.0})
    with_quotation, without = make_classifier().judge(
        [calm_then_threat, replace(calm_then_threat, unquoted=None)]
    )
    assert with_quotation.probability == without.probability


def test_hidden_typing_makes_a_text_more_suspicious() -> None:
    hidden, shown = make_classifier().judge([ask(THREAT, hidden=1.0), ask(THREAT)])
    assert hidden.margin > shown.margin


def test_of_a_long_text_the_second_stage_reads_the_worst_piece_with_and_without_quotations() -> None:
    classifier = make_classifier()
    plain = f"{CALM}{THREAT}. {CALM}".strip()
    classifier.judge([ask(plain, disguised=plain, unquoted=plain)])
    assert len(read_by_encoder(classifier)) == 2
    assert all(THREAT in piece and len(piece) <= SEGMENT for piece in read_by_encoder(classifier))


def test_each_language_has_its_own_calibration() -> None:
    calm = replace(CALIBRATION, gate=9.0)
    classifier = make_classifier()
    classifier.calibration = {"en": CALIBRATION, "de": calm}
    english, german = classifier.judge([ask(THREAT), ask(THREAT, "de")])
    assert (english.stage, german.stage) == ("linear and encoder", "linear")


def test_no_question_has_no_opinion() -> None:
    assert SHIPPED.judge([]) == []
    assert SHIPPED.first_logits([]).shape == (0,)


@given(st.lists(plain_texts, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_an_opinion_does_not_depend_on_the_rest_of_the_batch(plains: list[str]) -> None:
    questions = [ask(plain, rules={"mid": 1.0}) for plain in plains]
    assert SHIPPED.judge(questions) == [SHIPPED.judge([question])[0] for question in questions]


@given(st.lists(plain_texts, min_size=1, max_size=8))
@settings(max_examples=50)
def test_a_first_logit_does_not_depend_on_the_rest_of_the_batch(plains: list[str]) -> None:
    alone = [SHIPPED.first_logits([plain])[0] for plain in plains]
    assert np.allclose(SHIPPED.first_logits(plains), alone)


def test_both_stages_tell_a_threat_from_talk() -> None:
    threat, talk = SHIPPED.first_logits(["i will kill you and your family", TALK])
    assert threat > talk
    assert SHIPPED.encoder.logit("i will kill you and your family") > SHIPPED.encoder.logit(TALK)


@given(plain_texts)
@settings(deadline=None)
def test_the_highlight_lies_in_the_text(plain: str) -> None:
    start, end = SHIPPED.highlight(plain)
    assert 0 <= start <= end <= len(plain)


def test_the_highlight_finds_the_threat_in_a_long_text() -> None:
    plain = f"{CALM}i will kill you and your family. {CALM}".strip()
    start, end = SHIPPED.highlight(plain)
    assert "kill" in plain[start:end]


def test_a_threat_is_not_diluted_by_a_long_calm_text() -> None:
    threat = "i will kill you and your family, you filthy pig."
    diluted, calm = SHIPPED.first_logits([f"{CALM}{threat}", CALM])
    assert diluted > calm + 1


def test_whom_a_text_names_and_where_a_link_leads_does_not_matter_to_the_second_stage() -> None:
    assert encoder_text("@anna see https://a.example/kill") == encoder_text("@bob see https://b.example/")


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
    model.write_bytes(b"")
    _change_manifest(model, sha256=hashlib.sha256(b"").hexdigest())
    with pytest.raises(ScannerNotReady, match="refused"):
        Classifier.load(model)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("encoder", np.frombuffer(b"no network", dtype=np.uint8)),
        ("vocabulary", np.frombuffer(b"{}", dtype=np.uint8)),
        ("weights", np.zeros((2, 5), np.float16)),
        ("bias", np.float64(math.nan)),
    ],
)
def test_a_model_with_a_part_that_is_something_else_is_refused(
    model: Path, part: str, content: np.ndarray
) -> None:
    with np.load(model) as arrays:
        np.savez(model, **{**arrays, part: content})
    _change_manifest(model, sha256=hashlib.sha256(model.read_bytes()).hexdigest())
    with pytest.raises(ScannerNotReady, match="refused"):
        Classifier.load(model)


def test_a_model_without_a_second_stage_is_refused(model: Path) -> None:
    with np.load(model) as arrays:
        np.savez(model, weights=arrays["weights"], bias=arrays["bias"])
    _change_manifest(model, sha256=hashlib.sha256(model.read_bytes()).hexdigest())
    with pytest.raises(ScannerNotReady, match="refused"):
        Classifier.load(model)


def test_a_model_without_its_manifest_is_refused(model: Path) -> None:
    model.with_suffix(".json").unlink()
    with pytest.raises(ScannerNotReady, match="cannot be read"):
        Classifier.load(model)


@pytest.mark.parametrize("content", ["{", "[]", "null", "{}"])
def test_a_manifest_that_is_none_is_refused(model: Path, content: str) -> None:
    model.with_suffix(".json").write_text(content)
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
