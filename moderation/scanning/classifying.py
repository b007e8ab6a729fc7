"""The linear classifier: one dot product of hashed n-grams with the weights of a versioned artefact.

The artefact is `model.npz` (float16 weights of the two blocks, and the bias) with `model.json` beside it: the sha256 of
the weights, the feature specification they were learned for, calibration, thresholds and evaluation. Nothing is
scored with an artefact whose parts do not fit each other.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.scanning.hashing import BUCKETS, CHARACTER_WINDOWS, WORD_WINDOWS, gate_text, hash_batch
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.refusals import ScannerNotReady

FEATURES: dict[str, Any] = {
    "version": 1,
    "buckets": BUCKETS,
    "character_windows": list(CHARACTER_WINDOWS),
    "word_windows": list(WORD_WINDOWS),
    "value": "1/sqrt(windows of the kind in the segment)",
}
"""What the weights were learned for; an artefact made for other features is refused."""

SEGMENT = 400
"""Longer texts are scored by segments of at most so many characters, cut at sentence ends; the highest counts."""

HIGHLIGHTED_WORDS = 6

_ENDS = (". ", "! ", "? ", "; ", ", ", " ")


@dataclass(frozen=True, slots=True)
class Calibration:
    """From the classifier's logit and what the rules found to a probability, for one language."""

    slope: float
    intercept: float
    mid: float
    high: float
    threshold: float

    def probability(self, logit: float, severity: str) -> float:
        bonus = {"mid": self.mid, "high": self.high}.get(severity, 0.0)
        exponent = -(self.slope * logit + self.intercept + bonus)
        return 1.0 / (1.0 + math.exp(min(700.0, max(-700.0, exponent))))


def segments(plain: str) -> list[tuple[int, int]]:
    """Cuts a plain view into spans of at most SEGMENT characters, preferably at the end of a sentence."""
    spans, start = [], 0
    while len(plain) - start > SEGMENT:
        window_end = start + SEGMENT
        cuts = (plain.rfind(mark, start + SEGMENT // 3, window_end) for mark in _ENDS)
        end = next((cut + 1 for cut in cuts if cut >= 0), window_end)
        spans.append((start, end))
        start = end
    return [*spans, (start, len(plain))]


def thresholds_version(calibration: Mapping[str, Any]) -> str:
    """A short digest of everything that turns logits into verdicts."""
    canonical = json.dumps(calibration, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


class Classifier:
    """Scores plain views. Weights are held as float32, because gathering them is what costs time."""

    def __init__(
        self,
        weights: npt.NDArray[np.float32],
        bias: float,
        calibration: Mapping[str, Calibration],
        versions: tuple[str, str],
    ) -> None:
        self._words, self._characters = weights
        self._bias = bias
        self.calibration = calibration
        self.version, self.thresholds_version = versions

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """Reads and verifies an artefact; raises `ScannerNotReady`."""
        manifest_path = path.with_suffix(".json")
        try:
            content, manifest = path.read_bytes(), json.loads(manifest_path.read_bytes())
            digest = hashlib.sha256(content).hexdigest()
            _check_manifest(manifest, digest)
            with np.load(BytesIO(content), allow_pickle=False) as arrays:
                weights, bias = arrays["weights"].astype(np.float32), float(arrays["bias"])
            calibration = {name: Calibration(**manifest["calibration"][name]) for name in LANGUAGES}
        except OSError as error:
            raise ScannerNotReady(f"The model {path} or its manifest cannot be read: {error}.") from error
        except (ValueError, KeyError, TypeError, EOFError) as error:
            raise ScannerNotReady(f"The model {path} is refused: {error}") from error
        if weights.shape != (2, BUCKETS) or not np.isfinite(weights).all() or not math.isfinite(bias):
            raise ScannerNotReady(f"The model {path} does not hold 2 x {BUCKETS} finite weights.")
        return cls(weights, bias, calibration, (digest, manifest["thresholds_version"]))

    def logits(self, plains: Sequence[str]) -> npt.NDArray[np.float64]:
        """One logit a text: that of its most violent segment."""
        pieces: list[str] = []
        firsts = []
        for plain in plains:
            firsts.append(len(pieces))
            if len(plain) <= SEGMENT:
                pieces.append(gate_text(plain))
            else:
                pieces += [gate_text(plain[start:end]) for start, end in segments(plain)]
        if not pieces:
            return np.empty(0)
        return np.maximum.reduceat(self._piece_logits(pieces), firsts)

    def _piece_logits(self, pieces: list[str]) -> npt.NDArray[np.float64]:
        words, characters = hash_batch(pieces)
        total = np.full(len(pieces), self._bias)
        for block, weights in ((words, self._words), (characters, self._characters)):
            sums = np.bincount(block.owners, weights=weights[block.buckets], minlength=len(pieces))
            total += sums / np.sqrt(np.maximum(block.counts(len(pieces)), 1))
        return total

    def highlight(self, plain: str) -> tuple[int, int]:
        """The run of up to six words that speaks most for a hold, as a span of the plain view."""
        spans = segments(plain)
        pieces = [gate_text(plain[start:end]) for start, end in spans]
        best = int(np.argmax(self._piece_logits(pieces)))
        start, end = spans[best]
        contributions = self._contributions(pieces[best])[: end - start]
        return _heaviest_run(plain[start:end], contributions, start)

    def _contributions(self, piece: str) -> npt.NDArray[np.float64]:
        """How much each character of a piece adds to the logit: a window's weight is shared out over its span."""
        words, characters = hash_batch([piece])
        steps = np.zeros(len(piece) + 3)
        for block, weights in ((words, self._words), (characters, self._characters)):
            shares = (
                weights[block.buckets] / (block.ends - block.starts) / math.sqrt(max(1, len(block.buckets)))
            )
            np.add.at(steps, block.starts, shares)
            np.add.at(steps, block.ends, -shares)
        # The buffer has a break and the piece a space before the first character of the text.
        return np.cumsum(steps)[2:]


def _check_manifest(manifest: Mapping[str, Any], digest: str) -> None:
    if manifest["sha256"] != digest:
        raise ValueError("its sha256 is not the one in its manifest: truncated or exchanged.")
    if manifest["features"] != FEATURES:
        raise ValueError("it was learned for other features than this version computes.")
    if manifest["thresholds_version"] != thresholds_version(manifest["calibration"]):
        raise ValueError("its calibration or thresholds were changed without a new version.")


def _heaviest_run(text: str, contributions: npt.NDArray[np.float64], offset: int) -> tuple[int, int]:
    places: list[tuple[int, int]] = []
    position = 0
    for word in text.split(" "):
        if word:
            places.append((position, position + len(word)))
        position += len(word) + 1
    if not places:
        return offset, offset + len(text)
    sums = np.array([contributions[start:end].sum() for start, end in places])
    size = min(HIGHLIGHTED_WORDS, len(sums))
    runs = np.convolve(sums, np.ones(size), mode="valid")
    first = int(np.argmax(runs))
    return offset + places[first][0], offset + places[first + size - 1][1]
