"""Texts in, verdicts out: in order, explained, and held whenever a signal failed."""

import logging
import math
from dataclasses import replace
from pathlib import Path

import pytest

from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.scanner import (
    DEFAULT_MODEL,
    Scanner,
    ScannerNotReady,
    known_bad_digest,
)
from tests.moderation.scanning.builders import write_ruleset
from tests.moderation.scanning.stages import (
    CALIBRATION,
    NO_RULES,
    Answer,
    by_word,
    make_classifier,
    read_by_encoder,
)

SCANNER = Scanner.load()


def test_a_threat_is_held_with_class_and_reasons() -> None:
    text = "Morning. I will find you and kill you"
    (verdict,) = SCANNER.scan([text])
    assert (verdict.verdict, verdict.klass, verdict.severity) == ("hold", "V3", "high")
    assert verdict.score > 0.2
    assert any(
        "kill you" in text[reason.start : reason.end] for reason in verdict.reasons if reason.kind == "rule"
    )
    assert not verdict.is_error


def test_small_talk_is_cleared_without_class_or_reasons() -> None:
    (verdict,) = SCANNER.scan(["Good morning, what a lovely day for a walk"])
    assert (verdict.verdict, verdict.klass, verdict.severity, verdict.reasons) == ("clear", "", "", ())
    assert 0 <= verdict.score < 0.01


@pytest.mark.parametrize(
    "text",
    [
        "good morning everybody",
        "The bread is out of the oven and smells wonderful",
        "Does anybody know a good bicycle shop in town?",
        "Guten Morgen, ich freue mich auf das Wochenende",
        "Wir gehen heute mit den Kindern in den Zoo",
        "Danke für das Rezept, der Kuchen war sehr lecker",
        "",
        "   ",
        "\u200b",
    ],
)
def test_harmless_talk_is_cleared(text: str) -> None:
    assert SCANNER.scan([text])[0].verdict == "clear"


@pytest.mark.parametrize(
    "text",
    [
        "ich bring dich um",
        "Hängt die Verräter",
        "man sollte sie alle abknallen",
        "Hang Mike Pence",
        "i will find you and k.i.l.l you",
        "someone should put a bullet in his head",
        "bring your guns to the capitol tomorrow",
    ],
)
def test_calls_and_threats_are_held(text: str) -> None:
    assert SCANNER.scan([text])[0].verdict == "hold"


def test_order_is_kept_and_a_batch_changes_nothing() -> None:
    texts = [f"text number {n}" if n % 3 else f"i will kill you {n}" for n in range(40)]
    together = SCANNER.scan(texts)
    assert [verdict.verdict for verdict in together] == ["clear" if n % 3 else "hold" for n in range(40)]
    alone = [SCANNER.scan([text])[0] for text in texts]
    assert [verdict.verdict for verdict in alone] == [verdict.verdict for verdict in together]
    assert [verdict.score for verdict in alone] == pytest.approx([verdict.score for verdict in together])


def test_no_texts_have_no_verdicts() -> None:
    assert SCANNER.scan([]) == []


def test_a_copy_of_removed_content_is_held_whatever_its_case_and_spacing() -> None:
    bank = {known_bad_digest("The bread is out of the oven")}
    (verdict,) = SCANNER.scan(["THE  bread is out\u200b of the oven"], known_bad=bank)
    assert verdict.verdict == "hold"
    assert [reason.kind for reason in verdict.reasons] == ["known_bad"]


def test_a_text_of_nothing_is_no_copy_of_another_text_of_nothing() -> None:
    assert SCANNER.scan(["\u200b"], known_bad={known_bad_digest("\u00ad")})[0].verdict == "clear"


def test_the_verdict_names_what_reproduces_it() -> None:
    (verdict,) = SCANNER.scan(["hello"])
    assert (verdict.ruleset, verdict.model, verdict.thresholds) == (
        SCANNER.ruleset_version,
        SCANNER.model_version,
        SCANNER.thresholds_version,
    )
    assert len(verdict.model) == 64


class _FailingMatcher(Matcher):
    """A matcher that breaks on one text, as one that is starved of memory would."""

    def find(self, views):
        if "poison" in views.plain:
            raise MemoryError
        return super().find(views)


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.ERROR)
    return caplog


def test_a_rule_stage_that_fails_holds_that_text_alone(
    tmp_path: Path, quiet: pytest.LogCaptureFixture
) -> None:
    matcher = _FailingMatcher.load(write_ruleset(tmp_path))
    verdicts = Scanner(matcher, Classifier.load(DEFAULT_MODEL)).scan(["good day", "poison", "good night"])
    assert [verdict.verdict for verdict in verdicts] == ["clear", "hold", "clear"]
    assert verdicts[1].is_error
    assert verdicts[1].klass
    assert "could not be scanned" in quiet.text


def _raising(piece: str) -> float:
    if "poison" in piece:
        raise MemoryError
    return by_word(piece)


def _not_finite(figure: float) -> Answer:
    return lambda piece: figure if "poison" in piece else by_word(piece)


BROKEN = {
    "raises": _raising,
    "is not a number": _not_finite(math.nan),
    "is infinite": _not_finite(math.inf),
    "is infinitely harmless": _not_finite(-math.inf),
}
NEIGHBOURS = ["good day", "i will kill the poison", "i will kill you", "good night"]


