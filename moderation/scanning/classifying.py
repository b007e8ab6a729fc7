"""The classifier: a linear stage for every text, a small transformer for those that the first stage is unsure about.

The artefact is `model.npz` (weights of the first stage, network and vocabulary of the second) with `model.json` beside
it: the sha256 of the file, the features that it was learned for, calibration, thresholds and evaluation. Nothing is
scored with an artefact whose parts do not fit each other.

Reading a text with the second stage costs a hundred times as much as with the first. About one everyday post in twelve is
read by both. A *budget* caps how many are; what goes over it is judged by the first stage with a stricter threshold, so that
a flood of suspicious texts is held rather than waved through.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from moderation.scanning.calibrating import Calibration, logistic, read_calibration, thresholds_version
from moderation.scanning.encoding import LONGEST, EncoderStage
from moderation.scanning.languages import LANGUAGES
from moderation.scanning.linear import FEATURES, LinearStage
from moderation.scanning.policy import Stage
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.segmenting import segments

SPECIFICATION: dict[str, Any] = {"linear": FEATURES, "encoder": {"version": 1, "longest": LONGEST}}
"""What an artefact was learned for; one made for anything else is refused."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be classified: the text as it is read, and other readings of it where there are any."""

    plain: str
    language: str
    disguised: str = ""
    """What the text says when its disguise is taken off; empty when it has none. The more violent reading counts."""
    unquoted: str | None = None
    """The same without its quotations; None when it has none."""
    rules: Mapping[str, float] = field(default_factory=dict)
    """What the rules found, by the names that `Calibration` knows."""
    hidden: float = 0.0
    """From 0 to 1, how many characters were typed that no reader sees."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the classifier says of a text."""

    probability: float
    """Calibrated, with what the rules found."""
    alone: float
    """The same without what the rules found."""
    margin: float
    """How far the text is over what is needed for a hold, in log-odds; negative when it is under it."""
    stage: Stage


@dataclass(frozen=True, slots=True)
class _Piece:
    """The piece of a reading that the first stage finds most violent."""

    text: str
    logit: float


_Pieces = Mapping[str, _Piece]
"""By the name of the reading: plain, disguised, unquoted."""


