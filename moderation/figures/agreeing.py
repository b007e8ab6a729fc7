"""How far two people who judge the same cases agree beyond chance: Cohen's kappa. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from moderation.figures.estimating import Z


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kappa is 1 for full agreement and 0 for what chance alone gives; `low` and `high` are its 95 % interval.

    Without a kappa there is nothing to compute it from: no pairs, or one verdict that both always give.
    """

    pairs: int
    same: int
    kappa: float | None
    low: float | None
    high: float | None


def agree(table: Mapping[tuple[str, str], int]) -> Agreement:
    """Kappa of the number of cases by (first verdict, second verdict).

        kappa = (po - pe) / (1 - pe)

    with po the share of equal verdicts and pe what independent judges with the same habits would reach: J. Cohen, "A coefficient
    of agreement for nominal scales", Educational and Psychological Measurement 20 (1960), 37-46. The interval is
    kappa ± z SE, with the standard error of J. L. Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and
    weighted kappa", Psychological Bulletin 72 (1969), 323-327.
    """
    pairs = sum(table.values())
    same = sum(number for (one, other), number in table.items() if one == other)
    if not pairs:
        return Agreement(0, 0, None, None, None)
    first, second = _margins(table, pairs)
    by_chance = sum(first[verdict] * second[verdict] for verdict in first)
    if by_chance > 1 - 1e-12:
        return Agreement(pairs, same, None, None, None)
    kappa = (same / pairs - by_chance) / (1 - by_chance)
    reach = Z * _standard_error(table, pairs, kappa, by_chance)
    return Agreement(pairs, same, kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach))


def _margins(
    table: Mapping[tuple[str, str], int], pairs: int
) -> tuple[defaultdict[str, float], defaultdict[str, float]]:
    """How often each verdict was given by the first and by the second, as shares."""
    first: defaultdict[str, float] = defaultdict(float)
    second: defaultdict[str, float] = defaultdict(float)
    for (one, other), number in table.items():
        first[one] += number / pairs
        second[other] += number / pairs
    return first, second


def _standard_error(
    table: Mapping[tuple[str, str], int], pairs: int, kappa: float, by_chance: float
) -> float:
    """√(A + B - C) / ((1 - pe) √n)."""
    first, second = _margins(table, pairs)
    doubt = 1 - kappa
    variance = -((kappa - by_chance * doubt) ** 2)
    for (one, other), number in table.items():
        share = number / pairs
        if one == other:
            variance += share * (1 - (first[one] + second[one]) * doubt) ** 2
        else:
            variance += share * doubt**2 * (second[one] + first[other]) ** 2
    return sqrt(max(0.0, variance) / pairs) / (1 - by_chance)
