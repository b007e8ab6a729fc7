"""What many reports of one case have in common: facts for a moderator, who alone draws conclusions. Nothing here hides anything."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from moderation.models import Case
from moderation.taxonomy import Violation

AT_ONCE = timedelta(minutes=10)
MANY_AT_ONCE = 5
"""A text rarely has five independent readers who object within ten minutes; what spreads fast does, and so it is a hint only."""
FEW = 3
"""So many new accounts, or accounts that follow one another, are worth a word; fewer meet by chance."""
NEW = timedelta(days=7)
LATEST = 200
"""Of more reports than that, the signs are looked for in the latest ones; the counts are of all."""

_CROWD = """
WITH filed AS (
    SELECT id, reporter_id, reported_at, violation FROM moderation_report WHERE case_id = %(case)s
), latest AS (
    SELECT * FROM filed WHERE reporter_id IS NOT NULL ORDER BY id DESC LIMIT %(latest)s
), known AS (
    SELECT f.follower_id, f.followed_id FROM accounts_follow f
    JOIN latest one ON one.reporter_id = f.follower_id JOIN latest other ON other.reporter_id = f.followed_id
)
SELECT (SELECT count(*) FROM filed),
       (SELECT coalesce(max(together.number), 0) FROM (
            SELECT count(*) OVER (ORDER BY reported_at RANGE BETWEEN %(at_once)s PRECEDING AND CURRENT ROW) AS number
            FROM latest) together),
       (SELECT count(*) FROM latest JOIN accounts_user u ON u.id = latest.reporter_id
        WHERE u.joined_at > latest.reported_at - %(new)s),
       (SELECT count(*) FROM (SELECT follower_id FROM known UNION SELECT followed_id FROM known) linked),
       (SELECT coalesce(jsonb_object_agg(violation, number), '{}') FROM (
            SELECT violation, count(*) AS number FROM filed GROUP BY violation) by_class)
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many reported a case; at most how many within AT_ONCE; how many of them are new, or linked by follows; and for which classes."""

    reports: int
    at_once: int
    new: int
    linked: int
    by_class: dict[str, int]

    @property
    def is_suspicious(self) -> bool:
        return self.at_once >= MANY_AT_ONCE and (self.new >= FEW or self.linked >= FEW)

    @property
    def minutes(self) -> int:
        return AT_ONCE.seconds // 60

    @property
    def classes(self) -> list[tuple[str, str, int]]:
        """Code, name and number of reports of each class that was named, most first; an empty code is "something else"."""
        counted = sorted(self.by_class.items(), key=lambda item: (-item[1], item[0]))
        return [(code, str(Violation(code).label) if code else "", number) for code, number in counted]


NOBODY = Crowd(reports=0, at_once=0, new=0, linked=0, by_class={})


def look_at(case: Case) -> Crowd:
    """The crowd that reported `case`, in one query."""
    values = {"case": case.pk, "latest": LATEST, "at_once": AT_ONCE, "new": NEW}
    with connection.cursor() as cursor:
        cursor.execute(_CROWD, values)
        reports, at_once, new, linked, by_class = cursor.fetchone()
    return Crowd(reports, at_once, new, linked, json.loads(by_class))
