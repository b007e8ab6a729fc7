"""Near copies of known texts: found by SimHash, confirmed by a sketch, before anything is held for them.

Somebody who posts a removed text again changes a word, adds hashtags or addresses somebody else. Such a copy shares most
of its shingles (runs of four characters) with the text it was made from:

1. The SimHash, 64 bits from all shingles of a text, is compared with those of the whole bank by brute force.
2. What is close by that is confirmed by a sketch (b-bit minwise hashing, Li and König 2010), from which the share of common
   shingles is estimated: among short texts chance alone makes some SimHashes close.

Neither contains words: both can confirm a guess, as a digest can, and neither lists what its text consists of. They are stored,
so the functions that make them never change; all arithmetic is spelled out here for that reason.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Sketches = npt.NDArray[np.uint8]
Ids = npt.NDArray[np.int64]

SHORTEST = 24
"""Shorter texts have too few shingles: one changed word leaves less in common than two different texts may have."""

CUT_OFF = 16
"""Bits by which two SimHashes may differ to be compared further.

Measured on posts and comments in English and German. Of 29,015 pairs of a text and an edited copy of it (one word exchanged,
one or two inserted, one left out, letters swapped, hashtags added) the medians are 12 bits for texts of 24 to 39 characters, 9 up
to 79, 7 up to 159 and 4 above; 85 %, 97.1 %, 99.7 % and 100 % of the copies are within the cut-off. Of 450 million pairs of
different texts the median is 31 bits; 99 pairs in a million are within 16 (11 within 14, 674 within 18).
"""

ALIKE = 0.6
"""Estimated share of common shingles (Jaccard) from which a neighbour is a near copy.

The same copies share 0.70, 0.82, 0.90 and 0.95 (medians by length); cut-off and limit together find 72 %, 95.9 %, 99.7 % and 100 %
of them. Of the pairs of different texts 0.51 in a million are confirmed (0.66 at 0.5, 0.31 at 0.7), nearly all of them the same
sentence about somebody else. Against the 896 violations of that collection 5 of 166,043 harmless texts are near copies, 0.034
in a million comparisons.
"""

SKETCH_BYTES = 128

_SHINGLE = 4
_READ = 4_000
"""Characters of a text that are read, so that a batch of the longest texts needs no more than some 30 MB."""
_CHUNK = 4_096
"""Entries of the bank that are compared at once: what a batch is compared with stays in the processor's cache."""
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+")
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_PRIME = np.uint64(0x100000001B3)


