"""A share that a sample estimates, with what the sample leaves open. Pure."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""Two-sided 95 % of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `count`, and the interval in which the true share lies 95 times of 100; shares are between 0 and 1."""

    hits: int
    count: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.hits / self.count if self.count else None


def estimate(hits: int, count: int) -> Share:
    """The share with Wilson's score interval, which holds for few hits and small samples too; of nothing, 0 to 1.

        (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212.
    """
    if count == 0:
        return Share(0, 0, 0.0, 1.0)
    share, square = hits / count, Z * Z
    centre = share + square / (2 * count)
    reach = Z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    scale = 1 + square / count
    return Share(hits, count, max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale))
