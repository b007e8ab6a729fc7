"""Strikes: counted from the decisions that stand, never kept as a number; and the ladder, which proposes what they call for.

A strike weighs by the severity of the rule that was broken. It ends after 90 days, for the severe rules after 365: those are the
periods after which large platforms forget strikes. Nothing follows by itself: a person confirms every measure.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from moderation.measures import DAY, Measure
from moderation.models import Decision
from moderation.models.decisions import DecisionQuerySet
from moderation.taxonomy import Severity, Violation

WEIGHTS = {Severity.LOW: 1, Severity.MID: 2, Severity.HIGH: 4}
LASTS = {Severity.LOW: 90 * DAY, Severity.MID: 90 * DAY, Severity.HIGH: 365 * DAY}
LONGEST = max(LASTS.values())


@dataclass(frozen=True, slots=True)
class Rung:
    """What is proposed from `points` on."""

    points: int
    measure: Measure
    duration: timedelta | None = None


# One mild fault is a warning; what is repeated costs a day, then a week, then a month. A ban is proposed to a senior moderator.
LADDER = (
    Rung(1, Measure.WARN),
    Rung(3, Measure.READ_ONLY, DAY),
    Rung(6, Measure.READ_ONLY, 7 * DAY),
    Rung(9, Measure.SUSPEND, 30 * DAY),
    Rung(13, Measure.BAN),
)


@dataclass(frozen=True, slots=True)
class Record:
    """The strikes against an account that count now, newest first, and what they weigh together."""

    strikes: tuple[Decision, ...]
    points: int


def strikes_against(account: User) -> DecisionQuerySet:
    """The strikes that count now, by the database's clock: not overturned, not over."""
    lasting = Q()
    for severity, time in LASTS.items():
        violations = [violation for violation in Violation if violation.severity == severity]
        lasting |= Q(violation__in=violations, at__gt=Now() - time)
    return Decision.objects.standing().about(account).filter(lasting, is_strike=True).order_by("-id")


def record_of(account: User) -> Record:
    """The account's strikes and their sum, in one query."""
    strikes = tuple(strikes_against(account).only("violation"))
    return Record(strikes, sum(weigh(strike.violation) for strike in strikes))


def weigh(violation: str) -> int:
    """The points of a strike under a rule."""
    return WEIGHTS[Violation(violation).severity]


def propose(points: int) -> Rung | None:
    """What so many points call for; None for nothing."""
    return next((rung for rung in reversed(LADDER) if points >= rung.points), None)
