"""Stages that tests can watch, and whose answers they choose: a classifier without a model file, and no rules."""

from collections.abc import Callable

import numpy as np

from moderation.scanning.calibrating import Calibration
from moderation.scanning.classifying import Classifier
from moderation.scanning.encoding import EncoderStage
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.linear import Floats, LinearStage
from moderation.scanning.matching import Matcher
from moderation.scanning.rulesets import Ruleset

Answer = Callable[[str], float]

NO_RULES = Matcher(Ruleset("none", (), {}))

CALIBRATION = Calibration(
    gate=0.0,
    both={"intercept": 0.0, "first": 0.0, "second": 1.0, "quoted": -0.5, "hidden": 1.0, "mid": 1.0, "high": 2.0},
    first_alone={"intercept": 0.0, "first": 1.0, "hidden": 1.0, "mid": 1.0, "high": 2.0},
    threshold=2.0,
    strict_threshold=4.0,
)  # fmt: skip


class ChosenLinear(LinearStage):
    """Answers as it was told, and counts the pieces that it reads."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.read: list[str] = []

    def logits(self, pieces: list[str]) -> Floats:
        self.read += pieces
        return np.array([self._answer(piece) for piece in pieces], dtype=np.float64)

    def heaviest_run(self, piece: str) -> tuple[int, int]:
        return 0, len(piece)


class ChosenEncoder(EncoderStage):
    """The same for the second stage."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.read: list[str] = []

    def logit(self, piece: str) -> float:
        self.read.append(piece)
        return self._answer(piece)


def by_word(piece: str) -> float:
    """The logit that a threat deserves by its one word."""
    return 3.0 if "kill" in piece else -5.0


def make_classifier(
    *, first: Answer = by_word, second: Answer = by_word, calibration: Calibration = CALIBRATION
) -> Classifier:
    return Classifier(
        ChosenLinear(first),
        ChosenEncoder(second),
        dict.fromkeys(LANGUAGES, calibration),
        ("model", "thresholds"),
    )


def read_by_encoder(classifier: Classifier) -> list[str]:
    """What the second stage of such a classifier was asked to read."""
    assert isinstance(classifier.encoder, ChosenEncoder)
    return classifier.encoder.read


def read_by_linear(classifier: Classifier) -> list[str]:
    assert isinstance(classifier.linear, ChosenLinear)
    return classifier.linear.read
