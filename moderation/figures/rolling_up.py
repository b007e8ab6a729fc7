"""Figures by day, made from what happened that day, by the database and its clock; a day is a day of UTC.

Every row of a day is made anew in one transaction, so that doing it twice changes nothing. A day is made every hour while it lasts,
and a last time once it is over for SETTLED, when whatever was begun in it is committed; after that it is left alone.

What counts: of a case, the first decision that closes it. What its own decider took back is as if it had not been; what somebody else
takes back counts on the day of that. A granted appeal of a reporter takes a clearing back.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from moderation import measures
from moderation.figures import sketching
from moderation.lanes import Lane
from moderation.measures import Measure
from moderation.models import DailyFigure, RolledDay

SETTLED = timedelta(minutes=10)
BACK = timedelta(days=90)
"""How far back the first roll-up goes: the longest time that the dashboard shows."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('moderation_dailyfigure', 0))"
_TODAY = "SELECT (statement_timestamp() AT TIME ZONE 'UTC')::date"
_EARLIEST = "SELECT (min(opened_at) AT TIME ZONE 'UTC')::date FROM moderation_case"

_ROLL_UP = """
WITH day AS (
    SELECT %(day)s::date::timestamp AT TIME ZONE 'UTC' AS start,
           least((%(day)s::date + 1)::timestamp AT TIME ZONE 'UTC', statement_timestamp()) AS stop
),
standing AS NOT MATERIALIZED (
    SELECT d.* FROM moderation_decision d
    WHERE d.measure = ANY(%(closing)s)
      AND NOT EXISTS (SELECT 1 FROM moderation_decision own WHERE own.overturns_id = d.id AND own.by_id = d.by_id)
),
verdict AS (
    SELECT d.* FROM standing d, day
    WHERE d.at >= day.start AND d.at < day.stop
      AND NOT EXISTS (SELECT 1 FROM standing e WHERE e.case_id = d.case_id AND e.id < d.id)
),
reversal AS (
    SELECT o.case_id, o.by_id FROM moderation_decision r JOIN moderation_decision o ON o.id = r.overturns_id, day
    WHERE r.at >= day.start AND r.at < day.stop AND o.measure = ANY(%(closing)s) AND r.by_id <> o.by_id
    UNION ALL
    SELECT o.case_id, o.by_id FROM moderation_appeal a JOIN moderation_decision o ON o.id = a.decision_id, day
    WHERE a.decided_at >= day.start AND a.decided_at < day.stop AND a.status = 'granted'
      AND o.measure = %(clear)s AND a.result_id IS NOT NULL
),
held AS (
    SELECT s.reasons, s.model, v.is_first, v.is_hit
    FROM (SELECT case_id, 1 AS is_first, (measure = %(clear)s)::int AS is_hit FROM verdict
          UNION ALL
          SELECT r.case_id, 0, 1 FROM reversal r
          WHERE NOT EXISTS (SELECT 1 FROM moderation_decision c
                            WHERE c.case_id = r.case_id AND c.measure = %(clear)s AND c.overturns_id IS NULL)) v
    JOIN moderation_case c ON c.id = v.case_id AND c.origin = 'scan'
    JOIN moderation_scan s ON s.id = c.scan_id AND s.verdict = 'hold'
),
looked AS (
    SELECT l.*, d.measure AS first_measure, d.violation AS first_violation, d.by_id AS first_by
    FROM moderation_secondlook l JOIN moderation_decision d ON d.id = l.decision_id, day
    WHERE l.at >= day.start AND l.at < day.stop
),
backlog AS (
    SELECT c.lane, c.opened_at FROM moderation_case c, day
    WHERE c.opened_at < day.stop AND (c.closed_at IS NULL OR c.closed_at >= day.stop)
)
INSERT INTO moderation_dailyfigure (day, kind, key, bucket, count, hits)
SELECT %(day)s::date, kind, left(key, 100), bucket, sum(count), sum(hits) FROM (
    SELECT 'opened' AS kind, c.lane::text AS key, 0 AS bucket, count(*) AS count, 0::bigint AS hits
    FROM moderation_case c, day WHERE c.opened_at >= day.start AND c.opened_at < day.stop GROUP BY c.lane
    UNION ALL
    SELECT 'closed', c.lane::text, 0, count(*), 0
    FROM moderation_case c, day WHERE c.closed_at >= day.start AND c.closed_at < day.stop GROUP BY c.lane
    UNION ALL
    SELECT 'action', c.lane::text, greatest(0, ceil(ln(greatest(extract(epoch FROM c.closed_at - c.opened_at), 1)::float8) / ln(%(growth)s::float8)))::int, count(*), 0
    FROM moderation_case c, day WHERE c.closed_at >= day.start AND c.closed_at < day.stop GROUP BY 2, 3
    UNION ALL
    SELECT 'backlog', lane.number::text, 0, (SELECT count(*) FROM backlog b WHERE b.lane = lane.number), 0
    FROM unnest(%(lanes)s::int[]) AS lane(number)
    UNION ALL
    SELECT 'oldest', b.lane::text, 0, floor(extract(epoch FROM min(b.opened_at)))::bigint, 0 FROM backlog b GROUP BY b.lane
    UNION ALL
    SELECT 'rule', rule.name, 0, sum(h.is_first), sum(h.is_hit)
    FROM held h CROSS JOIN LATERAL (
        SELECT DISTINCT reason->>'name' AS name FROM jsonb_array_elements(h.reasons) reason WHERE reason->>'kind' = 'rule') rule
    GROUP BY rule.name
    UNION ALL
    SELECT 'model', h.model, 0, sum(h.is_first), sum(h.is_hit) FROM held h WHERE h.model <> '' GROUP BY h.model
    UNION ALL
    SELECT 'decider', v.by_id::text, 0, count(*), 0 FROM verdict v GROUP BY v.by_id
    UNION ALL
    SELECT 'decider', r.by_id::text, 0, 0, count(*) FROM reversal r GROUP BY r.by_id
    UNION ALL
    SELECT 'looked_at', l.first_by::text, 0, count(*), count(*) FILTER (WHERE l.measure = l.first_measure)
    FROM looked l GROUP BY l.first_by
    UNION ALL
    SELECT 'agreement', l.chosen || ':' || l.first_measure || ':' || l.measure, 0, count(*),
           count(*) FILTER (WHERE l.violation = l.first_violation)
    FROM looked l GROUP BY 2
    UNION ALL
    SELECT 'sample', CASE WHEN r.post_id IS NULL THEN 'profile' ELSE 'post' END, 0, count(*),
           count(*) FILTER (WHERE v.measure <> %(clear)s)
    FROM verdict v JOIN moderation_decision_revisions judged ON judged.decision_id = v.id
    JOIN moderation_qualitysample s ON s.revision_id = judged.revision_id AND s.chosen_at <= v.at
    JOIN posts_revision r ON r.id = s.revision_id
    WHERE NOT EXISTS (
        SELECT 1 FROM moderation_decision_revisions before JOIN standing e ON e.id = before.decision_id
        WHERE before.revision_id = s.revision_id AND e.id < v.id AND e.at >= s.chosen_at)
    GROUP BY 2
) figures GROUP BY kind, left(key, 100), bucket
"""