class Classifier:
    """Both stages and their calibration."""

    def __init__(
        self,
        linear: LinearStage,
        encoder: EncoderStage,
        calibration: Mapping[str, Calibration],
        versions: tuple[str, str],
    ) -> None:
        self.linear = linear
        self.encoder = encoder
        self.calibration = calibration
        self.version, self.thresholds_version = versions

    @classmethod
    def load(cls, path: Path) -> "Classifier":
        """Reads and verifies an artefact; raises `ScannerNotReady`."""
        try:
            content, manifest = path.read_bytes(), json.loads(path.with_suffix(".json").read_bytes())
            digest = hashlib.sha256(content).hexdigest()
            _check_manifest(manifest, digest)
            calibration = {name: read_calibration(manifest["calibration"][name]) for name in LANGUAGES}
            with np.load(BytesIO(content), allow_pickle=False) as arrays:
                stages = LinearStage.unpack(arrays), EncoderStage.unpack(arrays)
        except OSError as error:
            raise ScannerNotReady(f"The model {path} or its manifest cannot be read: {error}.") from error
        except (ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
            raise ScannerNotReady(f"The model {path} is refused: {error}") from error
        return cls(*stages, calibration, (digest, manifest["thresholds_version"]))

    def judge(self, questions: Sequence[Question], *, budget: int | None = None) -> list[Opinion]:
        """One opinion a question, in order; `budget` says how many texts the second stage may read, None all it should.

        The second stage reads what the first one finds suspicious and what a rule hit. The budget goes to the texts that
        the first stage finds most violent.
        """
        found = self._first_stage(questions)
        asked = [
            number
            for number, question in enumerate(questions)
            if question.rules or _first_logit(found[number]) >= self.calibration[question.language].gate
        ]
        asked.sort(key=lambda number: -_first_logit(found[number]))
        allowed = len(asked) if budget is None else budget
        to_read, capped = set(asked[:allowed]), set(asked[allowed:])
        return [
            self._both(question, found[number])
            if number in to_read
            else self._first_alone(question, found[number], is_capped=number in capped)
            for number, question in enumerate(questions)
        ]

    def highlight(self, plain: str) -> tuple[int, int]:
        """The run of words that speaks most for a hold, as a span of the plain view."""
        spans = segments(plain)
        logits = self.linear.logits([plain[start:end] for start, end in spans])
        start, end = spans[int(np.argmax(logits))]
        first, last = self.linear.heaviest_run(plain[start:end])
        return start + first, start + last

    def first_logits(self, plains: Sequence[str]) -> npt.NDArray[np.float64]:
        """What the first stage alone says of plain views, for measuring."""
        found = self._first_stage([Question(plain, LANGUAGES[0]) for plain in plains])
        return np.array([_first_logit(pieces) for pieces in found])

    def _first_stage(self, questions: Sequence[Question]) -> Sequence[_Pieces]:
        """For every question the most violent piece of each of its readings."""
        pieces: list[str] = []
        places: list[tuple[int, str, int, int]] = []
        for number, question in enumerate(questions):
            for name, reading in _readings(question):
                start = len(pieces)
                pieces += [reading[first:last] for first, last in segments(reading)]
                places.append((number, name, start, len(pieces)))
        logits = self.linear.logits(pieces)
        _check_finite(logits)
        found: list[dict[str, _Piece]] = [{} for _ in questions]
        for number, name, start, end in places:
            best = start if end == start + 1 else start + int(np.argmax(logits[start:end]))
            found[number][name] = _Piece(pieces[best], float(logits[best]))
        return found

    def _both(self, question: Question, pieces: _Pieces) -> Opinion:
        calibration = self.calibration[question.language]
        worst = max(
            (pieces[name] for name in ("plain", "disguised") if name in pieces), key=lambda piece: piece.logit
        )
        second = self._second_logit(worst)
        signals = {"first": worst.logit, "second": second, "hidden": question.hidden}
        if "unquoted" in pieces and calibration.counts_quotations:
            signals["quoted"] = max(0.0, second - self._second_logit(pieces["unquoted"]))
        logit = calibration.combined(signals)
        whole = calibration.combined({**signals, **question.rules})
        margin = logit - calibration.threshold
        return Opinion(logistic(whole), logistic(logit), margin, "linear and encoder")

    def _second_logit(self, piece: _Piece) -> float:
        logit = self.encoder.logit(piece.text)
        _check_finite(logit)
        return logit

    def _first_alone(self, question: Question, pieces: _Pieces, *, is_capped: bool) -> Opinion:
        first = _first_logit(pieces)
        calibration = self.calibration[question.language]
        signals = {"first": first, "hidden": question.hidden}
        logit = calibration.combined(signals)
        whole = calibration.combined({**signals, **question.rules})
        if is_capped:
            return Opinion(
                logistic(whole), logistic(logit), first - calibration.strict_threshold, "over the cap"
            )
        return Opinion(logistic(whole), logistic(logit), -math.inf, "linear")


def _readings(question: Question) -> Iterator[tuple[str, str]]:
    yield "plain", question.plain
    if question.disguised:
        yield "disguised", question.disguised
    if question.unquoted is not None:
        yield "unquoted", question.unquoted


def _first_logit(pieces: _Pieces) -> float:
    """Of what was written and what is meant by it, the more violent."""
    plain = pieces["plain"].logit
    return max(plain, pieces["disguised"].logit) if "disguised" in pieces else plain


def _check_finite(logits: npt.ArrayLike) -> None:
    """A logit that is no figure has not said that a text is harmless, and every comparison with it would."""
    if not np.isfinite(logits).all():
        raise FloatingPointError("A logit is not finite.")


def _check_manifest(manifest: Mapping[str, Any], digest: str) -> None:
    if manifest["sha256"] != digest:
        raise ValueError("its sha256 is not the one in its manifest: truncated or exchanged.")
    if manifest["features"] != SPECIFICATION:
        raise ValueError("it was learned for other features than this version computes.")
    if manifest["thresholds_version"] != thresholds_version(manifest["calibration"]):
        raise ValueError("its calibration or thresholds were changed without a new version.")
