"""The words that posts are made of, with how often each was counted in English and in German ones (`data/common_words.txt`).

They tell one language from the other, and a disguised word from a rare one: what is unknown as it stands, and common once the disguise is off, was disguised.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "common_words.txt"
_SHORTEST_INDEXED, _LONGEST, _LONGEST_SPLIT = 5, 24, 16
_UNKNOWN_LETTER = 14.0
"""What a letter that belongs to no word costs in a segmentation, in nats: more than all but the rarest words."""
_CACHED = 20_000
_SMOOTHING, _MOST_OF_A_WORD = 0.5, 3.0
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
"""No word of either language has a letter three times in a row."""


def _read_counts() -> dict[str, tuple[int, int]]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {word: (int(english), int(german)) for word, english, german in rows}


_BY_LANGUAGE = _read_counts()
_COUNTS = {word: sum(counts) for word, counts in _BY_LANGUAGE.items()}
_ENGLISH_TOTAL, _GERMAN_TOTAL = (sum(counts) for counts in zip(*_BY_LANGUAGE.values(), strict=True))
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


def _lean(english: int, german: int) -> float:
    """The log-odds for German that one word gives, smoothed, and bounded so that no single word decides."""
    lean = math.log((german + _SMOOTHING) / _GERMAN_TOTAL) - math.log((english + _SMOOTHING) / _ENGLISH_TOTAL)
    return max(-_MOST_OF_A_WORD, min(_MOST_OF_A_WORD, lean))


_LEANS = {word: _lean(*counts) for word, counts in _BY_LANGUAGE.items()}


def german_odds(words: Iterable[str]) -> float:
    """The log-odds that these words are German and not English, by how often each occurs in either (naive Bayes)."""
    return sum(_LEANS.get(word, 0.0) for word in words)


def is_common(word: str) -> bool:
    return word in _COUNTS


@lru_cache(maxsize=_CACHED)
def likely_word(word: str) -> str:
    """What an unknown word was meant to be: a common one that is drawn out or one slip away, or the word with no letter thrice."""
    if word in _COUNTS or not 2 <= len(word) <= 2 * _LONGEST:
        return word
    guesses = (_squeezed, _swapped_or_short, _long_or_mistaken)
    found = (_commonest(guess(word)) for guess in guesses)
    return next(filter(None, found), _DRAWN_OUT.sub(r"\1", word))


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


def _swapped_or_short(word: str) -> set[str]:
    """Words of which this is one with two neighbours exchanged or a letter left out, the commonest slips."""
    if not _SHORTEST_INDEXED - 1 <= len(word) <= _LONGEST:
        return set()
    found = {
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(1, len(word) - 2)
    }
    return found | {_BY_GAP.get(word, "")}


def _long_or_mistaken(word: str) -> set[str]:
    """Words of which this is one with a letter too many or a wrong one."""
    if not _SHORTEST_INDEXED <= len(word) <= _LONGEST:
        return set()
    gaps = _without_one(word)
    return {gap for gap in gaps if len(gap) >= _SHORTEST_INDEXED} | {_BY_GAP.get(gap, "") for gap in gaps}


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
