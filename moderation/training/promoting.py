"""Whether a new model may take the place of the one in use: it must not be worse on anything that is measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moderation.scanning.scanner import Scanner
from moderation.training.corpus import Example
from moderation.training.measuring import measure

BATCH = 512
TOLERANCE = {"AUPRC": 0.01, "recall": 0.02, "false holds per 1,000": 1.0}
"""By how much a figure may be worse: less than that is noise between two trainings on the same texts."""
_LOWER_IS_BETTER = frozenset({"false holds per 1,000"})


@dataclass(frozen=True, slots=True)
class Gate:
    """One figure of both models on the same texts."""

    name: str
    figure: str
    current: float
    candidate: float

    @property
    def is_passed(self) -> bool:
        loss = self.current - self.candidate
        return (-loss if self.figure in _LOWER_IS_BETTER else loss) <= TOLERANCE[self.figure]


Evaluation = dict[str, dict[str, float]]
"""Figures by the name of the set and the language."""


def evaluate(scanner: Scanner, sets: Mapping[str, Sequence[Example]]) -> Evaluation:
    """What a scanner does on labelled sets; groups without a violent text have no AUPRC and no recall."""
    return {
        f"{name}, {language}": _figures(scanner, [one for one in examples if one.lang == language])
        for name, examples in sets.items()
        for language in sorted({one.lang for one in examples})
    }


def compare(current: Evaluation, candidate: Evaluation) -> list[Gate]:
    """Every gate: each figure of each set."""
    return [
        Gate(name, figure, value, candidate[name][figure])
        for name, figures in current.items()
        for figure, value in figures.items()
    ]


def _figures(scanner: Scanner, group: Sequence[Example]) -> dict[str, float]:
    verdicts = []
    for start in range(0, len(group), BATCH):
        batch = group[start : start + BATCH]
        verdicts += scanner.scan([one.text for one in batch], langs=[one.lang for one in batch])
    figures = measure(
        [one.label for one in group],
        [verdict.verdict == "hold" for verdict in verdicts],
        [verdict.score for verdict in verdicts],
    )
    found = {"false holds per 1,000": figures.false_holds_per_1000.value}
    if figures.positives:
        found |= {"AUPRC": figures.auprc.value, "recall": figures.recall.value}
    return found if figures.positives < figures.texts else {name: found[name] for name in ("recall",)}
