"""The bank of content that people took down: copies are held, whatever the other signals say.

An exact copy is looked for in the database, so that it is held from the moment its original is removed. Near copies are compared
with a picture of the bank that every worker keeps, in `near_duplicates`; it is brought up to date before a batch when it is older
than `FRESH_FOR`, so that an entry acts everywhere within that time. Whatever is found near is then looked up: what was expired
or taken out meanwhile holds nothing. When the bank cannot be read, this raises, and whoever asked clears nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from time import monotonic

import numpy as np
import numpy.typing as npt
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from moderation import auditing
from moderation.models import KnownBad
from moderation.models.known_bad import KnownBadQuerySet
from moderation.scanning import image_hashing, near_duplicates
from moderation.scanning.normalising import Views
from moderation.scanning.scanner import known_bad_digest, plain_digest
from posts.models import Revision

FRESH_FOR = 3.0
"""Seconds, so that with the time that a batch takes an entry acts everywhere within ten. To see that nothing changed takes 0.07 s
for 100,000 entries, some 2 % of a worker's time, and next to nothing for a thousand."""

_kept: list[tuple[float, near_duplicates.Bank]] = []
"""The bank as this process read it, and when; empty before it was read."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms content enters the bank."""

    violation: str
    source: KnownBad.Source
    by: User | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Prints:
    """What content is known again by."""

    kind: KnownBad.Kind
    digest: bytes
    fingerprint: int | None = None
    sketch: bytes = b""


@dataclass(frozen=True, slots=True)
class Copies:
    """The digests of those texts of a batch that are copies of known ones."""

    exact: frozenset[bytes]
    near: frozenset[bytes]


def remember(revision: Revision, *, violation: str, by: User) -> None:
    """Add what a person took down. The decision's own audit row tells of it."""
    _put(_prints_of_text(revision.gated_text), Terms(violation, KnownBad.Source.DECISION, by))


def forget(revision: Revision) -> None:
    """Take a text out again, whoever added it: its removal was overturned, which says that it may stay."""
    KnownBad.objects.filter(digest=known_bad_digest(revision.gated_text)).delete()


@transaction.atomic
def add_text(text: str, terms: Terms) -> bool:
    """Add a text that nobody posted here yet; False when it is in the bank for at least as long already."""
    return _add(_prints_of_text(text), terms)


@transaction.atomic
def add_image(content: bytes, terms: Terms) -> bool:
    """Add an image file, as `add_text` does a text. Raises ImageRefused."""
    fingerprint = image_hashing.image_hash(content)
    digest = hashlib.sha256(fingerprint.to_bytes(8)).digest()
    return _add(_Prints(KnownBad.Kind.IMAGE, digest, _signed(fingerprint)), terms)


@transaction.atomic
def expire(entries: KnownBadQuerySet, *, by: User | None) -> list[KnownBad]:
    """End entries now; return those that still acted. They stay in the table, for whoever asks what was held for them."""
    ending = list(entries.acting().select_for_update().order_by("pk"))
    KnownBad.objects.filter(pk__in=[entry.pk for entry in ending]).update(expires_at=Now())
    for entry in ending:
        auditing.record("expire_known_bad", _subject(entry), by=by)
    return ending


def copies_among(texts: Sequence[str]) -> Copies:
    """Which of `texts` are copies of something in the bank, in one to four queries for any number of them."""
    plains = [Views(text).plain for text in texts]
    digests = [plain_digest(plain) for plain in plains]
    acting = KnownBad.objects.texts().acting()
    exact = acting.filter(digest__in=set(digests)).values_list("digest", flat=True)
    near = _read_bank().find(plains)
    if any(near):
        still = set(acting.filter(pk__in=set(chain.from_iterable(near))).values_list("pk", flat=True))
        near = [[entry for entry in entries if entry in still] for entries in near]
    return Copies(
        frozenset(bytes(digest) for digest in exact),
        frozenset(digest for digest, entries in zip(digests, near, strict=True) if entries),
    )


