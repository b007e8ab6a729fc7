"""The order of work: where a case stands within its track, computed in one place by the database.

A case stands where its due time is, brought forward by up to half of its lane's time, the more the heavier it is:

    rank_at = due_at - lane time / 2 * min(1, log2(1 + weight) / 20)

    weight of what people can see     severity * probability * expected views
    weight of what the machine holds  (1 - probability) * reach: what is least likely a violation waits least
    weight of what chance chose       0

Waiting counts for itself: what is opened later is also due later, so that nothing has to be computed anew as time passes and
the order is a plain index. No case is overtaken by one that was opened more than a known time after it
(`docs/decisions/0007-the-queue.md`). `place` runs when a case opens or is joined, `refresh` in the sweep, as reach grows.
"""

from datetime import timedelta
from typing import Any

from django.db import connection

from moderation.lanes import Lane
from moderation.models import Case

HEAVIEST = 20
"""The weight, in doublings, from which on more of it changes nothing: a million readers of a certain violation."""
UNKNOWN_PROBABILITY = 0.5
DOUBT_AFTER_REPORT = 0.8
"""What a report leaves of the doubt that a text breaks the rules."""
MOST_REPORTS = 10
"""Further reports on the same text say nothing new: a crowd moves a case up, not without end."""
MOST_FOLLOWERS = 10_000
REACTION = 10
"""Readers for whom one upvote, echo or comment stands."""
WORTH_MOVING = timedelta(minutes=1)

# What of the rows to be placed stands in `{cases}`; every value comes as a parameter.
_PLACE = """
WITH placed AS (
    SELECT c.id, fresh.rank_at
    FROM moderation_case c
    JOIN unnest(%(lanes)s::int[], %(head_starts)s::interval[]) AS lane(number, head_start) ON lane.number = c.lane
    JOIN posts_revision r ON r.id = c.revision_id
    LEFT JOIN posts_post p ON p.id = c.post_id
    LEFT JOIN moderation_scan s ON s.revision_id = r.id
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM (
            SELECT 1 FROM moderation_report WHERE case_id = c.id LIMIT %(most_reports)s) counted
    ) reports
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM (
            SELECT 1 FROM accounts_follow
            WHERE followed_id = coalesce(p.author_id, c.profile_id) AND p.visibility IS DISTINCT FROM 'mentioned'
            LIMIT %(most_followers)s) counted
    ) followers
    CROSS JOIN LATERAL (
        SELECT 1 + followers.number
               + %(reaction)s * coalesce(p.upvote_count::float8 + p.echo_count + p.comment_count, 0) AS readers,
               1 - coalesce(s.score, %(unknown)s) AS doubt
    ) known
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.origin = 'sample' THEN 0
                    WHEN r.status = 'cleared'
                    THEN c.severity / 3.0 * (1 - known.doubt * %(after_report)s ^ reports.number) * known.readers
                    ELSE known.doubt * known.readers END::float8 AS of_case
    ) weight
    CROSS JOIN LATERAL (
        SELECT c.due_at - lane.head_start * least(1, ln(1 + weight.of_case) / ln(2) / %(heaviest)s) AS rank_at
    ) fresh
    WHERE {cases} AND (fresh.rank_at > c.rank_at + %(worth_moving)s OR fresh.rank_at < c.rank_at - %(worth_moving)s)
    FOR NO KEY UPDATE OF c SKIP LOCKED
)
UPDATE moderation_case c SET rank_at = placed.rank_at FROM placed WHERE placed.id = c.id
"""
_ONE = _PLACE.format(cases="c.id = %(case)s")
_OPEN = _PLACE.format(cases="c.status IN ('open', 'proposed')")


def place(case: Case) -> None:
    """Give a case its place. The caller holds its transaction and the lock on it."""
    _run(_ONE, worth_moving=timedelta(0), case=case.pk)
    case.refresh_from_db(fields=["due_at", "rank_at"])


def refresh() -> int:
    """Move the open cases whose weight changed, and return how many did. Waits for nobody: what is locked moves next time."""
    return _run(_OPEN, worth_moving=WORTH_MOVING)


def _run(statement: str, **values: Any) -> int:
    constants: dict[str, Any] = {
        "lanes": Lane.values,
        "head_starts": [Lane(lane).time / 2 for lane in Lane.values],
        "heaviest": HEAVIEST,
        "unknown": UNKNOWN_PROBABILITY,
        "after_report": DOUBT_AFTER_REPORT,
        "most_reports": MOST_REPORTS,
        "most_followers": MOST_FOLLOWERS,
        "reaction": REACTION,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, {**constants, **values})
        moved: int = cursor.rowcount
        return moved
