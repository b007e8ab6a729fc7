"""Quantiles of durations from counts in buckets of growing width, so that days, and lanes, can be added up. Pure.

Bucket i holds what is longer than g^(i-1) seconds and at most g^i, with g = (1 + e) / (1 - e); its middle 2g^i / (g + 1) is off by at
most the share e of whatever lies in it. C. Masson, J. E. Rim and H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch
with relative-error guarantees", PVLDB 12 (2019), 2195-2205.
"""

from collections.abc import Mapping

ERROR = 0.05
"""A quantile is off by at most 5 %: 15 minutes may be told as 14:15 or 15:45."""
GROWTH = (1 + ERROR) / (1 - ERROR)
SHORTEST = 1.0
"""Seconds; everything shorter counts as one second, in bucket 0."""


def quantile(buckets: Mapping[int, int], q: float) -> float | None:
    """The seconds below which the share `q` of all durations lies, from the number in each bucket; None without any.

    Of n durations in order it is the one in place 1 + floor(q (n - 1)), as in the paper.
    """
    total = sum(buckets.values())
    if not total:
        return None
    place, passed = 1 + int(q * (total - 1)), 0
    for bucket in sorted(buckets):
        passed += buckets[bucket]
        if passed >= place:
            return middle(bucket)
    raise AssertionError("The buckets hold fewer than they hold.")


def middle(bucket: int) -> float:
    """The seconds that stand for a bucket."""
    return SHORTEST if bucket == 0 else 2 * GROWTH**bucket / (GROWTH + 1)
