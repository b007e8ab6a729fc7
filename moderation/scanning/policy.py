"""From signals to a verdict: clear or hold, with class, severity and reasons.

Every signal has three states: a value, absent, or error. A rule, a known-bad copy or a classifier score above the
language's threshold holds; so does an error, because a signal that failed has not said that a text is harmless. A machine
may only hold: nothing here removes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from moderation.scanning.facts import Imminence, Target
from moderation.scanning.matching import Hit

Severity = Literal["", "mid", "high"]
Stage = Literal["none", "linear", "linear and encoder", "over the cap"]
"""How far the classifier read a text; over the cap means that the second stage should have been asked, but its budget was spent."""

_MOST_SPECIFIC_FIRST = ("V11", "V12", "V10", "V8", "V9", "V4", "V2", "V3", "V1", "V13", "V7", "V5", "V6")

# What a bare classifier hold is most likely about, for the moderators' queue; they decide the class.
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "V12",
        re.compile(r"\b(?:election|ballots?|poll workers?|certif\w+|wahlen?|wahllokal\w*|wahlhelfer\w*)\b"),
    ),
    ("V6", re.compile(r"\b(?:hope|wish|hoping|pray|hoffe|hoffentlich|wunsch\w*|deserves? to)\b")),
    (
        "V4",
        re.compile(
            r"\b(?:if|unless|wenn|falls|noch einmal)\b.*\b(?:i'?ll|i will|we'?ll|we will|ich|wir|gonna)\b"
        ),
    ),
    (
        "V3",
        re.compile(
            r"\b(?:i'?ll|i will|i'?m (?:gonna|going to)|imma|ich)\b.*\b(?:you|u|your|dich|dir|euch)\b"
        ),
    ),
    (
        "V2",
        re.compile(
            r"\b(?:jews?|muslims?|blacks?|gays?|women|refugees|immigrants|juden?|moslems?|fluchtlinge?|auslander)\b"
        ),
    ),
)


NEW_ACCOUNT, HEATED_THREAD = 0.5, 0.5
"""By how many log-odds each circumstance lowers what is needed for a hold: about 1.6 times as many texts of such authors and
in such threads wait for a person. Chosen by hand: there are no labelled circumstances to learn it from."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known about where a text appears. It can make the scanner more careful, never less."""

    is_new_account: bool = False
    is_heated_thread: bool = False

    @property
    def caution(self) -> float:
        """Log-odds by which the threshold is lower; never negative."""
        return NEW_ACCOUNT * self.is_new_account + HEATED_THREAD * self.is_heated_thread


NO_CIRCUMSTANCES = Circumstances()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a text is held: offsets are into the original text; `role` says what a part of a rule's match is."""

    kind: Literal["rule", "known_bad", "classifier", "error"]
    name: str
    start: int
    end: int
    score: float
    role: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner says of one text, with the versions that, with its circumstances, reproduce it."""

    verdict: Literal["clear", "hold"]
    score: float
    klass: str
    severity: Severity
    reasons: tuple[Reason, ...]
    ruleset: str
    model: str
    thresholds: str
    imminence: Imminence = ""
    target: Target = ""
    stage: Stage = "none"

    @property
    def is_error(self) -> bool:
        return any(reason.kind == "error" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Versions:
    ruleset: str
    model: str
    thresholds: str


@dataclass(frozen=True, slots=True)
class Findings:
    """All signals about one text."""

    plain: str
    hits: Sequence[Hit]
    probability: float
    reasons: tuple[Reason, ...]
    imminence: Imminence = ""
    target: Target = ""
    stage: Stage = "none"


def judge(findings: Findings, versions: Versions) -> Verdict:
    """Holds when there is any reason; the reasons were made by the signals that gave a value or failed."""
    if not findings.reasons:
        return Verdict(
            "clear",
            findings.probability,
            "",
            "",
            (),
            versions.ruleset,
            versions.model,
            versions.thresholds,
            stage=findings.stage,
        )
    klass, severity = _class_and_severity(findings)
    return Verdict(
        "hold",
        findings.probability,
        klass,
        severity,
        findings.reasons,
        versions.ruleset,
        versions.model,
        versions.thresholds,
        findings.imminence,
        findings.target,
        findings.stage,
    )


def worst_severity(hits: Sequence[Hit]) -> Severity:
    severities = {hit.rule.severity for hit in hits}
    return "high" if "high" in severities else "mid" if severities else ""


def _class_and_severity(findings: Findings) -> tuple[str, Severity]:
    kinds = {reason.kind for reason in findings.reasons}
    severity = worst_severity(findings.hits)
    if findings.hits:
        classes = {hit.rule.klass for hit in findings.hits if hit.rule.severity == severity}
        return min(classes, key=_MOST_SPECIFIC_FIRST.index), severity
    klass = next((name for name, sign in _SIGNS if sign.search(findings.plain)), "V1")
    return klass, "high" if "known_bad" in kinds or findings.probability >= 0.5 else "mid"