@pytest.mark.parametrize("stage", ["first", "second"])
@pytest.mark.parametrize("fault", BROKEN)
def test_a_stage_that_fails_holds_that_text_alone(
    stage: str, fault: str, quiet: pytest.LogCaptureFixture
) -> None:
    answers = {"first": by_word, "second": by_word, stage: BROKEN[fault]}
    scanner = Scanner(NO_RULES, make_classifier(first=answers["first"], second=answers["second"]))
    verdicts = scanner.scan(NEIGHBOURS)
    assert [verdict.verdict for verdict in verdicts] == ["clear", "hold", "hold", "clear"]
    assert [reason.kind for reason in verdicts[1].reasons] == ["error"]
    assert [verdict.is_error for verdict in verdicts] == [False, True, False, False]
    assert 0 <= verdicts[1].score <= 1
    assert "could not be classified" in quiet.text


@pytest.mark.parametrize("fault", BROKEN)
def test_the_neighbours_of_a_text_that_fails_are_judged_as_without_it(
    fault: str, quiet: pytest.LogCaptureFixture
) -> None:
    verdicts = Scanner(NO_RULES, make_classifier(second=BROKEN[fault])).scan(NEIGHBOURS)
    without = Scanner(NO_RULES, make_classifier()).scan([text for text in NEIGHBOURS if "poison" not in text])
    assert [verdicts[0], *verdicts[2:]] == without


def test_a_budget_holds_for_the_neighbours_of_a_text_that_fails(quiet: pytest.LogCaptureFixture) -> None:
    classifier = make_classifier(first=BROKEN["raises"])
    Scanner(NO_RULES, classifier).scan(NEIGHBOURS, budget=0)
    assert read_by_encoder(classifier) == []


def test_a_text_over_the_budget_is_judged_by_the_strict_threshold() -> None:
    scanner = Scanner(
        NO_RULES, make_classifier(first=lambda piece: {"bad": 3.0, "worse": 5.0}.get(piece, -5.0))
    )
    verdicts = scanner.scan(["bad", "worse", "good"], budget=0)
    assert [verdict.verdict for verdict in verdicts] == ["clear", "hold", "clear"]
    assert [verdict.stage for verdict in verdicts] == ["over the cap", "over the cap", "linear"]
    assert [reason.name for reason in verdicts[1].reasons] == ["over the cap"]


def test_what_a_rule_holds_stays_held_over_the_budget(tmp_path: Path) -> None:
    scanner = Scanner(Matcher.load(write_ruleset(tmp_path)), make_classifier(first=lambda piece: -5.0))
    (verdict,) = scanner.scan(["i kill you"], budget=0)
    assert (verdict.verdict, verdict.stage) == ("hold", "over the cap")


def test_a_verdict_says_when_where_and_against_whom() -> None:
    (verdict,) = SCANNER.scan(["Tonight outside the town hall I will kill you"])
    assert (verdict.verdict, verdict.imminence) == ("hold", "time and place")
    assert verdict.target == "person"


def test_a_threat_in_quotation_marks_scores_lower_than_ones_own() -> None:
    scanner = Scanner(NO_RULES, make_classifier())
    cited, block, own = scanner.scan(
        ['he wrote "i will kill you"', "he wrote\n> i will kill you", "he wrote i will kill you"]
    )
    assert cited.score < own.score
    assert block.score < own.score


def test_without_a_weight_for_quotations_a_quoted_threat_scores_as_ones_own() -> None:
    unmoved = replace(CALIBRATION, both={**CALIBRATION.both, "quoted": 0.0})
    cited, own = Scanner(NO_RULES, make_classifier(calibration=unmoved)).scan(
        ['he wrote "i will kill you"', "he wrote i will kill you"]
    )
    assert cited.score == own.score


@pytest.mark.parametrize(
    "text", ["i will k i l l you", "i will k1ll you", "i will кіll you", "\u202euoy llik lliw i"]
)
def test_a_disguised_threat_scores_as_an_open_one_or_higher(text: str) -> None:
    disguised, open_threat = Scanner(NO_RULES, make_classifier()).scan([text, "i will kill you"])
    assert disguised.verdict == open_threat.verdict == "hold"
    assert disguised.score >= open_threat.score


def test_a_bank_that_fails_holds(quiet: pytest.LogCaptureFixture) -> None:
    class BrokenBank:
        def __contains__(self, digest: object) -> bool:
            raise ConnectionError

    (verdict,) = SCANNER.scan(["good day"], known_bad=BrokenBank())
    assert verdict.is_error
    assert verdict.verdict == "hold"


def test_a_missing_ruleset_leaves_the_scanner_not_ready(tmp_path: Path) -> None:
    with pytest.raises(ScannerNotReady, match=r"absent\.toml"):
        Scanner.load(ruleset_path=tmp_path / "absent.toml")


def test_a_missing_model_leaves_the_scanner_not_ready(tmp_path: Path) -> None:
    with pytest.raises(ScannerNotReady, match=r"absent\.npz"):
        Scanner.load(model_path=tmp_path / "absent.npz")


def test_a_language_that_is_not_calibrated_is_judged_by_its_words() -> None:
    given_none, given_other = (
        SCANNER.scan(["guten Morgen, wie geht es dir"], langs=[lang])[0] for lang in (None, "fr")
    )
    assert given_none == given_other
