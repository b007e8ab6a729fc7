"""Comparing: which other cases are about nearly the same text.

The sketch of a text (see `scanning.near_duplicates`) is cut into bands of ROWS bytes; two cases whose texts share a band are
compared, byte by byte, and are similar from ALIKE on. Of two texts that share the share s of their shingles, one of the n bands
is the same with probability 1 - (1 - s^ROWS)^n (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, section 3.4.2):
with ROWS = 4 and n = 32, 0.988 at 0.6 and 1 - 10^-7 at 0.8, but 0.23 at 0.3.
"""

from dataclasses import dataclass

import numpy as np

from accounts.models import User
from moderation.models import Case, CaseSketch, CaseStatus
from moderation.models.decisions import Decision
from moderation.scanning import near_duplicates
from moderation.scanning.near_duplicates import ALIKE
from moderation.scanning.normalising import Views

ROWS = 4
MOST_SHOWN = 20
MOST_COMPARED = 200
"""Candidates that are compared, open cases and newest first: a flood of one text has many, and twenty of them are shown."""


@dataclass(frozen=True, slots=True)
class Similar:
    """Another case about nearly the same text; `decision` is what ended it, None while it is open."""

    case: Case
    similarity: float
    decision: Decision | None

    @property
    def share(self) -> str:
        """How much of the texts is the same, for people."""
        return f"{round(100 * self.similarity)} %"


def keep_sketch(case: Case) -> CaseSketch | None:
    """Make and keep the sketch of the case's text as it is now; None where it is too short, or erased."""
    made = sketch_of(case)
    if made is None:
        CaseSketch.objects.filter(case=case).delete()
        return None
    prints = {"sha256": made.sha256, "sketch": made.sketch, "bands": made.bands}
    return CaseSketch.objects.update_or_create(case=case, defaults=prints)[0]


def sketch_of(case: Case) -> CaseSketch | None:
    """The sketch of the case's text, not kept yet."""
    imprint = near_duplicates.imprint(Views(case.snapshot).plain)
    if imprint is None:
        return None
    return CaseSketch(
        case=case, sha256=case.snapshot_sha256, sketch=imprint.sketch, bands=bands_of(imprint.sketch)
    )


def bands_of(sketch: bytes) -> list[int]:
    """One number for each band; its place is in the upper half, so that equal bytes elsewhere are another number."""
    values = np.frombuffer(sketch, "<u4").astype(np.int64)
    return [int(value) for value in (np.arange(len(values), dtype=np.int64) << 32) | values]


def similar_to(case: Case, *, moderator: User) -> list[Similar]:
    """Up to MOST_SHOWN other cases that `moderator` may judge, open ones first, then by similarity, the closest first."""
    own = sketch_of(case)
    if own is None:
        return []
    # What shares a band is mostly nothing: whole cases are asked for only when something is close.
    candidates = (
        CaseSketch.objects.sharing(own.bands)
        .filter(case__in=Case.objects.decidable_by(moderator).exclude(snapshot=""))
        .exclude(case=case.pk)
        .order_by("-case__status", "-case_id")
        .values_list("case_id", "case__status", "sketch")[:MOST_COMPARED]
    )
    close = [
        (pk, status == CaseStatus.CLOSED, likeness)
        for pk, status, sketch in candidates
        if (likeness := _likeness(own.sketch, sketch)) >= ALIKE
    ]
    close.sort(key=lambda found: (found[1], -found[2]))
    return _fetch({pk: likeness for pk, _is_closed, likeness in close[:MOST_SHOWN]})


def _likeness(one: bytes | memoryview, other: bytes | memoryview) -> float:
    """The estimated share of common shingles; different bytes are alike once in 256 by chance."""
    same = np.frombuffer(bytes(one), np.uint8) == np.frombuffer(bytes(other), np.uint8)
    return max(0.0, (256 * float(same.mean()) - 1) / 255)


def _fetch(close: dict[int, float]) -> list[Similar]:
    """The cases with these ids, in this order."""
    if not close:
        return []
    cases = Case.objects.with_author().in_bulk(list(close))
    return _with_decisions([(cases[pk], likeness) for pk, likeness in close.items()])


def _with_decisions(close: list[tuple[Case, float]]) -> list[Similar]:
    closed = [case.pk for case, _likeness in close if case.status == CaseStatus.CLOSED]
    endings = Decision.objects.filter(case__in=closed, parent=None).order_by("id")
    ended = {decision.case_id: decision for decision in endings}
    return [Similar(case, likeness, ended.get(case.pk)) for case, likeness in close]
