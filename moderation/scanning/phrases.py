"""Phrase banks: many fixed wordings of one meaning, found in one pass over a text.

A pattern is for what has a shape; a phrase is for what is only ever said in these words. An Aho-Corasick automaton reads a
text once, however many phrases there are, so a bank may grow without making any text slower.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from moderation.scanning.normalising import fold

_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
"""The characters that RE2 counts as parts of a word, so that a phrase ends where a pattern would."""


_JOINTS = bytes.maketrans(b"-_/*~", b"     ")
"""What people write between words instead of a space, so that "day-of-the-rope" is the same phrase."""


def spellings(phrase: str, view: str) -> set[str]:
    """How a phrase may stand in a view: folded, with ä as a or ae, and with or without its apostrophes."""
    if view == "original":
        return {phrase}
    folded = {fold(phrase), fold(phrase.translate(_TWO_LETTERS))}
    return folded | {one.replace("'", "") for one in folded}


class Phrases:
    """The spelled-out phrases of several banks behind one automaton; a bank is named by its place among them."""

    def __init__(self, banks: Sequence[Iterable[str]]) -> None:
        owned = [
            (owner, phrase.encode().translate(_JOINTS))
            for owner, bank in enumerate(banks)
            for phrase in sorted(bank)
        ]
        self._owners = [owner for owner, _ in owned]
        self._automaton = BytesAhoCorasick([phrase for _, phrase in owned], matchkind=MatchKind.Standard)

    def find(self, content: bytes) -> dict[int, list[tuple[int, int]]]:
        """The spans in bytes at which phrases stand as whole words, by bank."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        spaced = content.translate(_JOINTS)
        # Overlapping, because a phrase must not hide another one that begins inside it.
        for index, start, end in self._automaton.find_matches_as_indexes(spaced, overlapping=True):
            if _is_whole(spaced, start, end):
                found[self._owners[index]].append((start, end))
        return found


def _is_whole(content: bytes, start: int, end: int) -> bool:
    starts = start == 0 or content[start - 1] not in _WORD
    return starts and (end == len(content) or content[end] not in _WORD)
