"""Signals become one probability, and an incomplete calibration is refused."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.scanning.calibrating import logistic, read_calibration, thresholds_version
from tests.moderation.scanning.stages import CALIBRATION

finite = st.floats(allow_nan=False, allow_infinity=False)


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "gate": -4.0,
        "both": {"intercept": -1.0, "first": 0.5, "second": 0.75},
        "first_alone": {"intercept": -2.0, "first": 1.0},
        "threshold": -3.0,
        "strict_threshold": -2.0,
        **changes,
    }


@given(finite)
def test_a_probability_is_finite_and_lies_between_none_and_one(exponent: float) -> None:
    assert 0 <= logistic(exponent) <= 1


@given(finite, finite)
def test_more_log_odds_are_never_less_probable(left: float, right: float) -> None:
    assert logistic(min(left, right)) <= logistic(max(left, right))


def test_even_odds_are_one_half() -> None:
    assert logistic(0.0) == 0.5


def test_what_is_not_a_number_has_no_probability() -> None:
    assert math.isnan(logistic(math.nan))


def test_texts_that_both_stages_read_are_combined_by_their_own_weights() -> None:
    calibration = read_calibration(entry())
    assert calibration.combined({"first": 2.0, "second": 4.0}) == -1.0 + 1.0 + 3.0
    assert calibration.combined({"first": 2.0}) == -2.0 + 2.0


def test_a_signal_without_a_weight_counts_nothing() -> None:
    calibration = read_calibration(entry())
    assert calibration.combined({"first": 2.0, "quoted": 9.0}) == calibration.combined({"first": 2.0})


def test_every_figure_lands_where_it_belongs() -> None:
    calibration = read_calibration(entry())
    assert (calibration.gate, calibration.threshold, calibration.strict_threshold) == (-4.0, -3.0, -2.0)


@pytest.mark.parametrize("missing", ["gate", "both", "first_alone", "threshold", "strict_threshold"])
def test_an_entry_that_lacks_a_part_is_refused(missing: str) -> None:
    incomplete = {name: value for name, value in entry().items() if name != missing}
    with pytest.raises(KeyError, match=missing):
        read_calibration(incomplete)


@pytest.mark.parametrize("part", ["both", "first_alone"])
def test_an_entry_without_an_intercept_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="intercept"):
        read_calibration(entry(**{part: {"first": 1.0}}))


@pytest.mark.parametrize(
    "changes",
    [
        {"gate": math.nan},
        {"threshold": math.inf},
        {"strict_threshold": -math.inf},
        {"both": {"intercept": 0.0, "second": math.nan}},
        {"first_alone": {"intercept": math.inf}},
    ],
)
def test_an_entry_that_is_not_finite_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not finite"):
        read_calibration(entry(**changes))


def test_the_version_changes_with_every_figure_and_not_with_their_order() -> None:
    one = {"en": entry(), "de": entry()}
    assert thresholds_version(one) == thresholds_version(dict(reversed(one.items())))
    assert thresholds_version(one) != thresholds_version({**one, "de": entry(threshold=-3.1)})


def test_a_negative_weight_for_quotations_lowers_the_log_odds() -> None:
    signals = {"first": 1.0, "second": 3.0}
    assert CALIBRATION.combined({**signals, "quoted": 2.0}) < CALIBRATION.combined(signals)
