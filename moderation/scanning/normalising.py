"""Views of a text, and the way back from each view to the text as it was written.

A rule never sees what a person typed, but a *view* of it: a text in which disguises are taken off. Every view can map
a span of its own characters to the span of the original that a moderator should see highlighted. The views are

- ``original``: as written;
- ``plain``: compatibility-decomposed, format characters and Latin, Greek and Cyrillic marks removed, case-folded,
  quotation marks and dashes unified, spaces collapsed;
- ``skeleton``: plain, with look-alike letters and digits inside words read as the Latin letters they imitate;
- ``joined``: skeleton, with spelled-out words ("k i l l", "k.i.l.l") put together.

Folding works character by character and never looks at its neighbours, so the text of a view costs one pass of
`str.translate` and its offset map, needed only when something was found, one more pass.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from moderation.scanning.confusables import CONFUSABLES, LEET

VIEWS = ("original", "plain", "skeleton", "joined")

_CACHED_FOLDS = 20_000
_FILLERS = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0})
_MARKS = ((0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF))
_SELECTORS = ((0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF))
_PUNCTUATION = str.maketrans(
    dict.fromkeys("‘’‚‛`´′ʼ＇", "'") | dict.fromkeys("“”„‟«»″〝〞＂‹›", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_LEET_HINT = re.compile(r"[a-z][0134579@$!|]|[013457$][a-z]")
_LEET_WORD = re.compile(r"(?<![a-z0-9@$!|])[a-z0-9$|][a-z0-9@$!|]+(?<![@!])")
_SPELLED = re.compile(r"(?<![^\W_])[^\W_](?:[ .\-_*,/|~+:]{1,2}[^\W_](?![^\W_])){2,}")
_LETTERS = re.compile(r"[a-z]")


def _is_in(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _is_dropped(character: str) -> bool:
    code = ord(character)
    if code in _FILLERS or _is_in(code, _MARKS) or _is_in(code, _SELECTORS):
        return True
    return unicodedata.category(character) in {"Cf", "Cs", "Cc"}


def fold_character(character: str) -> str:
    """What one character of the original contributes to the plain view: nothing, one character or several."""
    if character.isspace():
        return " "
    if _is_dropped(character):
        return ""
    unified = character.translate(_PUNCTUATION)
    decomposed = unicodedata.normalize("NFKD", unified)
    folded = unicodedata.normalize("NFKD", decomposed.casefold())
    return "".join(
        " " if part.isspace() else part for part in folded if part.isspace() or not _is_dropped(part)
    )


class _Folding(dict[int, str]):
    """The folding table, filled as characters are met; bounded, because a hostile text could name all of Unicode."""

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        if len(self) < _CACHED_FOLDS:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The plain view of a text, without its map."""
    return " ".join(text.translate(_FOLDING).split())


def _read_leet(found: re.Match[str]) -> str:
    word = found.group()
    letters = len(_LETTERS.findall(word))
    return word.replace("11", "ll").translate(LEET) if letters >= 2 and 2 * letters >= len(word) else word


class Views:
    """All views of one text; each is made when it is first asked for."""

    def __init__(self, original: str) -> None:
        self.original = original
        self.plain = fold(original)

    @cached_property
    def skeleton(self) -> str:
        """Every character stands for exactly one of the plain view, so both share one map."""
        plain = self.plain
        if not plain.isascii():
            plain = plain.translate(CONFUSABLES)
        return _LEET_WORD.sub(_read_leet, plain) if _LEET_HINT.search(plain) else plain

    @cached_property
    def joined(self) -> str:
        return "".join(self.skeleton[start:end] for start, end in self._kept())

    def get(self, name: str) -> str:
        return str(getattr(self, name))

    def distinct(self) -> list[str]:
        """The folded views that differ from the ones before them: only these need to be read."""
        names = ["plain"]
        if self.skeleton != self.plain:
            names.append("skeleton")
        if len(self.joined) != len(self.skeleton):
            names.append("joined")
        return names

    def span(self, view: str, start: int, end: int) -> tuple[int, int]:
        """Maps a span of a view (start below end) to the span of the original that it came from."""
        if view == "original":
            return start, end
        if view == "joined":
            start, end = self._joined_origins[start], self._joined_origins[end - 1] + 1
        origins = self._plain_origins
        return origins[start], origins[end - 1] + 1

    def _kept(self) -> Iterator[tuple[int, int]]:
        """The stretches of the skeleton that the joined view keeps: all but the gaps inside spelled-out words."""
        last = 0
        for found in _SPELLED.finditer(self.skeleton):
            for position in range(found.start(), found.end()):
                if not self.skeleton[position].isalnum():
                    yield last, position
                    last = position + 1
        yield last, len(self.skeleton)

    @cached_property
    def _joined_origins(self) -> list[int]:
        return [position for start, end in self._kept() for position in range(start, end)]

    @cached_property
    def _plain_origins(self) -> list[int]:
        """For every character of the plain view, the index of the original character that it came from."""
        origins: list[int] = []
        pending_space = -1
        for index, character in enumerate(self.original):
            for part in _FOLDING[ord(character)]:
                if part == " ":
                    pending_space = index if pending_space < 0 else pending_space
                    continue
                if pending_space >= 0 and origins:
                    origins.append(pending_space)
                pending_space = -1
                origins.append(index)
        return origins
