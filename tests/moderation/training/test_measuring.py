"""Figures mean what their names say."""

import math

import numpy as np
import pytest

from moderation.training.measuring import (
    average_precision,
    average_precision_interval,
    measure,
    reliability,
    share,
)


def test_a_perfect_ranking_has_average_precision_one() -> None:
    assert average_precision(np.array([1.0, 1.0, 0.0]), np.array([0.9, 0.8, 0.1])) == 1.0


def test_ties_count_as_one_step() -> None:
    assert average_precision(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == 0.5


def test_average_precision_follows_its_definition() -> None:
    labels, scores = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.9, 0.8, 0.7, 0.1])
    assert average_precision(labels, scores) == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_nothing_to_find_is_not_a_number() -> None:
    assert math.isnan(average_precision(np.zeros(3), np.arange(3.0)))
    assert math.isnan(share(0, 0).value)
    assert str(share(0, 0)) == "–"


def test_an_interval_holds_its_value() -> None:
    generator = np.random.default_rng(1)
    labels = (generator.random(200) < 0.2).astype(np.float64)
    estimate = average_precision_interval(labels, labels + generator.normal(size=200))
    assert estimate.low <= estimate.value <= estimate.high


def test_recall_precision_and_false_holds_are_counted() -> None:
    figures = measure([1, 1, 0, 0], [True, False, True, False], [0.9, 0.2, 0.8, 0.1])
    assert figures.recall.value == 0.5
    assert figures.precision.value == 0.5
    assert figures.false_holds_per_1000.value == 500


def test_reliability_sorts_scores_into_bins() -> None:
    first, last = reliability([0, 0, 1], [0.0005, 0.0001, 0.99])
    assert (first.texts, first.positive_share.value) == (2, 0)
    assert (last.texts, last.positive_share.value) == (1, 1)
