"""Rules in the shadow: they read live texts after these were judged, within a budget of their own, and hold nothing."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from time import monotonic

import structlog
from django.db import transaction
from django.db.models.functions import Now

from moderation.models import ShadowHit
from moderation.rulebook import tallying
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.refusals import MatcherFailed
from posts.models import Revision

BUDGET = 0.05
"""Seconds a batch. A batch of 128 texts takes a worker about as long; rules in the shadow slow it down by half at most."""
KEPT = timedelta(days=30)

logger = structlog.get_logger(__name__)


def watch(revisions: Sequence[Revision], watcher: Matcher | None, *, budget: float = BUDGET) -> None:
    """Note which of these judged texts the rules in the shadow hit, as far as the budget goes.

    Never fails: what goes wrong here is logged, and the texts stay as they were judged.
    """
    if watcher is None:
        return
    try:
        _note(*_look(revisions, watcher, budget))
    except Exception:  # The texts are judged already; no shadow may disturb what comes next.
        logger.exception("shadow_rules_failed")


def _look(
    revisions: Sequence[Revision], watcher: Matcher, budget: float
) -> tuple[list[tuple[str, Revision]], int]:
    found: list[tuple[str, Revision]] = []
    end, read = monotonic() + budget, 0
    for revision in revisions:
        if monotonic() >= end:
            break
        read += 1
        try:
            hits = watcher.find(Views(revision.gated_text))
        except MatcherFailed:
            continue  # A text that the engine gave up on was held as an error; no rule hit it.
        found += [(hit.rule.name, revision) for hit in hits]
    return found, read


@transaction.atomic
def _note(found: list[tuple[str, Revision]], read: int) -> None:
    # A batch that comes twice finds its hits noted already.
    ShadowHit.objects.bulk_create(
        [ShadowHit(name=name, revision=revision) for name, revision in found], ignore_conflicts=True
    )
    tallying.count_hits({tallying.WATCHED: read, **Counter(name for name, _ in found)})


def forget_old() -> int:
    """Delete old hits; return how many."""
    return ShadowHit.objects.filter(at__lt=Now() - KEPT).delete()[0]
