"""The scanner: texts in, verdicts out, in the same order.

Loaded once a process. A scanner that cannot be loaded completely is not ready, and whoever needs it clears nothing; a
text whose scan fails is held with an error as its reason, and the others of its batch are judged as if it were not there.
"""

import hashlib
import logging
import math
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from moderation.scanning import facts, languages
from moderation.scanning.classifying import Classifier, Opinion, Question
from moderation.scanning.matching import Hit, Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.policy import (
    NO_CIRCUMSTANCES,
    Circumstances,
    Findings,
    Reason,
    Verdict,
    Versions,
    judge,
    worst_severity,
)
from moderation.scanning.refusals import ScannerNotReady

__all__ = [
    "DEFAULT_MODEL",
    "DEFAULT_RULESET",
    "Circumstances",
    "Reason",
    "Scanner",
    "ScannerNotReady",
    "Verdict",
    "known_bad_digest",
    "plain_digest",
]

DEFAULT_RULESET = Path(__file__).with_name("data") / "ruleset.toml"
DEFAULT_MODEL = Path(__file__).with_name("data") / "model.npz"

MOST_HIDDEN = 10
"""Hidden characters from which a text counts as wholly disguised."""

LONGEST = 10_500
"""Longer texts are held unread, also those that are longer once they are folded. Everything that any door lets in is shorter;
what is longer was made to keep a worker busy."""

NEAR_COPY = 0.5
"""The least probability of a near copy: what was changed may be what made the text a violation, so nobody knows it."""

Copy = Literal["", "exact copy", "near copy"]

logger = logging.getLogger(__name__)


def known_bad_digest(text: str) -> bytes:
    """The key of the exact-copy bank: sha256 of the plain view, so that case, spacing and marks make no new text."""
    return plain_digest(Views(text).plain)


def plain_digest(plain: str) -> bytes:
    """The same key for a text whose plain view is known already."""
    return hashlib.sha256(plain.encode()).digest()


