"""Comparing: which other cases are about nearly the same text.

The first bytes of a text's sketch (see `scanning.near_duplicates`) are cut into BANDS bands of ROWS bytes. Two cases whose texts
share a band are compared by the whole sketch, and are similar from ALIKE on. Of two texts that share the share s of their
shingles, a band is the same with probability 1 - (1 - s^ROWS)^BANDS (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
section 3.4.2): 0.89 at 0.6, 0.988 at 0.7, 0.9998 at 0.8, and 0.002 at 0.1, what two texts in one language have in common.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import Truncator

from accounts.models import User
from moderation.models import Case, CaseBand, CaseSketch, CaseStatus
from moderation.models.decisions import Decision
from moderation.scanning import near_duplicates
from moderation.scanning.near_duplicates import ALIKE
from moderation.scanning.normalising import Views

ROWS = 4
BANDS = 16
MOST_SHOWN = 20
CHARACTERS = 400
READ = ("pk", "status", "author__handle", "severity", "snapshot", "claimed_by__handle", "claimed_until")

# The newest of each band, one more than are shown: a flood of one text costs as many look-ups as a single copy of it.
_CANDIDATES = """
SELECT s.case_id, s.sketch FROM moderation_casesketch s WHERE s.case_id <> %(but)s AND s.case_id IN (
    SELECT newest.sketch_id FROM unnest(%(bands)s::bigint[]) AS shared(band)
    CROSS JOIN LATERAL (SELECT b.sketch_id FROM moderation_caseband b WHERE b.band = shared.band ORDER BY b.sketch_id DESC LIMIT %(most)s) newest)
"""


@dataclass(frozen=True, slots=True)
class Similar:
    """Another case about nearly the same text, as a list shows it: with who works on it, or with what ended it."""

    pk: int
    handle: str
    severity: int
    text: str
    similarity: float
    held_by: str
    decision: Decision | None

    @property
    def share(self) -> str:
        """How much of the texts is the same, for people."""
        return f"{round(100 * self.similarity)} %"


@transaction.atomic
def keep_sketches(cases: Iterable[Case]) -> None:
    """Keep the sketches of the cases' texts as they are now, instead of older ones; none of a text too short, or erased."""
    made = {case.pk: sketch for case in cases if (sketch := sketch_of(case.snapshot)) is not None}
    CaseSketch.objects.filter(case__in=cases).delete()
    CaseSketch.objects.bulk_create(CaseSketch(case_id=pk, sketch=sketch) for pk, sketch in made.items())
    CaseBand.objects.bulk_create(
        CaseBand(sketch_id=pk, band=band) for pk, sketch in made.items() for band in bands_of(sketch)
    )


def sketch_of(text: str) -> bytes | None:
    """The sketch of a text; None where it is too short to be compared."""
    imprint = near_duplicates.imprint(Views(text).plain)
    return imprint.sketch if imprint else None


def bands_of(sketch: bytes) -> list[int]:
    """One number for each band; its place is in the upper half, so that equal bytes elsewhere are another number."""
    values = np.frombuffer(sketch[: ROWS * BANDS], "<u4").astype(np.int64)
    return [int(value) for value in (np.arange(BANDS, dtype=np.int64) << 32) | values]


def similar_to(case: Case, *, moderator: User) -> list[Similar]:
    """Up to MOST_SHOWN other cases that `moderator` may judge, open ones first, then by similarity, the closest first."""
    own = sketch_of(case.snapshot)
    if own is None:
        return []
    close = _find_close(own, but=case)
    cases = Case.objects.decidable_by(moderator).exclude(snapshot="").filter(pk__in=close)
    rows = cases.values_list(*READ, named=True)
    found = sorted(rows, key=lambda row: (row.status == CaseStatus.CLOSED, -close[row.pk], -row.pk))[
        :MOST_SHOWN
    ]
    ended = _endings([row.pk for row in found if row.status == CaseStatus.CLOSED])
    now = timezone.now()
    return [
        Similar(
            pk=row.pk,
            handle=row.author__handle,
            severity=row.severity,
            text=Truncator(row.snapshot).chars(CHARACTERS),
            similarity=close[row.pk],
            held_by=row.claimed_by__handle if row.claimed_until and row.claimed_until > now else "",
            decision=ended.get(row.pk),
        )
        for row in found
    ]


def _find_close(own: bytes, *, but: Case) -> dict[int, float]:
    """The closest cases by their ids, with how close they are; more than are shown, as not everybody may judge them all."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"bands": bands_of(own), "most": MOST_SHOWN + 1, "but": but.pk})
        candidates = cursor.fetchall()
    likely = zip(
        (pk for pk, _sketch in candidates),
        _likenesses(own, [sketch for _pk, sketch in candidates]),
        strict=True,
    )
    close = sorted((pair for pair in likely if pair[1] >= ALIKE), key=lambda pair: -pair[1])
    return dict(close[: 2 * MOST_SHOWN])


def _likenesses(one: bytes, others: list[bytes]) -> list[float]:
    """The estimated shares of common shingles; different bytes are alike once in 256 by chance."""
    rows = np.frombuffer(b"".join(others), np.uint8).reshape(len(others), len(one))
    same = (rows == np.frombuffer(one, np.uint8)).mean(axis=1)
    likenesses: list[float] = np.maximum(0.0, (256 * same - 1) / 255).tolist()
    return likenesses


def _endings(closed: list[int]) -> dict[int, Decision]:
    """The decisions that ended these cases."""
    if not closed:
        return {}
    endings = Decision.objects.filter(case__in=closed, parent=None).order_by("id")
    return {decision.case_id: decision for decision in endings}
