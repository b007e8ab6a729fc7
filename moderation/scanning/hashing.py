"""Hashed word and character n-grams of a whole batch at once.

The features of the classifier, in numpy only: the batch is laid out as one buffer of code points, rolling hashes of
windows of 3, 4 and 5 characters and of 1, 2 and 3 words are computed over the whole buffer, and windows that would
reach from one text into the next are dropped. No loop runs over characters, words or texts.

A feature's value is 1 / sqrt(number of windows of its kind in its text), so that a text's vector has about unit length.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BUCKETS = 1 << 18
"""Columns of each of the two blocks, words and characters."""

CHARACTER_WINDOWS = (3, 4, 5)
WORD_WINDOWS = (1, 2, 3)

_BREAK = 10
_MARKER = "\x02"
_LONGEST_WORD = 64
_MULTIPLIER = np.uint32(0x01000193)
_UINT32 = np.uint32

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|@\w+")
_QUOTATION = re.compile(r'"[^"]{8,}"')
_NEGATION = re.compile(
    r"\b(?:not|never|nobody|no one|don'?t|doesn'?t|stop|nicht|nie|niemals|niemand|kein\w{0,2})\b"
)

Indices = npt.NDArray[np.int64]
Buckets = npt.NDArray[np.uint32]


def _word_table() -> npt.NDArray[np.bool_]:
    """True for code points below 0x2100 that belong to words; everything from there on (emoji, CJK) does as well."""
    table = np.array([chr(code).isalnum() for code in range(0x2100)])
    table[ord(_MARKER)] = True
    return table


_WORD_CHARACTERS = _word_table()
_POWERS = np.cumprod(np.full(_LONGEST_WORD, 0x9E3779B1, dtype=_UINT32), dtype=_UINT32)


@dataclass(frozen=True, slots=True)
class Block:
    """The windows of one kind in a batch: bucket, number of the text, and first and last position in the buffer."""

    buckets: Buckets
    owners: Indices
    starts: Indices
    ends: Indices

    def counts(self, texts: int) -> npt.NDArray[np.int64]:
        return np.bincount(self.owners, minlength=texts)


def gate_text(plain: str) -> str:
    """What the classifier reads of a plain view: addresses are masked, and what frames the text is made a word.

    The masks keep the length, so that offsets stay those of the plain view; the markers stand behind the text.
    """
    masked = (
        _ADDRESS.sub(lambda found: found.group()[0] * len(found.group()), plain)
        if _has_address(plain)
        else plain
    )
    flags = [_MARKER + "m"] if masked is not plain else []
    if '"' in plain and _QUOTATION.search(plain):
        flags.append(_MARKER + "q")
    if "?" in plain:
        flags.append(_MARKER + "a")
    if _NEGATION.search(plain):
        flags.append(_MARKER + "n")
    return f" {masked}  {' '.join(flags)} "


def _has_address(plain: str) -> bool:
    return "@" in plain or "http" in plain or "www." in plain


def _mixed(hashes: Buckets, salt: int) -> Buckets:
    """Spreads a rolling hash over all bits and cuts it to a bucket."""
    mixed = (hashes ^ _UINT32(salt * 0x85EBCA6B & 0xFFFFFFFF)) * _UINT32(0x2C1B3C6D)
    mixed ^= mixed >> _UINT32(15)
    mixed *= _UINT32(0x297A2D39)
    mixed ^= mixed >> _UINT32(14)
    return mixed & _UINT32(BUCKETS - 1)


def _joined_blocks(blocks: list[Block]) -> Block:
    return Block(
        np.concatenate([block.buckets for block in blocks]),
        np.concatenate([block.owners for block in blocks]),
        np.concatenate([block.starts for block in blocks]),
        np.concatenate([block.ends for block in blocks]),
    )


def _character_block(codes: Buckets, owners: Indices) -> Block:
    blocks = []
    rolling = codes * _MULTIPLIER
    inside = codes != _BREAK
    for size in range(2, CHARACTER_WINDOWS[-1] + 1):
        rolling = (rolling[:-1] ^ codes[size - 1 :]) * _MULTIPLIER
        if size in CHARACTER_WINDOWS:
            starts = np.flatnonzero(inside[: len(rolling)] & (owners[: len(rolling)] == owners[size - 1 :]))
            blocks.append(Block(_mixed(rolling[starts], size), owners[starts], starts, starts + size))
    return _joined_blocks(blocks)


def _words(codes: Buckets, owners: Indices) -> Block:
    """One entry a word: its 32-bit hash (not yet a bucket), its text and its place."""
    belongs = np.ones(len(codes), dtype=np.bool_)
    low = codes < len(_WORD_CHARACTERS)
    belongs[low] = _WORD_CHARACTERS[codes[low]]
    belongs[0] = False
    edges = np.flatnonzero(belongs[1:] != belongs[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return Block(codes[:0], owners[:0], starts, ends)
    nearest = np.zeros(len(codes), dtype=np.int64)
    nearest[starts] = starts
    position = np.minimum(np.arange(len(codes)) - np.maximum.accumulate(nearest), _LONGEST_WORD - 1)
    terms = np.where(belongs, (codes + _UINT32(1)) * _POWERS[position], _UINT32(0))
    hashes = np.add.reduceat(terms, starts, dtype=_UINT32)
    return Block(hashes, owners[starts], starts, ends)


def _word_block(codes: Buckets, owners: Indices) -> Block:
    words = _words(codes, owners)
    blocks = [words] if not len(words.buckets) else []
    rolling = words.buckets
    for size in WORD_WINDOWS:
        if size > 1:
            rolling = (rolling[:-1] * _MULTIPLIER) ^ words.buckets[size - 1 :]
        last = len(words.owners) - size + 1
        if last <= 0:
            break
        valid = np.flatnonzero(words.owners[:last] == words.owners[size - 1 :])
        blocks.append(
            Block(
                _mixed(rolling[valid], 16 + size),
                words.owners[valid],
                words.starts[valid],
                words.ends[valid + size - 1],
            )
        )
    return _joined_blocks(blocks)


def hash_batch(gate_texts: list[str]) -> tuple[Block, Block]:
    """The word block and the character block of a batch of gate texts (see `gate_text`); positions are in the buffer.

    The buffer holds a line break before every text, which plain views never contain; a gate text is never shorter than
    its four spaces.
    """
    buffer = "\n" + "\n".join(gate_texts) + "\n"
    codes = np.frombuffer(buffer.encode("utf-32-le"), dtype="<u4").astype(_UINT32, copy=False)
    owners = np.cumsum(codes == _BREAK) - 1
    return _word_block(codes, owners), _character_block(codes, owners)
