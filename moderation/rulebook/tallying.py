"""Counting what rules do: once a batch and once a decision, in slots of ten minutes, by the database's clock."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from moderation.measures import Measure
from moderation.models import Decision, RuleTally

JUDGED = "(judged)"
"""Under this name stand the texts that were judged."""
WATCHED = "(watched)"
"""Under this one those that the rules in the shadow read; their budget may have ended before the batch did."""
KEPT = timedelta(days=35)

# In the order of names, so that two who count at once wait for each other in one direction.
_ADD = """
INSERT INTO moderation_ruletally AS tally (name, slot, hits, cleared, upheld)
SELECT name, date_bin('10 minutes', statement_timestamp(), timestamptz '2000-01-01 00:00:00+00'), hits, cleared, upheld
FROM unnest(%s::text[], %s::int[], %s::int[], %s::int[]) AS added(name, hits, cleared, upheld) ORDER BY name
ON CONFLICT (name, slot) DO UPDATE SET hits = tally.hits + excluded.hits,
    cleared = tally.cleared + excluded.cleared, upheld = tally.upheld + excluded.upheld
"""


def names_in(reasons: Sequence[Mapping[str, Any]]) -> set[str]:
    """The rules that a scan's reasons name."""
    return {reason["name"] for reason in reasons if reason["kind"] == "rule"}


def count_hits(hits: Mapping[str, int]) -> None:
    """Add hits by name. The caller holds the transaction, and has taken every other lock already."""
    names = list(hits)
    _add(names, [hits[name] for name in names], [0] * len(names), [0] * len(names))


def count_batch(texts: int, reasons: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    """So many texts were judged, and these were the reasons of those that were held."""
    hits = Counter(name for each in reasons for name in names_in(each))
    count_hits({JUDGED: texts, **hits})


def note_decision(decision: Decision) -> None:
    """What a person decided about a text speaks for or against the rules that held it. The caller holds the decision's transaction.

    A later decision about the same case moves what the earlier one had said.
    """
    scan = decision.case.scan
    names = sorted(names_in(scan.reasons)) if scan else []
    if not names:
        return
    is_first = not decision.case.decisions.filter(parent=None).exclude(pk=decision.pk).exists()
    for_it, against = (1, 0 if is_first else -1), (0 if is_first else -1, 1)
    upheld, cleared = for_it if Measure(decision.measure).restricts else against
    _add(names, [0] * len(names), [cleared] * len(names), [upheld] * len(names))


def forget_old() -> int:
    """Delete what is older than anybody asks about; return how many rows."""
    return RuleTally.objects.old(than=KEPT).delete()[0]


def _add(names: list[str], hits: list[int], cleared: list[int], upheld: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [names, hits, cleared, upheld])