def text_matches(text: str) -> KnownBadQuerySet:
    """The acting entries that `text` is an exact or a near copy of."""
    plain = Views(text).plain
    (near,) = _read_bank().find([plain])
    return KnownBad.objects.texts().acting().filter(Q(digest=plain_digest(plain)) | Q(pk__in=near))


def image_matches(content: bytes) -> KnownBadQuerySet:
    """The acting entries that are the same image as this file, or nearly. Raises ImageRefused."""
    asked = np.array([image_hashing.image_hash(content)], np.uint64)
    acting = KnownBad.objects.images().acting()
    entries = np.array(list(acting.values_list("pk", "fingerprint")), np.int64).reshape(-1, 2)
    known = np.ascontiguousarray(entries[:, 1]).view(np.uint64)
    _, close = near_duplicates.pairs_within(asked, known, image_hashing.CUT_OFF)
    return acting.filter(pk__in=entries[close, 0].tolist())


def _prints_of_text(text: str) -> _Prints:
    plain = Views(text).plain
    imprint = near_duplicates.imprint(plain)
    if imprint is None:
        return _Prints(KnownBad.Kind.TEXT, plain_digest(plain))
    return _Prints(KnownBad.Kind.TEXT, plain_digest(plain), _signed(imprint.simhash), imprint.sketch)


def _signed(fingerprint: int) -> int:
    """The same 64 bits as the database's integers have them."""
    return int(np.uint64(fingerprint).astype(np.int64))


def _add(prints: _Prints, terms: Terms) -> bool:
    entry, is_new = _put(prints, terms)
    if is_new:
        auditing.record(
            "add_known_bad",
            _subject(entry),
            by=terms.by,
            violation=terms.violation,
            source=terms.source.value,
            expires_at=terms.expires_at.isoformat() if terms.expires_at else "",
        )
    return is_new


def _put(prints: _Prints, terms: Terms) -> tuple[KnownBad, bool]:
    """The entry, new unless one was there that lasts as long; one that ends earlier gives way."""
    KnownBad.objects.filter(digest=prints.digest).ending_before(terms.expires_at).delete()
    return KnownBad.objects.get_or_create(
        digest=prints.digest,
        defaults={
            "kind": prints.kind,
            "fingerprint": prints.fingerprint,
            "sketch": prints.sketch,
            "violation": terms.violation,
            "source": terms.source,
            "added_by": terms.by,
            "expires_at": terms.expires_at,
        },
    )


def _subject(entry: KnownBad) -> str:
    return f"known {entry.kind} {entry}"


def _read_bank() -> near_duplicates.Bank:
    """The bank as of at most `FRESH_FOR` ago: one query when nothing changed, one more for what is new."""
    now = monotonic()
    read_at, bank = _kept[0] if _kept else (now - FRESH_FOR, near_duplicates.EMPTY)
    if now - read_at < FRESH_FOR:
        return bank
    known = KnownBad.objects.texts().known_by_likeness()
    ids = np.array(known.acting().aggregate(ids=ArrayAgg("pk", default=[]))["ids"], np.int64)
    bank = bank.only(ids)
    missing = np.setdiff1d(ids, bank.ids)
    if len(missing):
        bank = bank.plus(_load(known, missing))
    _kept[:] = [(now, bank)]
    return bank


def _load(known: KnownBadQuerySet, missing: npt.NDArray[np.int64]) -> near_duplicates.Bank:
    """The entries with these ids. They are nearly always the newest ones, so that a range asks for few others."""
    wanted = set(missing.tolist())
    rows = known.filter(pk__range=(missing.min(), missing.max())).values_list("pk", "fingerprint", "sketch")
    return near_duplicates.Bank.of(
        (pk, fingerprint % (1 << 64), bytes(sketch))
        for pk, fingerprint, sketch in rows
        if pk in wanted and fingerprint is not None
    )