def roll_up_due() -> list[date]:
    """Make the figures of today, and of every day that is over and not final yet; return those days, the first one first."""
    today = _get_day(_TODAY)
    last = RolledDay.objects.filter(is_final=True).order_by("-day").first()
    earliest = _get_day(_EARLIEST)
    if today is None or (last is None and earliest is None):
        return []
    first = last.day + timedelta(days=1) if last else max(earliest or today, today - BACK)
    return roll_up_since(first)


def roll_up_since(first: date) -> list[date]:
    """Make the figures of `first` and every day after it, final ones too, up to today; return those days."""
    today = _get_day(_TODAY) or first
    days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    for day in days:
        roll_up(day)
    return days


@transaction.atomic
def roll_up(day: date) -> None:
    """Make all figures of one day anew. Of two at once, one waits."""
    parameters: dict[str, Any] = {
        "day": day,
        "closing": [measure.value for measure in measures.CLOSING],
        "clear": Measure.CLEAR.value,
        "lanes": Lane.values,
        "growth": sketching.GROWTH,
        "settled": SETTLED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        DailyFigure.objects.filter(day=day).delete()
        cursor.execute(_ROLL_UP, parameters)
        cursor.execute(_NOTE, parameters)


_NOTE = """
INSERT INTO moderation_rolledday (day, rolled_at, is_final)
VALUES (%(day)s, statement_timestamp(), (%(day)s::date + 1)::timestamp AT TIME ZONE 'UTC' + %(settled)s <= statement_timestamp())
ON CONFLICT (day) DO UPDATE SET rolled_at = excluded.rolled_at, is_final = excluded.is_final
"""


def _get_day(question: str) -> date | None:
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    day: date | None = row[0] if row else None
    return day
