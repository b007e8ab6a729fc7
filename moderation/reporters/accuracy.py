"""How often reporters were right: of their latest decided reports, those that led to a measure that stands.

A report whose measure was overturned says nothing about its reporter, and is not counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from moderation.measures import Measure

LATEST = 50
"""What somebody reported before that says little of how they report now; and it bounds the question."""
RECENT = 6
MOST_REJECTED = 5
"""From so many of RECENT on the desk proposes a warning: a run of errors, and not one or two of them."""

_ACCURACY = """
SELECT asked.id, count(*), count(*) FILTER (WHERE latest.led),
       count(*) FILTER (WHERE latest.place <= %(recent)s),
       count(*) FILTER (WHERE latest.place <= %(recent)s AND NOT latest.led)
FROM unnest(%(reporters)s::bigint[]) AS asked(id)
CROSS JOIN LATERAL (
    SELECT judged.led, row_number() OVER (ORDER BY judged.id DESC) AS place
    FROM (
        SELECT r.id, coalesce(measures.stands, false) AS led
        FROM moderation_report r
        JOIN moderation_case c ON c.id = r.case_id AND c.status = 'closed'
        CROSS JOIN LATERAL (
            SELECT bool_or(undo.id IS NULL) AS stands
            FROM moderation_decision d
            LEFT JOIN moderation_decision undo ON undo.overturns_id = d.id
            WHERE d.case_id = c.id AND d.measure = ANY(%(restricting)s) AND undo.is_take_back IS NOT TRUE
        ) measures
        WHERE r.reporter_id = asked.id AND measures.stands IS DISTINCT FROM false
        ORDER BY r.id DESC LIMIT %(latest)s
    ) judged
) latest
GROUP BY asked.id
"""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of `decided` reports, `led` led to a measure; of the `recent` newest ones, `rejected` did not."""

    decided: int
    led: int
    recent: int
    rejected: int

    @property
    def is_poor(self) -> bool:
        """So many of the newest reports were without reason that a moderator may warn their reporter."""
        return self.rejected >= MOST_REJECTED


NOTHING = Accuracy(decided=0, led=0, recent=0, rejected=0)


def measure_accuracy(reporters: Iterable[int]) -> dict[int, Accuracy]:
    """By id, of those who reported something that was decided, in one query."""
    values: dict[str, Any] = {
        "reporters": list(reporters),
        "restricting": [measure.value for measure in Measure if measure.restricts],
        "latest": LATEST,
        "recent": RECENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ACCURACY, values)
        return {reporter: Accuracy(*counts) for reporter, *counts in cursor.fetchall()}