def _spread(values: Hashes) -> Hashes:
    """The finalizer of SplitMix64: every bit of a value changes every bit of the result."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _numbers(first: int) -> npt.NDArray[np.uint32]:
    """As many fixed numbers that look random as a sketch has bytes."""
    return _spread(np.arange(first, first + SKETCH_BYTES, dtype=np.uint64) * _GOLDEN).astype(np.uint32)


_FACTORS = _numbers(1) | np.uint32(1)
_SUMMANDS = _numbers(1 + SKETCH_BYTES)


def essence(plain: str) -> str:
    """What is compared of a plain view: without links and names, which change with whom a copy is addressed to."""
    return " ".join(_ADDRESS.sub(" ", plain).split())[:_READ]


def _shingles(essences: Sequence[str]) -> tuple[Hashes, Ids]:
    """The hashes of the different shingles of every text, and where each text's begin; texts hold at least one shingle."""
    lengths = np.array([len(text) for text in essences])
    codes = np.frombuffer("".join(essences).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    hashes = codes[: 1 - _SHINGLE]
    for place in range(1, _SHINGLE):
        hashes = hashes * _PRIME + codes[place : len(codes) - _SHINGLE + 1 + place]
    owners = np.repeat(np.arange(len(essences)), lengths)
    inside = owners[: len(hashes)] == owners[_SHINGLE - 1 :]
    owners, hashes = owners[: len(hashes)][inside], _spread(hashes[inside])
    # A shingle counts once a text, so that a long row of the same characters does not drown the words.
    _, first = np.unique(hashes ^ _spread(owners.astype(np.uint64) * _GOLDEN), return_index=True)
    first.sort()
    return hashes[first], np.searchsorted(owners[first], np.arange(len(essences)))


def _simhashes(essences: Sequence[str]) -> Hashes:
    hashes, starts = _shingles(essences)
    bits = np.unpackbits(hashes.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1)
    ones = np.add.reduceat(bits, starts, axis=0, dtype=np.int64)
    sizes = np.diff(starts, append=len(hashes))
    packed = np.packbits(2 * ones > sizes[:, None], axis=1)
    return np.ascontiguousarray(packed).view("<u8").reshape(-1).astype(np.uint64)


def _sketch(text: str) -> Sketches:
    """For each of fixed permutations one byte of the shingle that it puts first."""
    hashes, _ = _shingles([text])
    permuted = hashes.astype(np.uint32)[:, None] * _FACTORS + _SUMMANDS
    least: npt.NDArray[np.uint32] = permuted.min(axis=0)
    return (least >> np.uint32(8)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is stored of a text to know near copies of it."""

    simhash: int
    sketch: bytes


def imprint(plain: str) -> Imprint | None:
    """The imprint of a plain view; None for a text so short that only exact copies of it are known."""
    text = essence(plain)
    if len(text) < SHORTEST:
        return None
    return Imprint(int(_simhashes([text])[0]), _sketch(text).tobytes())


def pairs_within(asked: Hashes, known: Hashes, distance: int) -> tuple[Ids, Ids]:
    """Places in `asked` and in `known` of all pairs that differ in at most `distance` bits, by brute force."""
    rows, columns = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start in range(0, len(known), _CHUNK):
        chunk = known[start : start + _CHUNK]
        close = np.flatnonzero(np.bitwise_count(asked[:, None] ^ chunk) <= distance)
        rows.append(close // len(chunk))
        columns.append(close % len(chunk) + start)
    return np.concatenate(rows), np.concatenate(columns)


@dataclass(frozen=True, slots=True)
class Bank:
    """Imprints with the ids of their entries; never changed, only replaced."""

    ids: Ids
    simhashes: Hashes
    sketches: Sketches

    @classmethod
    def of(cls, entries: Iterable[tuple[int, int, bytes]]) -> "Bank":
        """A bank of (id, SimHash, sketch)."""
        listed = list(entries)
        sketches = np.frombuffer(b"".join(sketch for _, _, sketch in listed), np.uint8)
        return cls(
            np.array([entry for entry, _, _ in listed], np.int64),
            np.array([simhash for _, simhash, _ in listed], np.uint64),
            sketches.reshape(-1, SKETCH_BYTES),
        )

    def only(self, ids: Ids) -> "Bank":
        """Without the entries that are not among `ids`."""
        kept = np.isin(self.ids, ids)
        return self if kept.all() else Bank(self.ids[kept], self.simhashes[kept], self.sketches[kept])

    def plus(self, other: "Bank") -> "Bank":
        return Bank(
            np.concatenate([self.ids, other.ids]),
            np.concatenate([self.simhashes, other.simhashes]),
            np.concatenate([self.sketches, other.sketches]),
        )

    def find(self, plains: Sequence[str]) -> list[list[int]]:
        """For each plain view, in order, the ids of those entries that it is a confirmed near copy of."""
        found: list[list[int]] = [[] for _ in plains]
        if not len(self.ids):
            return found
        essences = {
            place: text for place, plain in enumerate(plains) if len(text := essence(plain)) >= SHORTEST
        }
        if not essences:
            return found
        places, texts = list(essences), list(essences.values())
        rows, columns = pairs_within(_simhashes(texts), self.simhashes, CUT_OFF)
        for row in np.unique(rows):
            found[places[row]] = self._confirm(texts[row], columns[rows == row])
        return found

    def _confirm(self, text: str, neighbours: Ids) -> list[int]:
        """Those neighbours whose sketch says that they share enough; different bytes are alike once in 256 by chance."""
        same = (self.sketches[neighbours] == _sketch(text)).mean(axis=1)
        alike = (256 * same - 1) / 255
        return [int(entry) for entry in self.ids[neighbours[alike >= ALIKE]]]


EMPTY = Bank.of([])
