"""Any reason holds, no reason clears, and circumstances only ever make the scanner more careful."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.scanning.matching import Hit
from moderation.scanning.policy import (
    NO_CIRCUMSTANCES,
    Circumstances,
    Findings,
    Reason,
    Versions,
    judge,
    worst_severity,
)
from moderation.scanning.rulesets import Rule
from moderation.scanning.scanner import Scanner
from tests.moderation.scanning.stages import NO_RULES, make_classifier

VERSIONS = Versions("rules", "model", "thresholds")
CLASSIFIED = Reason("classifier", "linear and encoder", 0, 4, 0.9)
EVERY_CIRCUMSTANCE = [
    Circumstances(is_new_account=new, is_heated_thread=heated)
    for new, heated in itertools.product([False, True], repeat=2)
]


def hit(klass: str, severity: str) -> Hit:
    return Hit(Rule(klass, klass, severity, "en", "plain", "x", (), (), (), ()), 0, 4, ())


def findings(plain: str = "text", *, hits: tuple[Hit, ...] = (), probability: float = 0.3) -> Findings:
    reasons = [Reason("rule", one.rule.name, 0, 4, 1.0) for one in hits] or [CLASSIFIED]
    return Findings(plain, hits, probability, tuple(reasons))


def test_without_a_reason_a_text_is_cleared() -> None:
    verdict = judge(Findings("text", (), 0.9, ()), VERSIONS)
    assert (verdict.verdict, verdict.klass, verdict.severity, verdict.score) == ("clear", "", "", 0.9)


@pytest.mark.parametrize("kind", ["rule", "known_bad", "classifier", "error"])
def test_a_reason_of_any_kind_holds(kind: str) -> None:
    reason = Reason(kind, "name", 0, 4, 0.0)  # type: ignore[arg-type]  # The four kinds, one by one.
    verdict = judge(Findings("text", (), 0.0, (reason,)), VERSIONS)
    assert verdict.verdict == "hold"
    assert verdict.klass
    assert verdict.severity
    assert verdict.is_error == (kind == "error")


def test_of_several_rules_the_most_specific_of_the_worst_names_the_class() -> None:
    verdict = judge(findings(hits=(hit("V1", "high"), hit("V12", "high"), hit("V11", "mid"))), VERSIONS)
    assert (verdict.klass, verdict.severity) == ("V12", "high")


def test_the_worst_severity_counts() -> None:
    assert worst_severity([]) == ""
    assert worst_severity([hit("V6", "mid")]) == "mid"
    assert worst_severity([hit("V6", "mid"), hit("V1", "high")]) == "high"


@pytest.mark.parametrize(
    ("plain", "klass"),
    [
        ("they stole the election, make them pay", "V12"),
        ("i hope you burn", "V6"),
        ("if you come here i will hurt you", "V4"),
        ("ich finde dich", "V3"),
        ("all muslims out, by force", "V2"),
        ("make them bleed", "V1"),
    ],
)
def test_what_only_the_classifier_holds_is_sorted_by_its_words(plain: str, klass: str) -> None:
    assert judge(findings(plain), VERSIONS).klass == klass


def test_what_only_the_classifier_holds_is_severe_when_it_is_likely() -> None:
    assert judge(findings(probability=0.5), VERSIONS).severity == "high"
    assert judge(findings(probability=0.49), VERSIONS).severity == "mid"


def test_a_copy_of_a_removed_text_is_severe() -> None:
    reason = Reason("known_bad", "exact copy", 0, 4, 1.0)
    assert judge(Findings("text", (), 0.1, (reason,)), VERSIONS).severity == "high"


def test_caution_grows_with_every_circumstance_and_is_never_negative() -> None:
    calm, heated, new, both = (one.caution for one in EVERY_CIRCUMSTANCE)
    assert calm == NO_CIRCUMSTANCES.caution == 0
    assert 0 < min(heated, new) <= max(heated, new) < both


@given(st.floats(-10, 10), st.floats(-10, 10), st.sampled_from([None, 0]))
def test_what_is_held_in_calm_is_held_in_any_circumstances(
    first: float, second: float, budget: int | None
) -> None:
    scanner = Scanner(NO_RULES, make_classifier(first=lambda piece: first, second=lambda piece: second))
    calm, *others = scanner.scan(["text"] * 4, circumstances=EVERY_CIRCUMSTANCE, budget=budget)
    assert calm.verdict == "clear" or all(verdict.verdict == "hold" for verdict in others)
    assert {verdict.score for verdict in others} == {calm.score}


def test_circumstances_hold_what_was_nearly_held() -> None:
    scanner = Scanner(NO_RULES, make_classifier(first=lambda piece: 1.0, second=lambda piece: 1.8))
    verdicts = scanner.scan(["text"] * 4, circumstances=EVERY_CIRCUMSTANCE)
    assert [verdict.verdict for verdict in verdicts] == ["clear", "hold", "hold", "hold"]
