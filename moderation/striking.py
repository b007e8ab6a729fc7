"""Strikes: counted from the decisions that stand, never kept as a number; and the ladder, which proposes what they call for.

A strike weighs by the severity of the rule that was broken. It ends after 90 days, for the severe rules after 365: those are the
periods after which large platforms forget strikes. Nothing follows by itself: a person confirms every measure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from accounts.models import User
from moderation.measures import DAY, Measure
from moderation.taxonomy import Severity, Violation

WEIGHTS = {Severity.LOW: 1, Severity.MID: 2, Severity.HIGH: 4}
LASTS = {Severity.LOW: 90 * DAY, Severity.MID: 90 * DAY, Severity.HIGH: 365 * DAY}

COUNTING = "d.is_strike AND undo.id IS NULL AND ({})".format(
    " OR ".join(
        f"d.violation = ANY(%({severity.name})s) AND d.at > statement_timestamp() - %(after_{severity.name})s"
        for severity in LASTS
    )
)
"""The condition that decision `d`, overturned by `undo`, is a strike that counts now by the database's clock; its values are
COUNTING_VALUES."""
COUNTING_VALUES: dict[str, Any] = {
    **{severity.name: [each.value for each in Violation if each.severity == severity] for severity in LASTS},
    **{f"after_{severity.name}": time for severity, time in LASTS.items()},
}
_STRIKES = f"""
SELECT d.violation FROM moderation_case c JOIN moderation_decision d ON d.case_id = c.id
LEFT JOIN moderation_decision undo ON undo.overturns_id = d.id
WHERE c.author_id = %(account)s AND {COUNTING}
"""  # noqa: S608  Made from our own names.


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
    """The rules of the strikes against an account that count now, and what they weigh together."""

    strikes: tuple[Violation, ...]
    points: int


def record_of(account: User) -> Record:
    """The account's strikes and their sum, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STRIKES, {**COUNTING_VALUES, "account": account.pk})
        return add_up(violation for (violation,) in cursor.fetchall())


def add_up(violations: Iterable[str]) -> Record:
    """The record of somebody who broke these rules."""
    strikes = tuple(Violation(violation) for violation in violations)
    return Record(strikes, sum(weigh(strike) for strike in strikes))


def weigh(violation: str) -> int:
    """The points of a strike under a rule."""
    return WEIGHTS[Violation(violation).severity]


def propose(points: int) -> Rung | None:
    """What so many points call for; None for nothing."""
    return next((rung for rung in reversed(LADDER) if points >= rung.points), None)
