"""A second stage that learned already: training is tested with the shipped network, because learning one takes torch and an hour."""

from collections.abc import Sequence

import numpy as np

from moderation.scanning.encoding import EncoderStage
from moderation.scanning.normalising import fold
from moderation.scanning.scanner import DEFAULT_MODEL
from moderation.scanning.segmenting import SEGMENT
from moderation.training.corpus import Example
from moderation.training.fitting import Report
from moderation.training.fitting_linear import Numbers


class ShippedStage:
    """Exports the shipped network whatever it is given to learn from, and notes what that was."""

    def __init__(self) -> None:
        with np.load(DEFAULT_MODEL) as arrays:
            self._network: bytes = arrays["encoder"].tobytes()
            self._vocabulary: str = arrays["vocabulary"].tobytes().decode()
        self.learned: list[list[str]] = []
        self.scored: list[list[str]] = []

    def tune(
        self, corpus: Sequence[Example], chosen: Sequence[int], *, epochs: float, report: Report
    ) -> EncoderStage:
        self.learned.append([corpus[number].text for number in chosen])
        return EncoderStage(self._network, self._vocabulary)

    def score(self, network: EncoderStage, texts: Sequence[str]) -> Numbers:
        self.scored.append(list(texts))
        return network.logits([fold(text)[:SEGMENT] for text in texts])

    def export(self, network: EncoderStage) -> bytes:
        return self._network

    def read_vocabulary(self) -> str:
        return self._vocabulary
