"""What waits: the cases in order of work, and how many there are, told in one query that reads a bounded part of the queue's index."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from moderation.lanes import Lane
from moderation.models import Case, CaseQuerySet
from moderation.models.reports import with_report_counts

OPEN, MINE, CLOSED = "open", "mine", "closed"
MOST_COUNTED = 1000

_LANES = """
SELECT lane.number,
       (SELECT count(*) FROM (SELECT 1 FROM moderation_case c
                              WHERE c.status IN ('open', 'proposed') AND c.lane = lane.number LIMIT %(most)s) counted),
       (SELECT count(*) FROM (SELECT 1 FROM moderation_case c
                              WHERE c.status IN ('open', 'proposed') AND c.lane = lane.number AND c.due_at <= statement_timestamp() LIMIT %(most)s) counted),
       (SELECT c.due_at FROM moderation_case c
        WHERE c.status IN ('open', 'proposed') AND c.lane = lane.number ORDER BY c.due_at LIMIT 1)
FROM unnest(%(lanes)s::int[]) AS lane(number) ORDER BY lane.number
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open cases of one lane: how many, how many of them overdue (each at most MOST_COUNTED), and when the first is or was due."""

    lane: Lane
    count: int
    overdue: int
    first_due_at: datetime | None

    @property
    def has_more(self) -> bool:
        return self.count >= MOST_COUNTED

    @property
    def has_more_overdue(self) -> bool:
        return self.overdue >= MOST_COUNTED

    @property
    def is_alarming(self) -> bool:
        """Harm may be near, and nobody looked in time."""
        return self.lane == Lane.IMMINENT and self.overdue > 0


def by_lane() -> list[Waiting]:
    """One row for every lane, the most urgent first."""
    with connection.cursor() as cursor:
        cursor.execute(_LANES, {"most": MOST_COUNTED, "lanes": Lane.values})
        return [Waiting(Lane(number), *figures) for number, *figures in cursor.fetchall()]


def cases_for(
    moderator: User, *, show: str = OPEN, after: int | None = None, language: str = "", **equal: str
) -> CaseQuerySet:
    """The cases that a moderator may judge, in order of work; closed ones newest first.

    `show` is OPEN, MINE (a running claim) or CLOSED; `after` is the id of the case before the first one; `equal` gives the class
    (`violation`) and the `origin`, where they are asked for.
    """
    cases = with_report_counts(Case.objects.decidable_by(moderator).with_author().filter(**equal))
    if language:
        cases = cases.in_language(language)
    last = Case.objects.filter(pk=after).first() if after else None
    if show == CLOSED:
        cases = cases.closed().order_by("-pk")
        return cases.filter(pk__lt=last.pk) if last else cases
    cases = (cases.claimed_by_now(moderator) if show == MINE else cases.open()).in_order()
    return cases.after(last) if last else cases
