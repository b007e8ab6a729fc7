"""How much waits, told in one query that reads a bounded part of the queue's index."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from moderation.taxonomy import Severity

MOST_COUNTED = 1000

_LANES = """
SELECT lane.severity,
       (SELECT count(*) FROM (SELECT 1 FROM moderation_case c
                              WHERE c.status = 'open' AND c.severity = lane.severity LIMIT %s) counted),
       (SELECT c.opened_at FROM moderation_case c
        WHERE c.status = 'open' AND c.severity = lane.severity ORDER BY c.opened_at LIMIT 1)
FROM unnest(%s::int[]) AS lane(severity) ORDER BY lane.severity DESC
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """The open cases of one severity: how many (at most MOST_COUNTED), and since when the oldest waits."""

    severity: Severity
    count: int
    oldest_at: datetime | None

    @property
    def has_more(self) -> bool:
        return self.count >= MOST_COUNTED


def by_severity() -> list[Lane]:
    """One lane for every severity, the worst first."""
    with connection.cursor() as cursor:
        cursor.execute(_LANES, [MOST_COUNTED, Severity.values])
        return [Lane(Severity(severity), count, oldest) for severity, count, oldest in cursor.fetchall()]
