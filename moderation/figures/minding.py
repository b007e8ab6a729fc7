"""Minding those who judge: what they were shown, and when a break is due. A reminder never keeps anybody from work.

It is all read from the trail of their own acts, through one index; there is no further record of who works how much. How somebody
wants to be reminded is their own affair: it stands in no trail and is counted nowhere, like a skip.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from accounts.models import User
from moderation.models import BreakSettings
from moderation.models.decisions import AT_WORK
from moderation.models.figures import BreakAfter
from moderation.taxonomy import Severity, Violation

BREAK = timedelta(minutes=10)
"""Without an act for as long as a claim lasts, somebody was away from the desk."""
NOT_NOW = timedelta(minutes=15)
MOST_SEVERE = 30
"""High-severity cases after which a break is due however little time has passed: with the care that such a case takes, one to three
minutes, they are about an hour of nothing else."""
LOOK_BACK = timedelta(hours=4)
"""A stretch of work that began before this counts from here; reminded of a break is everybody long before."""

ASKED_EVERY = timedelta(minutes=1)

_SHOWING = ("claim", "claim_second_look")
# Acts name a case by its `str`.
_STRETCH = """
WITH act AS (
    SELECT r.id, r.at, r.verb, r.subject, r.at - lag(r.at) OVER (ORDER BY r.at, r.id) >= %(break)s AS is_after_break
    FROM moderation_auditrow r
    WHERE r.actor_id = %(moderator)s AND r.verb = ANY(%(at_work)s) AND r.at > statement_timestamp() - %(look_back)s
),
stretch AS (
    SELECT * FROM act WHERE at >= coalesce((SELECT max(at) FROM act WHERE is_after_break), '-infinity')
)
SELECT floor(extract(epoch FROM statement_timestamp() - min(r.at)) / 60)::int,
       count(DISTINCT c.id) FILTER (WHERE c.severity = %(high)s)
FROM stretch r LEFT JOIN moderation_case c ON r.verb = ANY(%(showing)s) AND c.id = substring(r.subject FROM '^case ([0-9]+)$')::bigint
LEFT JOIN moderation_breaksettings s ON s.moderator_id = %(moderator)s
GROUP BY s.after, s.quiet_until
HAVING max(r.at) > statement_timestamp() - %(break)s AND coalesce(s.quiet_until, '-infinity') <= statement_timestamp()
   AND coalesce(s.after, %(usual)s) > 0
   AND (statement_timestamp() - min(r.at) >= make_interval(mins => coalesce(s.after, %(usual)s))
        OR count(DISTINCT c.id) FILTER (WHERE c.severity = %(high)s) >= %(most_severe)s)
"""

_QUIET = (
    "SELECT 1 FROM moderation_breaksettings WHERE moderator_id = %s AND quiet_until > statement_timestamp()"
)

_SHOWN = """
SELECT c.severity, c.violation,
       count(DISTINCT c.id) FILTER (WHERE r.at > statement_timestamp() - interval '1 hour'),
       count(DISTINCT c.id) FILTER (WHERE r.at >= date_trunc('day', statement_timestamp(), 'UTC'))
FROM moderation_auditrow r JOIN moderation_case c ON c.id = substring(r.subject FROM '^case ([0-9]+)$')::bigint
WHERE r.actor_id = %(moderator)s AND r.verb = ANY(%(at_work)s) AND r.verb = ANY(%(showing)s)
  AND r.at >= least(date_trunc('day', statement_timestamp(), 'UTC'), statement_timestamp() - interval '1 hour')
GROUP BY c.severity, c.violation ORDER BY c.severity DESC, 4 DESC, c.violation
"""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A break is due: after so many minutes without one, in which so many cases of high severity were shown."""

    minutes: int
    severe: int


_asked: dict[int, tuple[float, Reminder | None]] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    """How many different cases of one severity and class somebody took to look at."""

    severity: Severity
    violation: Violation | None
    last_hour: int
    today: int


def get_reminder(moderator: User) -> Reminder | None:
    """The reminder that is due now; None while work is short, on a break, after "not now", and for those who want none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STRETCH, _about(moderator))
        row = cursor.fetchone()
    return Reminder(*row) if row else None


def remind(moderator: User) -> Reminder | None:
    """`get_reminder` for the pages at which somebody works, a minute old at most; "not now" holds at once. One query at least.

    It reads every act of hours of work, and those pages are asked for every few seconds: this process asks once a minute.
    """
    asked_at, reminder = _asked.get(moderator.pk, (0.0, None))
    if not asked_at or time.monotonic() - asked_at > ASKED_EVERY.total_seconds():
        reminder = get_reminder(moderator)
        _asked[moderator.pk] = time.monotonic(), reminder
    elif reminder and _is_quiet(moderator):
        return None
    return reminder


def _is_quiet(moderator: User) -> bool:
    """After "not now"."""
    with connection.cursor() as cursor:
        cursor.execute(_QUIET, [moderator.pk])
        return cursor.fetchone() is not None


def list_shown(moderator: User) -> list[Shown]:
    """What somebody was shown in the last hour and today (of UTC), the worst first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, _about(moderator))
        rows = cursor.fetchall()
    return [
        Shown(Severity(severity), Violation(violation) if violation else None, last_hour, today)
        for severity, violation, last_hour, today in rows
    ]


def get_settings(moderator: User) -> BreakSettings:
    """How somebody wants to be reminded; the usual where they said nothing."""
    return BreakSettings.objects.filter(moderator=moderator).first() or BreakSettings(moderator=moderator)


def choose(after: BreakAfter, *, by: User) -> None:
    """Be reminded after another time, or never."""
    BreakSettings.objects.update_or_create(moderator=by, defaults={"after": after})


def not_now(*, by: User) -> None:
    """No reminder for NOT_NOW."""
    BreakSettings.objects.update_or_create(moderator=by, defaults={"quiet_until": Now() + NOT_NOW})


def _about(moderator: User) -> dict[str, Any]:
    return {
        "moderator": moderator.pk,
        "at_work": list(AT_WORK),
        "showing": list(_SHOWING),
        "break": BREAK,
        "look_back": LOOK_BACK,
        "high": Severity.HIGH.value,
        "usual": BreakAfter.USUAL.value,
        "most_severe": MOST_SEVERE,
    }
