"""Texts in, verdicts out: in order, explained, and held whenever a signal failed."""

import logging
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.scanner import (
    DEFAULT_MODEL,
    DEFAULT_RULESET,
    Scanner,
    ScannerNotReady,
    known_bad_digest,
)
from tests.moderation.scanning.builders import write_ruleset

SCANNER = Scanner.load()

HOSTILE = {
    "one long token": "k" * 100_000,
    "marks": "a" + "\u0301" * 10_000,
    "nested quotes": '"' * 50_000 + "kill you" + '"' * 50_000,
    "spelled out": "k " * 50_000,
    "leet": "k1" * 50_000,
    "excused phrases": "never kill the judge " * 5_000,
    "surrogates": "\ud800" * 10_000,
    "every script": "".join(map(chr, range(0x20, 0x3000))) * 8,
}


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
        "this deadline is killing me",
        "we will beat them on Saturday",
        "Police say the man threatened to kill two nurses, he was arrested on Monday",
        "ich könnte mich totlachen",
        "Mein Chef reißt mir den Kopf ab, wenn ich wieder zu spät komme",
        "I'd die for a good coffee right now",
        "Politiker gehören vor Gericht",
        "We demand a recount and a fair trial",
        "She killed it on stage tonight",
        "Wir schlagen Bayern am Samstag 3:0",
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
    bank = {known_bad_digest("See you at the old mill")}
    (verdict,) = SCANNER.scan(["SEE  you at the\u200b old mill"], known_bad=bank)
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


class _FailingClassifier(Classifier):
    def logits(self, plains):
        if any("poison" in plain for plain in plains):
            raise MemoryError
        return super().logits(plains)


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


def test_a_classifier_that_fails_holds_that_text_alone(quiet: pytest.LogCaptureFixture) -> None:
    scanner = Scanner(Matcher.load(DEFAULT_RULESET), _FailingClassifier.load(DEFAULT_MODEL))
    verdicts = scanner.scan(["good day", "poison", "good night"])
    assert [verdict.verdict for verdict in verdicts] == ["clear", "hold", "clear"]
    assert [reason.kind for reason in verdicts[1].reasons] == ["error"]
    assert "could not be classified" in quiet.text


def test_a_bank_that_fails_holds(quiet: pytest.LogCaptureFixture) -> None:
    class BrokenBank:
        def __contains__(self, digest: object) -> bool:
            raise ConnectionError

    (verdict,) = SCANNER.scan(["good day"], known_bad=BrokenBank())
    assert verdict.is_error
    assert verdict.verdict == "hold"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_gets_a_verdict(name: str) -> None:
    text = HOSTILE[name]
    (verdict,) = SCANNER.scan([text])
    assert verdict.verdict in {"clear", "hold"}
    assert not verdict.is_error
    assert all(0 <= reason.start <= reason.end <= len(text) for reason in verdict.reasons)


@given(st.lists(st.text(st.characters(), max_size=150), max_size=5))
@settings(max_examples=150, deadline=None)
def test_no_unicode_raises_and_every_reason_lies_in_its_text(texts: list[str]) -> None:
    for text, verdict in zip(texts, SCANNER.scan(texts), strict=True):
        assert not verdict.is_error
        assert 0 <= verdict.score <= 1
        assert all(0 <= reason.start <= reason.end <= len(text) for reason in verdict.reasons)


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
