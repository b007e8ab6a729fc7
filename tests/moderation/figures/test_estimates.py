"""Kappa, intervals and quantiles against values that others computed, or that can be computed by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.figures import sketching
from moderation.figures.agreeing import agree
from moderation.figures.estimating import estimate


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilsons_interval_is_what_newcombe_published(hits, count, low, high):
    share = estimate(hits, count)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)
    assert share.value == hits / count


def test_of_an_empty_sample_nothing_is_known():
    share = estimate(0, 0)
    assert (share.value, share.low, share.high) == (None, 0.0, 1.0)


def test_kappa_is_what_stands_in_the_textbook():
    """J. L. Fleiss, B. Levin and M. C. Paik, "Statistical Methods for Rates and Proportions" (2003), tables 18.3 and 18.4: 0.68, 0.087."""
    found = agree(
        {
            ("psychotic", "psychotic"): 75,
            ("psychotic", "neurotic"): 1,
            ("psychotic", "organic"): 4,
            ("neurotic", "psychotic"): 5,
            ("neurotic", "neurotic"): 4,
            ("neurotic", "organic"): 1,
            ("organic", "organic"): 10,
        }
    )
    assert found.kappa == pytest.approx((0.89 - 0.66) / (1 - 0.66))
    assert found.kappa is not None
    assert found.low is not None
    assert (found.kappa - found.low) / 1.959964 == pytest.approx(0.087, abs=0.001)
    assert (found.pairs, found.same) == (100, 89)


def test_kappa_by_hand():
    """35 of 50 are the same; chance gives 0.5 * 0.6 + 0.5 * 0.4 = 0.5: (0.7 - 0.5) / (1 - 0.5) = 0.4."""
    found = agree(
        {
            ("clear", "clear"): 20,
            ("clear", "take_down"): 5,
            ("take_down", "clear"): 10,
            ("take_down", "take_down"): 15,
        }
    )
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.parametrize("table", [{}, {("clear", "clear"): 12}])
def test_there_is_no_kappa_where_chance_explains_everything(table):
    found = agree(table)
    assert (found.kappa, found.low, found.high) == (None, None, None)
    assert found.pairs == sum(table.values())


def find_bucket(seconds: float) -> int:
    return max(0, math.ceil(math.log(max(seconds, 1.0)) / math.log(sketching.GROWTH)))


def test_a_quantile_is_the_one_in_its_place():
    """Of ten durations the median is in place 1 + floor(0.5 * 9) = 5, and the 95 % quantile in place 1 + floor(8.55) = 9."""
    buckets: dict[int, int] = {}
    for seconds in (30, 60, 90, 120, 600, 700, 800, 900, 3600, 86400):
        buckets[find_bucket(seconds)] = buckets.get(find_bucket(seconds), 0) + 1
    assert sketching.quantile(buckets, 0.5) == pytest.approx(600, rel=sketching.ERROR)
    assert sketching.quantile(buckets, 0.95) == pytest.approx(3600, rel=sketching.ERROR)
    assert sketching.quantile({}, 0.5) is None


@given(st.lists(st.floats(min_value=1, max_value=3e7), min_size=1), st.sampled_from([0.0, 0.5, 0.95, 1.0]))
def test_no_quantile_is_off_by_more_than_its_error(durations, q):
    buckets: dict[int, int] = {}
    for seconds in durations:
        buckets[find_bucket(seconds)] = buckets.get(find_bucket(seconds), 0) + 1
    exact = sorted(durations)[int(q * (len(durations) - 1))]
    assert sketching.quantile(buckets, q) == pytest.approx(exact, rel=sketching.ERROR + 1e-9)
