"""Breakers: a rule that runs wild, errs too often or falls silent only watches from then on, and somebody is told.

A breaker narrows what a rule does to texts that come. What is held stays held for people. When it cannot be evaluated, it raises, and
nothing changes.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

import structlog
from django.db import connection

from moderation.models import NarrowedRule, RuleTally, RuleVersion
from moderation.rule_states import Breaker
from moderation.rulebook import narrowing, stepping, tallying

FLOOD_SHARE = 0.05
"""Of the texts of the last hour that a rule may hit."""
FLOOD_FROM = 200
"""Texts within the hour from which that is judged, and so 10 hits: fewer say nothing."""
MOST_CLEARED = 0.75
"""Of what people decided in the last seven days about a rule's holds."""
CLEARED_FROM = 20
SILENCE_FROM = 20
"""Hits to be expected in the last six hours by the rate of the week before: if hits come at random (Poisson), none of 20 has a
probability of e^-20, two in a thousand million."""

logger = structlog.get_logger(__name__)

# Counts from before a rule came to where it stands say nothing about it.
_FIGURES = """
SELECT r.name, r.share, r.pk, t.hits_hour, j.texts_hour, t.hits_now, j.texts_now, t.hits_week, j.texts_week, t.cleared, t.upheld
FROM unnest(%(names)s::text[], %(sinces)s::timestamptz[], %(shares)s::int[], %(pks)s::bigint[]) AS r(name, since, share, pk)
CROSS JOIN LATERAL (
    SELECT coalesce(sum(hits) FILTER (WHERE slot > statement_timestamp() - interval '1 hour'), 0) AS hits_hour,
           coalesce(sum(hits) FILTER (WHERE slot > statement_timestamp() - interval '6 hours'), 0) AS hits_now,
           coalesce(sum(hits) FILTER (WHERE slot <= statement_timestamp() - interval '6 hours'), 0) AS hits_week,
           coalesce(sum(cleared), 0) AS cleared, coalesce(sum(upheld), 0) AS upheld
    FROM moderation_ruletally WHERE name = r.name
      AND slot > greatest(r.since, statement_timestamp() - interval '7 days')) t
CROSS JOIN LATERAL (
    SELECT coalesce(sum(hits) FILTER (WHERE slot > statement_timestamp() - interval '1 hour'), 0) AS texts_hour,
           coalesce(sum(hits) FILTER (WHERE slot > statement_timestamp() - interval '6 hours'), 0) AS texts_now,
           coalesce(sum(hits) FILTER (WHERE slot <= statement_timestamp() - interval '6 hours'), 0) AS texts_week
    FROM moderation_ruletally WHERE name = %(judged)s
      AND slot > greatest(r.since, statement_timestamp() - interval '7 days')) j
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a rule did lately, since it stands where it does; `share` is the percentage of texts that it may hold."""

    name: str
    share: int
    version: int | None
    hits_hour: int
    texts_hour: int
    hits_now: int
    texts_now: int
    hits_week: int
    texts_week: int
    cleared: int
    upheld: int


def judge(figures: Figures) -> Breaker | None:
    """Which breaker a rule trips, if any."""
    heard = figures.texts_hour * figures.share / 100
    if heard >= FLOOD_FROM and figures.hits_hour > FLOOD_SHARE * heard:
        return Breaker.FLOOD
    decided = figures.cleared + figures.upheld
    if decided >= CLEARED_FROM and figures.cleared > MOST_CLEARED * decided:
        return Breaker.CLEARED
    expected = figures.texts_now * figures.hits_week / max(1, figures.texts_week)
    if not figures.hits_now and expected >= SILENCE_FROM:
        return Breaker.SILENCE
    return None


def trip_due() -> int:
    """Narrow every rule whose figures say so, and sound the alarm; return how many."""
    tripped = 0
    for figures in _figures():
        breaker = judge(figures)
        if breaker is not None and _narrow(figures, breaker):
            logger.error("rule_breaker_tripped", breaker=breaker.value, **asdict(figures))
            tripped += 1
    return tripped


def _narrow(figures: Figures, breaker: Breaker) -> bool:
    """False when a person was faster."""
    if figures.version is None:
        narrowing.narrow_shipped(figures.name, breaker)
        return True
    version = RuleVersion.objects.holding().with_people().filter(pk=figures.version).first()
    if version is None:
        return False
    try:
        stepping.narrow(version, breaker)
    except stepping.StepRefused:
        return False
    return True


def _figures() -> list[Figures]:
    rows = [*_house_rules(), *_shipped_rules()]
    if not rows:
        return []
    names, sinces, shares, pks = map(list, zip(*rows, strict=True))
    columns = {"names": names, "sinces": sinces, "shares": shares, "pks": pks}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {**columns, "judged": tallying.JUDGED})
        return [Figures(*row) for row in cursor.fetchall()]


_Row = tuple[str, datetime | None, int, int | None]


def _house_rules() -> list[_Row]:
    holding = RuleVersion.objects.holding().select_related("rule")
    return [(version.label, version.since, version.share or 100, version.pk) for version in holding]


def _shipped_rules() -> list[_Row]:
    """Those that hit something lately and are not narrowed; counted from when a person last lifted that."""
    narrowed = set(NarrowedRule.objects.acting().values_list("name", flat=True))
    lifted = dict(
        NarrowedRule.objects.exclude(lifted_at=None).order_by("lifted_at").values_list("name", "lifted_at")
    )
    names = RuleTally.objects.of_shipped_rules().values_list("name", flat=True).distinct()
    return [(name, lifted.get(name), 100, None) for name in names if name not in narrowed]
