"""Figures about a scanner on labelled texts: recall, precision and average precision with intervals."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

RESAMPLES = 500
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; NaN where there is nothing to measure."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return "–" if math.isnan(self.value) else f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def share(hits: int, total: int) -> Estimate:
    """A share with its Wilson interval."""
    if not total:
        return Estimate(math.nan, math.nan, math.nan)
    rate, z2 = hits / total, _Z95**2
    centre = (rate + z2 / (2 * total)) / (1 + z2 / total)
    half = _Z95 * math.sqrt(rate * (1 - rate) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    return Estimate(rate, max(0.0, centre - half), min(1.0, centre + half))


def average_precision(labels: Numbers, scores: Numbers) -> float:
    """The area under the precision-recall curve as a step function; texts with one score count as one step."""
    positives = labels.sum()
    if not positives:
        return math.nan
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(labels[order])
    last_of_step = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    precision = found[last_of_step] / (last_of_step + 1)
    recall = found[last_of_step] / positives
    return float(np.sum(np.diff(recall, prepend=0.0) * precision))


def average_precision_interval(labels: Numbers, scores: Numbers, *, seed: int = 0) -> Estimate:
    """Average precision with a percentile bootstrap over texts."""
    generator = np.random.default_rng(seed)
    draws = []
    for _ in range(RESAMPLES):
        chosen = generator.integers(0, len(labels), len(labels))
        draws.append(average_precision(labels[chosen], scores[chosen]))
    low, high = np.nanpercentile(draws, [2.5, 97.5]) if labels.any() else (math.nan, math.nan)
    return Estimate(average_precision(labels, scores), float(low), float(high))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a scanner did on a group of texts."""

    texts: int
    positives: int
    held: int
    recall: Estimate
    precision: Estimate
    false_holds_per_1000: Estimate
    auprc: Estimate


def measure(labels: Sequence[int], is_held: Sequence[bool], scores: Sequence[float]) -> Figures:
    truth, held = np.array(labels, dtype=np.float64), np.array(is_held, dtype=np.bool_)
    positives, right = int(truth.sum()), int(truth[held].sum())
    wrong, negatives = int(held.sum()) - right, len(truth) - positives
    false_holds = share(wrong, negatives)
    return Figures(
        texts=len(truth),
        positives=positives,
        held=int(held.sum()),
        recall=share(right, positives),
        precision=share(right, int(held.sum())),
        false_holds_per_1000=Estimate(
            *(1000 * x for x in (false_holds.value, false_holds.low, false_holds.high))
        ),
        auprc=average_precision_interval(truth, np.array(scores, dtype=np.float64)),
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a reliability curve: texts whose score lies in it, their mean score and the share that is positive."""

    low: float
    high: float
    texts: int
    mean_score: float
    positive_share: Estimate


def reliability(labels: Sequence[int], scores: Sequence[float]) -> list[Bin]:
    truth, values = np.array(labels), np.array(scores)
    edges = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1.0001)
    bins = []
    for low, high in itertools.pairwise(edges):
        chosen = (values >= low) & (values < high)
        if chosen.any():
            positives = share(int(truth[chosen].sum()), int(chosen.sum()))
            bins.append(Bin(low, min(1.0, high), int(chosen.sum()), float(values[chosen].mean()), positives))
    return bins
