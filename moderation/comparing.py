"""Comparing: which other cases are about nearly the same text.

The first bytes of a text's sketch (see `scanning.near_duplicates`) are cut into BANDS bands of ROWS bytes. Two cases whose texts
share a band are compared by the whole sketch, and are similar from ALIKE on. Of two texts that share the share s of their
shingles, a band is the same with probability 1 - (1 - s^ROWS)^BANDS (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
section 3.4.2): 0.89 at 0.6, 0.988 at 0.7, 0.9998 at 0.8, and 0.002 at 0.1, what two texts in one language have in common.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction

from accounts.models import User
from moderation.excerpts import shorten
from moderation.models import Case, CaseBand, CaseSketch
from moderation.models.decisions import Decision
from moderation.scanning import near_duplicates
from moderation.scanning.near_duplicates import ALIKE
from moderation.scanning.normalising import Views

ROWS = 4
BANDS = 16
MOST_SHOWN = 20
CHARACTERS = 400

# The newest of each band, one more than are shown: a flood of one text costs as many look-ups as a single copy of it.
_CANDIDATES = """
SELECT c.id, s.sketch, (SELECT sketch FROM moderation_casesketch WHERE case_id = %(of)s), c.status = 'closed', c.severity, left(c.snapshot, %(characters)s + 1), author.id, author.handle,
       author.is_staff OR author.is_superuser, c.min_role_level,
       CASE WHEN c.claimed_until > statement_timestamp() THEN holder.handle ELSE '' END
FROM (SELECT DISTINCT newest.sketch_id FROM moderation_caseband own
      CROSS JOIN LATERAL (SELECT b.sketch_id FROM moderation_caseband b
                          WHERE b.band = own.band ORDER BY b.sketch_id DESC LIMIT %(most)s + 1) newest
      WHERE own.sketch_id = %(of)s) near
JOIN moderation_casesketch s ON s.case_id = near.sketch_id JOIN moderation_case c ON c.id = s.case_id
JOIN accounts_user author ON author.id = c.author_id LEFT JOIN accounts_user holder ON holder.id = c.claimed_by_id
WHERE c.id <> %(of)s AND c.snapshot <> ''
"""


class _Candidate(NamedTuple):
    """A row of _CANDIDATES."""

    pk: int
    sketch: bytes
    own_sketch: bytes
    is_closed: bool
    severity: int
    text: str
    author: int
    handle: str
    is_staff: bool
    min_role_level: int
    held_by: str


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
    candidates = _find_candidates(case)
    likeness = dict(zip((one.pk for one in candidates), _likenesses(candidates), strict=True))
    close = _decidable([one for one in candidates if likeness[one.pk] >= ALIKE], moderator)
    found = sorted(close, key=lambda one: (one.is_closed, -likeness[one.pk], -one.pk))[:MOST_SHOWN]
    ended = _endings([one.pk for one in found if one.is_closed])
    return [
        Similar(
            pk=one.pk,
            handle=one.handle,
            severity=one.severity,
            text=shorten(one.text, CHARACTERS),
            similarity=likeness[one.pk],
            held_by=one.held_by,
            decision=ended.get(one.pk),
        )
        for one in found
    ]


def _find_candidates(case: Case) -> list[_Candidate]:
    """The newest cases that share a band with the case's text; none for a text too short, or erased."""
    values = {"of": case.pk, "most": MOST_SHOWN, "characters": CHARACTERS}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, values)
        return [_Candidate(*row) for row in cursor.fetchall()]


def _decidable(candidates: list[_Candidate], moderator: User) -> list[_Candidate]:
    """Those that `moderator` may judge; of texts of the staff `decidable_by` knows, and nearly all others are anybody's."""
    level = moderator.get_role().level
    theirs = [
        one
        for one in candidates
        if not one.is_staff and one.author != moderator.pk and one.min_role_level <= level
    ]
    unclear = [one.pk for one in candidates if one.is_staff]
    if not unclear:
        return theirs
    allowed = set(Case.objects.decidable_by(moderator).filter(pk__in=unclear).values_list("pk", flat=True))
    return theirs + [one for one in candidates if one.pk in allowed]


def _likenesses(candidates: list[_Candidate]) -> list[float]:
    """The estimated shares of common shingles; different bytes are alike once in 256 by chance."""
    if not candidates:
        return []
    own = np.frombuffer(candidates[0].own_sketch, np.uint8)
    rows = np.frombuffer(b"".join(one.sketch for one in candidates), np.uint8).reshape(-1, len(own))
    same = (rows == own).mean(axis=1)
    likenesses: list[float] = np.maximum(0.0, (256 * same - 1) / 255).tolist()
    return likenesses


def _endings(closed: list[int]) -> dict[int, Decision]:
    """The decisions that ended these cases."""
    if not closed:
        return {}
    endings = Decision.objects.filter(case__in=closed, parent=None).order_by("id")
    return {decision.case_id: decision for decision in endings}
