"""From the logits of the stages and what else was found to one probability, for one language."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def logistic(exponent: float) -> float:
    # What is not a number stays what it is: both comparisons keep their first argument then.
    return 1.0 / (1.0 + math.exp(-max(min(exponent, 700.0), -700.0)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A linear combination of named signals for texts that both stages read, and one for texts that only the first did.

    Signals are `first` and `second` (the logits), `quoted` (how much of the second logit comes from quoted words),
    `hidden` (from 0 to 1, how many characters were typed that no reader sees), `mid` and `high` (1 when a rule of that
    severity hit). A signal without a weight counts nothing.
    """

    gate: float
    """The first logit from which the second stage is asked."""
    both: Mapping[str, float]
    first_alone: Mapping[str, float]
    threshold: float
    """The combined logit, without what the rules found, from which the classifier holds."""
    strict_threshold: float
    """The first logit from which a text is held when the second stage cannot be asked for it."""

    @property
    def counts_quotations(self) -> bool:
        """Whether it matters what the second stage says of a text without its quotations."""
        return self.both.get("quoted", 0.0) != 0.0

    def combined(self, signals: Mapping[str, float]) -> float:
        """The log-odds of a violation; which combination applies is told by whether `second` was measured."""
        weights = self.both if "second" in signals else self.first_alone
        return weights["intercept"] + sum(weights.get(name, 0.0) * value for name, value in signals.items())


def read_calibration(entry: Mapping[str, Any]) -> Calibration:
    """Raises KeyError, TypeError or ValueError when an entry of a manifest is not complete and finite."""
    weights = [
        {name: float(value) for name, value in entry[part].items()} for part in ("both", "first_alone")
    ]
    figures = [float(entry[name]) for name in ("gate", "threshold", "strict_threshold")]
    if not all(map(math.isfinite, [*figures, *weights[0].values(), *weights[1].values()])):
        raise ValueError("its calibration holds a figure that is not finite.")
    if any("intercept" not in part for part in weights):
        raise ValueError("its calibration lacks an intercept.")
    return Calibration(figures[0], weights[0], weights[1], figures[1], figures[2])


def thresholds_version(calibration: Mapping[str, Any]) -> str:
    """A short digest of everything that turns logits into verdicts."""
    canonical = json.dumps(calibration, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