@dataclass(slots=True)
class _Signals:
    """What the stages found about one text; `failed` names the stage whose signal is an error."""

    views: Views | None = None
    language: str = languages.LANGUAGES[0]
    hits: list[Hit] = field(default_factory=list)
    opinion: Opinion | None = None
    copy: Copy = ""
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

        Every rule is compiled. The rules' examples are not run here (that takes longer than loading): `checking`
        does it, in the tests and before a ruleset is sealed.
        """
        return cls(Matcher.load(Path(ruleset_path)), Classifier.load(Path(model_path)))

    def scan(  # noqa: PLR0913  Everything that is known about the texts besides, and each of it may be left out.
        self,
        texts: Sequence[str],
        *,
        known_bad: Container[bytes] = frozenset(),
        near_copies: Container[bytes] = frozenset(),
        langs: Sequence[str | None] | None = None,
        circumstances: Sequence[Circumstances] | None = None,
        unheard: Sequence[Container[str]] | None = None,
        budget: int | None = None,
    ) -> list[Verdict]:
        """Judges texts, one verdict each, in order; never raises for what a text contains.

        `known_bad` has the digests of removed texts, `near_copies` those of texts that were found to be near copies of one.
        `unheard` has for each text the names of the rules that are not asked about it; None asks every rule about every text.
        `budget` caps how many of them the classifier's second stage reads (see `classifying`); None is no cap.
        """
        given = langs if langs is not None else [None] * len(texts)
        signals = [
            self._read(text, language, known_bad, near_copies)
            for text, language in zip(texts, given, strict=True)
        ]
        for signal, names in zip(signals, unheard, strict=True) if unheard is not None else ():
            signal.hits = [hit for hit in signal.hits if hit.rule.name not in names]
        self._classify(signals, budget)
        around = circumstances if circumstances is not None else [NO_CIRCUMSTANCES] * len(texts)
        return [
            self._judge(text, signal, one) for text, signal, one in zip(texts, signals, around, strict=True)
        ]

    def _read(
        self, text: str, language: str | None, known_bad: Container[bytes], near_copies: Container[bytes]
    ) -> _Signals:
        signals = _Signals()
        if len(text) > LONGEST:
            signals.failed = "length"
            return signals
        try:
            signals.failed = "normalising"
            views = Views(text)
            if len(views.plain) > LONGEST:
                signals.failed = "length"
                return signals
            # A language that we have no calibration for is judged by what its words look like most.
            signals.language = language if language in languages.LANGUAGES else languages.detect(views.read)
            signals.views = views
            signals.failed = "matching"
            signals.copy = _copy(views.plain, known_bad, near_copies)
            signals.hits = self._matcher.find(views)
            signals.failed = ""
        except Exception:
            logger.exception("A text could not be scanned and is held.", extra={"stage": signals.failed})
        return signals

    def _classify(self, signals: Sequence[_Signals], budget: int | None) -> None:
        """One pass over the batch; when that fails, text by text, so that one bad text holds only itself."""
        readable = [signal for signal in signals if signal.views is not None]
        try:
            opinions = self._opinions(readable, budget)
        except Exception:
            logger.exception("A batch could not be classified; its texts are tried one by one.")
            for signal in readable:
                self._classify_alone(signal, budget)
            return
        for signal, opinion in zip(readable, opinions, strict=True):
            signal.opinion = opinion

    def _classify_alone(self, signal: _Signals, budget: int | None) -> None:
        try:
            (signal.opinion,) = self._opinions([signal], budget)
        except Exception:
            signal.failed = "classifying"
            logger.exception("A text could not be classified and is held.")

    def _opinions(self, signals: Sequence[_Signals], budget: int | None) -> list[Opinion]:
        opinions = self._classifier.judge([_question(signal) for signal in signals], budget=budget)
        if not all(math.isfinite(opinion.probability) for opinion in opinions):
            raise FloatingPointError("A probability is not finite.")
        return opinions

    def _judge(self, text: str, signals: _Signals, circumstances: Circumstances) -> Verdict:
        try:
            findings = self._findings(text, signals, circumstances)
        except Exception:
            logger.exception("The reasons for a text could not be made; it is held.")
            findings = _failed_findings(text, signals, "explaining")
        return judge(findings, self._versions)

    def _findings(self, text: str, signals: _Signals, circumstances: Circumstances) -> Findings:
        if signals.views is None or signals.opinion is None:
            return _failed_findings(text, signals, signals.failed or "classifying")
        read, opinion = signals.views.read, signals.opinion
        probability = opinion.probability
        reasons: list[Reason] = [*_error_reasons(text, signals.failed), *_rule_reasons(signals.hits)]
        if signals.copy:
            probability = 1.0 if signals.copy == "exact copy" else max(probability, NEAR_COPY)
            reasons.append(Reason("known_bad", signals.copy, 0, len(text), probability))
        if opinion.margin + circumstances.caution >= 0 and read:
            span = signals.views.span(signals.views.reading, *self._classifier.highlight(read))
            reasons.append(Reason("classifier", opinion.stage, *span, opinion.alone))
        if not reasons:
            return Findings(read, signals.hits, probability, (), stage=opinion.stage)
        target = facts.target(read, facts.target_parts(text, signals.hits))
        return Findings(
            read, signals.hits, probability, tuple(reasons), facts.imminence(read), target, opinion.stage
        )


def _question(signals: _Signals) -> Question:
    """What the classifier is asked about a text that could be read."""
    assert signals.views is not None  # noqa: S101  Whoever asks has chosen those; tells the type checker.
    severity, views = worst_severity(signals.hits), signals.views
    rules: dict[str, float] = {severity: 1.0} if severity else {}
    hidden = min(views.removed, MOST_HIDDEN) / MOST_HIDDEN
    return Question(views.read, signals.language, views.disguised, views.unquoted, rules, hidden)


def _copy(plain: str, known_bad: Container[bytes], near_copies: Container[bytes]) -> Copy:
    """Whether a text is a copy of a removed one; a text of nothing is a copy of nothing."""
    if not plain:
        return ""
    digest = plain_digest(plain)
    return "exact copy" if digest in known_bad else "near copy" if digest in near_copies else ""


def _error_reasons(text: str, stage: str) -> list[Reason]:
    return [Reason("error", stage, 0, len(text), 0.0)] if stage else []


def _failed_findings(text: str, signals: _Signals, stage: str) -> Findings:
    """What is left when a stage failed: the probability is unknown, which one half says to those who sort by it."""
    reasons = (*_error_reasons(text, signals.failed or stage), *_rule_reasons(signals.hits))
    return Findings(signals.views.read if signals.views else "", signals.hits, 0.5, reasons)


def _rule_reasons(hits: Sequence[Hit]) -> list[Reason]:
    reasons = []
    for hit in hits:
        reasons.append(Reason("rule", hit.rule.name, hit.start, hit.end, 1.0))
        reasons += [Reason("rule", hit.rule.name, part.start, part.end, 1.0, part.role) for part in hit.parts]
    return reasons
