"""The scanner: texts in, verdicts out, in the same order.

Loaded once a process. A scanner that cannot be loaded completely is not ready, and whoever needs it clears nothing; a
text whose scan fails is held with an error as its reason, and the others of its batch are judged as if it were not there.
"""

import hashlib
import logging
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from moderation.scanning import languages
from moderation.scanning.classifying import Calibration, Classifier
from moderation.scanning.matching import Hit, Matcher
from moderation.scanning.normalising import Views, fold
from moderation.scanning.policy import Findings, Reason, Verdict, Versions, judge, worst_severity
from moderation.scanning.refusals import ScannerNotReady

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_RULESET",
    "Reason",
    "Scanner",
    "ScannerNotReady",
    "Verdict",
    "known_bad_digest",
]

DEFAULT_RULESET = Path(__file__).with_name("data") / "ruleset.toml"
DEFAULT_MODEL = Path(__file__).with_name("data") / "model.npz"

logger = logging.getLogger(__name__)


def known_bad_digest(text: str) -> bytes:
    """The key of the exact-copy bank: sha256 of the plain view, so that case, spacing and marks make no new text."""
    return _digest(fold(text))


def _digest(plain: str) -> bytes:
    return hashlib.sha256(plain.encode()).digest()


@dataclass(slots=True)
class _Signals:
    """What the stages found about one text; `failed` names the stage whose signal is an error."""

    views: Views | None = None
    hits: list[Hit] = field(default_factory=list)
    logit: float | None = None
    is_known_bad: bool = False
    failed: str = ""


class Scanner:
    """Rules and classifier of one version each; safe to share, as scanning changes nothing."""

    def __init__(self, matcher: Matcher, classifier: Classifier) -> None:
        self._matcher = matcher
        self._classifier = classifier
        self.ruleset_version = matcher.version
        self.model_version = classifier.version
        self.thresholds_version = classifier.thresholds_version
        self._versions = Versions(matcher.version, classifier.version, classifier.thresholds_version)

    @classmethod
    def load(cls, *, ruleset_path: Path = DEFAULT_RULESET, model_path: Path = DEFAULT_MODEL) -> "Scanner":
        """Reads and verifies ruleset and model; raises `ScannerNotReady` with a sentence that names file and fault.

        Every rule is compiled. The rules' examples are not run here (that takes longer than loading): `check_ruleset`
        does it, in the tests and before a ruleset is sealed.
        """
        return cls(Matcher.load(Path(ruleset_path)), Classifier.load(Path(model_path)))

    def scan(
        self,
        texts: Sequence[str],
        *,
        known_bad: Container[bytes] = frozenset(),
        langs: Sequence[str | None] | None = None,
    ) -> list[Verdict]:
        """Judges texts, one verdict each, in order; never raises for what a text contains."""
        signals = [self._read(text, known_bad) for text in texts]
        self._classify(signals)
        given = langs if langs is not None else [None] * len(texts)
        return [
            self._judge(text, signal, language)
            for text, signal, language in zip(texts, signals, given, strict=True)
        ]

    def _read(self, text: str, known_bad: Container[bytes]) -> _Signals:
        signals = _Signals()
        try:
            signals.failed = "normalising"
            signals.views = Views(text)
            signals.failed = "matching"
            signals.is_known_bad = bool(signals.views.plain) and _digest(signals.views.plain) in known_bad
            signals.hits = self._matcher.find(signals.views)
            signals.failed = ""
        except Exception:
            logger.exception("A text could not be scanned and is held.", extra={"stage": signals.failed})
        return signals

    def _classify(self, signals: Sequence[_Signals]) -> None:
        """One pass over the batch; when that fails, text by text, so that one bad text holds only itself."""
        readable = [signal for signal in signals if signal.views is not None]
        try:
            logits = self._logits(readable)
        except Exception:
            logger.exception("A batch could not be classified; its texts are tried one by one.")
            for signal in readable:
                self._classify_alone(signal)
            return
        for signal, logit in zip(readable, logits.tolist(), strict=True):
            signal.logit = logit

    def _classify_alone(self, signal: _Signals) -> None:
        try:
            signal.logit = float(self._logits([signal])[0])
        except Exception:
            signal.failed = "classifying"
            logger.exception("A text could not be classified and is held.")

    def _logits(self, signals: Sequence[_Signals]) -> npt.NDArray[np.float64]:
        logits = self._classifier.logits(
            [signal.views.plain for signal in signals if signal.views is not None]
        )
        if not np.isfinite(logits).all():
            raise FloatingPointError("A logit is not finite.")
        return logits

    def _judge(self, text: str, signals: _Signals, language: str | None) -> Verdict:
        try:
            findings = self._findings(text, signals, language)
        except Exception:
            logger.exception("The reasons for a text could not be made; it is held.")
            findings = _failed_findings(text, signals, "explaining")
        return judge(findings, self._versions)

    def _findings(self, text: str, signals: _Signals, language: str | None) -> Findings:
        if signals.views is None or signals.logit is None:
            return _failed_findings(text, signals, signals.failed or "classifying")
        plain = signals.views.plain
        calibration = self._calibration(plain, language)
        probability = calibration.probability(signals.logit, worst_severity(signals.hits))
        reasons: list[Reason] = [*_error_reasons(text, signals.failed), *_rule_reasons(signals.hits)]
        if signals.is_known_bad:
            probability = 1.0
            reasons.append(Reason("known_bad", "exact copy", 0, len(text), 1.0))
        if signals.logit >= calibration.threshold and plain:
            alone = calibration.probability(signals.logit, "")
            span = signals.views.span("plain", *self._classifier.highlight(plain))
            reasons.append(Reason("classifier", "linear", *span, alone))
        return Findings(plain, signals.hits, probability, tuple(reasons))

    def _calibration(self, plain: str, language: str | None) -> Calibration:
        """A language we have no calibration for is judged by what its words look like most."""
        known = language if language in languages.LANGUAGES else languages.detect(plain)
        return self._classifier.calibration[known]


def _error_reasons(text: str, stage: str) -> list[Reason]:
    return [Reason("error", stage, 0, len(text), 0.0)] if stage else []


def _failed_findings(text: str, signals: _Signals, stage: str) -> Findings:
    """What is left when a stage failed: the probability is unknown, which one half says to those who sort by it."""
    reasons = (*_error_reasons(text, signals.failed or stage), *_rule_reasons(signals.hits))
    return Findings(signals.views.plain if signals.views else "", signals.hits, 0.5, reasons)


def _rule_reasons(hits: Sequence[Hit]) -> list[Reason]:
    reasons = []
    for hit in hits:
        reasons.append(Reason("rule", hit.rule.name, hit.start, hit.end, 1.0))
        reasons += [Reason("rule", hit.rule.name, part.start, part.end, 1.0, part.role) for part in hit.parts]
    return reasons
