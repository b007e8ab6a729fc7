"""The words that English and German posts are made of, with how often each was counted (`data/common_words.txt`).

They tell a disguised word from a rare one: what is unknown as it stands, and common once the disguise is off, was disguised.
"""

import math
import re
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "common_words.txt"
_SHORTEST_INDEXED, _LONGEST, _LONGEST_SPLIT = 5, 24, 16
_UNKNOWN_LETTER = 14.0
"""What a letter that belongs to no word costs in a segmentation, in nats: more than all but the rarest words."""
_CACHED = 20_000
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
"""No word of either language has a letter three times in a row."""


def _read_counts() -> dict[str, int]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count in (line.split() for line in lines if not line.startswith("#"))}


_COUNTS = _read_counts()
_TOTAL = sum(_COUNTS.values())
_COST = {word: math.log(_TOTAL / count) for word, count in _COUNTS.items()}


def _without_one(word: str) -> set[str]:
    """The word with each of its inner letters left out; nobody mistypes the first and the last one."""
    return {word[:place] + word[place + 1 :] for place in range(1, len(word) - 1)}


def _by_gap() -> dict[str, str]:
    """For what is left of a common word without one of its letters, the commonest such word."""
    found: dict[str, str] = {}
    for word in sorted(_COUNTS, key=_COUNTS.__getitem__):
        if _SHORTEST_INDEXED <= len(word) <= _LONGEST:
            found.update(dict.fromkeys(_without_one(word), word))
    return found


_BY_GAP = _by_gap()


def is_common(word: str) -> bool:
    return word in _COUNTS


@lru_cache(maxsize=_CACHED)
def likely_word(word: str) -> str:
    """What an unknown word was meant to be: a common one that is drawn out or one slip away, or the word with no letter thrice."""
    if word in _COUNTS or not 2 <= len(word) <= 2 * _LONGEST:
        return word
    return _commonest(_squeezed(word)) or _commonest(_one_slip_away(word)) or _DRAWN_OUT.sub(r"\1", word)


def _commonest(candidates: set[str]) -> str:
    known = [word for word in candidates if word in _COUNTS]
    return max(known, key=lambda word: (_COUNTS[word], word), default="")


def _squeezed(word: str) -> set[str]:
    """The word with every run of a letter cut to two of them or to one."""
    found = {""}
    for place, letter in enumerate(word):
        if place and letter == word[place - 1]:
            found |= {head + letter for head in found if not head.endswith(letter * 2)}
        else:
            found = {head + letter for head in found}
        if len(found) > 64:
            return set()
    return found


def _one_slip_away(word: str) -> set[str]:
    """Common words of which this is one with a letter left out, put in, exchanged with its neighbour or mistaken."""
    if not _SHORTEST_INDEXED - 1 <= len(word) <= _LONGEST:
        return set()
    gaps = _without_one(word)
    swapped = {
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 2)
    }
    found = swapped | {gap for gap in gaps if len(gap) >= _SHORTEST_INDEXED}
    return found | {_BY_GAP[gap] for gap in {word, *gaps} if gap in _BY_GAP}


def split_words(letters: str) -> list[str]:
    """The likeliest words that letters without spaces are made of, by how common each is (dynamic programming).

    A stretch that belongs to no common word stands for itself.
    """
    costs, starts = [0.0], [0]
    for end in range(1, len(letters) + 1):
        best, start = costs[end - 1] + _UNKNOWN_LETTER, end - 1
        for first in range(max(0, end - _LONGEST_SPLIT), end):
            cost = costs[first] + _COST.get(letters[first:end], math.inf)
            if cost < best:
                best, start = cost, first
        costs.append(best)
        starts.append(start)
    words: list[str] = []
    end = len(letters)
    while end:
        words.append(letters[starts[end] : end])
        end = starts[end]
    return _joined_strays(words[::-1])


def _joined_strays(words: list[str]) -> list[str]:
    """Neighbouring letters that are no words become one stretch again."""
    joined: list[str] = []
    for word in words:
        if joined and word not in _COST and joined[-1] not in _COST:
            joined[-1] += word
        else:
            joined.append(word)
    return joined
