"""A model that is worse on anything that is measured is not promoted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from moderation.scanning.scanner import Scanner
from moderation.training.corpus import NATURAL, Example
from moderation.training.promoting import TOLERANCE, Gate, compare, evaluate
from tests.moderation.scanning.stages import CALIBRATION, NO_RULES, make_classifier

THREATS = [f"i will kill you, {n}" for n in range(10)]
TALK = [f"i will meet you at {n}" for n in range(40)]
EXAMPLES = [Example(text, 1, "en", "test", "CC0", NATURAL) for text in THREATS]
EXAMPLES += [Example(text, 0, "en", "test", "CC0", NATURAL) for text in TALK]


def make_scanner(*, gate: float = -9.0, threshold: float = 2.0) -> Scanner:
    """Threats have the logit 3, talk has -5."""
    return Scanner(
        NO_RULES, make_classifier(calibration=replace(CALIBRATION, gate=gate, threshold=threshold))
    )


def compared(current: Scanner, candidate: Scanner, sets: Mapping[str, Sequence[Example]]) -> list[Gate]:
    return compare(evaluate(current, sets), evaluate(candidate, sets))


def failed(current: Scanner, candidate: Scanner) -> list[tuple[str, str]]:
    gates = compared(current, candidate, {"set": EXAMPLES})
    return [(gate.name, gate.figure) for gate in gates if not gate.is_passed]


def test_a_model_as_good_as_the_one_in_use_is_promoted() -> None:
    assert failed(make_scanner(), make_scanner()) == []


def test_a_model_that_misses_threats_is_refused() -> None:
    assert failed(make_scanner(), make_scanner(threshold=4.0)) == [("set, en", "recall")]


def test_a_model_that_holds_talk_is_refused() -> None:
    assert failed(make_scanner(), make_scanner(threshold=-6.0)) == [("set, en", "false holds per 1,000")]


def test_a_model_that_ranks_worse_is_refused() -> None:
    blind = Scanner(NO_RULES, make_classifier(first=lambda piece: 3.0, second=lambda piece: 3.0))
    assert ("set, en", "AUPRC") in failed(make_scanner(), blind)


def test_a_better_model_is_promoted() -> None:
    assert failed(make_scanner(threshold=4.0), make_scanner()) == []
    assert failed(make_scanner(threshold=-6.0), make_scanner()) == []


def test_each_language_of_each_set_is_a_gate_of_its_own() -> None:
    german = [replace(example, lang="de") for example in EXAMPLES]
    evaluation = evaluate(make_scanner(), {"a": EXAMPLES + german, "b": german})
    assert {gate.name for gate in compare(evaluation, evaluation)} == {"a, en", "a, de", "b, de"}


def test_where_nothing_is_violent_only_needless_holds_are_compared() -> None:
    gates = compared(make_scanner(), make_scanner(), {"set": EXAMPLES[10:]})
    assert [gate.figure for gate in gates] == ["false holds per 1,000"]


def test_where_everything_is_violent_only_recall_is_compared() -> None:
    gates = compared(make_scanner(), make_scanner(), {"set": EXAMPLES[:10]})
    assert [gate.figure for gate in gates] == ["recall"]


def test_an_empty_set_has_no_gates() -> None:
    assert compared(make_scanner(), make_scanner(), {"set": []}) == []


@pytest.mark.parametrize("figure", TOLERANCE)
def test_noise_between_two_trainings_is_tolerated_and_more_is_not(figure: str) -> None:
    worse = -1 if figure != "false holds per 1,000" else 1
    within, beyond = (0.9 * TOLERANCE[figure] * worse, 1.1 * TOLERANCE[figure] * worse)
    assert Gate("set", figure, 0.5, 0.5 + within).is_passed
    assert not Gate("set", figure, 0.5, 0.5 + beyond).is_passed
    assert Gate("set", figure, 0.5, 0.5 - 10 * beyond).is_passed
