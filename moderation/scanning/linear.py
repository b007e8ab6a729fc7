"""The first stage: one dot product of hashed n-grams with learned weights, for every text."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.scanning.hashing import BUCKETS, CHARACTER_WINDOWS, WORD_WINDOWS, gate_text, hash_batch

Floats = npt.NDArray[np.float64]

FEATURES: dict[str, Any] = {
    "version": 1,
    "buckets": BUCKETS,
    "character_windows": list(CHARACTER_WINDOWS),
    "word_windows": list(WORD_WINDOWS),
    "value": "1/sqrt(windows of the kind in the segment)",
}
"""What the weights were learned for; an artefact made for other features is refused."""

HIGHLIGHTED_WORDS = 6


class LinearStage:
    """Scores pieces of text; weights are held as float32, because gathering them is what costs time."""

    def __init__(self, weights: npt.NDArray[np.float32], bias: float) -> None:
        self._words, self._characters = weights
        self._bias = bias

    @classmethod
    def unpack(cls, arrays: Mapping[str, Any]) -> "LinearStage":
        """Takes its part out of an artefact; raises ValueError when it is not what it should be."""
        weights, bias = arrays["weights"].astype(np.float32), float(arrays["bias"])
        if weights.shape != (2, BUCKETS) or not np.isfinite(weights).all() or not math.isfinite(bias):
            raise ValueError(f"it does not hold 2 x {BUCKETS} finite weights.")
        return cls(weights, bias)

    def logits(self, pieces: list[str]) -> Floats:
        """One logit a piece of a plain view."""
        if not pieces:
            return np.empty(0)
        words, characters = hash_batch([gate_text(piece) for piece in pieces])
        total = np.full(len(pieces), self._bias)
        for block, weights in ((words, self._words), (characters, self._characters)):
            sums = np.bincount(block.owners, weights=weights[block.buckets], minlength=len(pieces))
            total += sums / np.sqrt(np.maximum(block.counts(len(pieces)), 1))
        return total

    def heaviest_run(self, piece: str) -> tuple[int, int]:
        """The run of up to six words that speaks most for a hold, as a span of the piece."""
        contributions = self._contributions(gate_text(piece))[: len(piece)]
        places: list[tuple[int, int]] = []
        position = 0
        for word in piece.split(" "):
            if word:
                places.append((position, position + len(word)))
            position += len(word) + 1
        if not places:
            return 0, len(piece)
        sums = np.array([contributions[start:end].sum() for start, end in places])
        size = min(HIGHLIGHTED_WORDS, len(sums))
        first = int(np.argmax(np.convolve(sums, np.ones(size), mode="valid")))
        return places[first][0], places[first + size - 1][1]

    def _contributions(self, text: str) -> Floats:
        """How much each character adds to the logit: a window's weight is shared out over its span."""
        words, characters = hash_batch([text])
        steps = np.zeros(len(text) + 3)
        for block, weights in ((words, self._words), (characters, self._characters)):
            shares = (
                weights[block.buckets] / (block.ends - block.starts) / math.sqrt(max(1, len(block.buckets)))
            )
            np.add.at(steps, block.starts, shares)
            np.add.at(steps, block.ends, -shares)
        # The buffer has a break and the gate text a space before the first character of the piece.
        return np.cumsum(steps)[2:]
