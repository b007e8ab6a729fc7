"""The sentences of the functional suite and which of them belong together.

A line is a class of the taxonomy, a pair or "-", and the sentence. The files say why nothing may be learned from them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from moderation.scanning.normalising import fold

LANGUAGES = ("en", "de")

_NO_PAIR = "-"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sentence:
    klass: str
    pair: str
    """Empty where the sentence stands alone."""
    text: str

    @property
    def is_violation(self) -> bool:
        return self.klass.startswith("V")


def read_sentences(language: str) -> list[Sentence]:
    path = Path(__file__).with_name(f"{language}.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_read_line(line) for line in lines if line and not line.startswith("#")]


def read_everyday(language: str) -> list[str]:
    """What people post every day; a sixth of it has words that sound violent."""
    path = Path(__file__).with_name(f"everyday_{language}.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _read_line(line: str) -> Sentence:
    klass, pair, text = line.split(" ", 2)
    return Sentence(klass, "" if pair == _NO_PAIR else pair, text)


def pair_up(sentences: Iterable[Sentence]) -> dict[str, list[Sentence]]:
    """The sentences of every pair, by its id."""
    pairs: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        if sentence.pair:
            pairs[sentence.pair].append(sentence)
    return dict(pairs)


def words(text: str) -> tuple[str, ...]:
    """What stays of a text without case, accents and punctuation: two texts with the same words are copies."""
    return tuple(_WORD.findall(fold(text)))


def overlap(one: str, other: str) -> float:
    """The share of the shorter text's words that the other has too, from 0 to 1."""
    first, second = set(words(one)), set(words(other))
    return len(first & second) / min(len(first), len(second))
