"""Digits and signs that stand for the letters they look like: k1ll, b3at, $hoot."""

import re

from moderation.scanning.common_words import is_common
from moderation.scanning.confusables import LEET
from moderation.scanning.deciphering import ADDRESS, HIDDEN

_HINT = re.compile(r"[a-z][0134579@$!]|[013457$][a-z]")
_WORD = re.compile(r"(?<![a-z0-9@$!])[a-z0-9$][a-z0-9@$!]+(?<![@!])")
_ANY_WORD = re.compile(r"(?<![a-z0-9@$!])[a-z0-9$@]*[0-9$@][a-z0-9@$]*(?![a-z0-9@$])")
_NUMBERED = re.compile(r"[a-z]+[0-9!|$]+|[0-9$]+[a-z]+")
"""Letters with digits before or behind them only: a number, a model or a year far more often than a disguise."""
_LETTERS = re.compile(r"[a-z]")
_MOST_LETTERS = 3
"""Letters that a word has at least when it is read as one in such a text although it is not common."""
_FULL = 2
"""Words with digits in their middle that are common words when read, from which a text is full of them."""


def without_leet(plain: str) -> str:
    """A text of the same length with digits and signs inside words read as letters, except in addresses and names."""
    if not _HINT.search(plain):
        return plain
    pattern, read = (_ANY_WORD, _read_any) if _is_full(plain) else (_WORD, _read)
    parts, last = [], 0
    for address in ADDRESS.finditer(plain):
        parts += [pattern.sub(read, plain[last : address.start()]), address.group()]
        last = address.end()
    return "".join([*parts, pattern.sub(read, plain[last:])])


def as_letters(word: str) -> str:
    return word.replace("11", "ll").translate(LEET)


def _is_full(plain: str) -> bool:
    mixed = (word for word in _WORD.findall(plain) if _HINT.search(word) and not _NUMBERED.fullmatch(word))
    return sum(is_common(as_letters(word)) for word in mixed) >= _FULL


def _read(found: re.Match[str]) -> str:
    word = found.group()
    read = as_letters(word)
    if _NUMBERED.fullmatch(word):
        return read if read in HIDDEN else word
    letters = len(_LETTERS.findall(word))
    return read if letters >= 2 and 2 * letters >= len(word) else word


def _read_any(found: re.Match[str]) -> str:
    """In a text that is full of leet, numbers are words as well."""
    read = as_letters(found.group())
    return read if is_common(read) or len(_LETTERS.findall(found.group())) >= _MOST_LETTERS else _read(found)
