"""Views of a text, and the way back from each view to the text as it was written.

A rule never sees what a person typed, but a *view* of it: a text in which disguises are taken off. Every view can map
a span of its own characters to the span of the original that a moderator should see highlighted. The views are

- ``original``: as written;
- ``plain``: compatibility-decomposed, format characters and Latin, Greek and Cyrillic marks removed, case-folded,
  quotation marks and dashes unified, spaces collapsed;
- ``skeleton``: plain, with look-alike letters and digits inside words read as the Latin letters they imitate;
- ``deciphered``: skeleton, with spelled-out, chopped, stretched and misspelled violent words put right and camel-cased
  hashtags split (see `deciphering`).

Folding works character by character and never looks at its neighbours, so the text of a view costs one pass of
`str.translate` and its offset map, needed only when something was found, one more pass.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from moderation.scanning.confusables import CONFUSABLES
from moderation.scanning.deciphering import Edit, edits, split_hashtag
from moderation.scanning.leet import without_leet
from moderation.scanning.quoting import without_quotations, without_quoted_lines

VIEWS = ("original", "plain", "skeleton", "deciphered")

_CACHED_FOLDS = 20_000
_DISGUISED_SHARE = 0.15
"""The share of a text's characters that deciphering touches from which the text is disguised throughout."""
_FILLERS = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0})
_MARKS = ((0x0300, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF))
_SELECTORS = ((0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF))
_DROPPED = _FILLERS.union(*(range(first, last + 1) for first, last in (*_MARKS, *_SELECTORS)))
_PUNCTUATION = str.maketrans(
    dict.fromkeys("‘’‚‛`´′ʼ＇", "'") | dict.fromkeys("“”„‟«»″〝〞＂‹›", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_OVERRIDE = "\u202e"
_OVERRIDDEN = re.compile("\u202e[^\u202c\u202d\u2068\u2069\n\r\u2029]*")
_EMOJI_GLUE = frozenset("\u200d\ufe0e\ufe0f")
_GAP = re.compile(r"\s\s")
_HASHTAG = re.compile(r"#(\w{4,200})")


def _is_dropped(character: str) -> bool:
    return ord(character) in _DROPPED or unicodedata.category(character) in {"Cf", "Cs", "Cc"}


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
    """The folding table, filled as characters are met.

    It is bounded, because a hostile text could name all of Unicode, and emptied when full, so that such a text does not leave
    it full of characters that nobody else uses.
    """

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        if len(self) >= _CACHED_FOLDS:
            self.clear()
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The plain view of a text, without its map."""
    return " ".join(text.translate(_FOLDING).split())


def _is_hidden(character: str) -> bool:
    """Whether a character was typed that no reader sees or needs; the glue of emoji is needed."""
    return character > "\x7f" and character not in _EMOJI_GLUE and not _FOLDING[ord(character)]


def _shown_order(text: str) -> list[int]:
    """The places of a text in the order in which they are read: what follows an override stands backwards on its line."""
    order: list[int] = []
    last = 0
    for found in _OVERRIDDEN.finditer(text):
        order += [*range(last, found.start()), *reversed(range(*found.span()))]
        last = found.end()
    return [*order, *range(last, len(text))]


def _skeleton(plain: str) -> str:
    """A plain view with look-alike letters and leet read; as long as before."""
    if not plain.isascii():
        plain = plain.translate(CONFUSABLES)
    return without_leet(plain)


class Views:
    """All views of one text; each is made when it is first asked for."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._order = _shown_order(original) if _OVERRIDE in original else None
        self.plain = fold(self._shown)

    @property
    def _shown(self) -> str:
        """The original as a reader sees it."""
        order = self._order
        return self.original if order is None else "".join(self.original[place] for place in order)

    @cached_property
    def skeleton(self) -> str:
        """Every character stands for exactly one of the plain view, so both share one map."""
        return _skeleton(self.plain)

    @cached_property
    def unquoted(self) -> str | None:
        """The text without what it quotes, as it is read; None when it quotes nothing."""
        lines = without_quoted_lines(self.original)
        if lines is not None:
            rest = Views(lines)
            return rest.read if rest.unquoted is None else rest.unquoted
        return without_quotations(self.read)

    @cached_property
    def deciphered(self) -> str:
        parts = [part for _, _, part in self._pieces]
        return "".join(parts) if len(parts) > 1 else self.skeleton

    @cached_property
    def disguised(self) -> str:
        """What a text means that was written so that machines should not understand it; empty where it says what it means.

        Letters of other alphabets and digits in words are a disguise only when there are words in them.
        """
        return self.deciphered if self.reading == "plain" and self.deciphered != self.plain else ""

    @cached_property
    def reading(self) -> str:
        """The view that says what people read: the deciphered one where the text is disguised throughout, else the plain one.

        A text that is disguised here and there may be an honest one with odd words; there both are judged.
        """
        if self.deciphered == self.plain:
            return "plain"
        changed = sum(one != other for one, other in zip(self.plain, self.skeleton, strict=True))
        changed += sum(end - start for start, end, text in self._pieces if text != self.skeleton[start:end])
        return "deciphered" if changed >= _DISGUISED_SHARE * len(self.plain) > 0 else "plain"

    @property
    def read(self) -> str:
        """The text of that view."""
        return self.get(self.reading)

    @cached_property
    def removed(self) -> int:
        """How many characters that nobody sees, or that strike others through, were typed into the text."""
        if self.original.isascii():
            return 0
        return sum(map(self.original.count, filter(_is_hidden, set(self.original))))

    def get(self, name: str) -> str:
        return str(getattr(self, name))

    def distinct(self) -> list[str]:
        """The folded views that differ from the ones before them: only these need to be read."""
        names = ["plain"]
        if self.skeleton != self.plain:
            names.append("skeleton")
        if self.deciphered != self.skeleton:
            names.append("deciphered")
        return names

    def span(self, view: str, start: int, end: int) -> tuple[int, int]:
        """Maps a span of a view (start below end) to the span of the original that it came from."""
        if view == "original":
            return start, end
        if view == "deciphered":
            start, end = self._deciphered_span(start, end)
        origins = self._plain_origins[start:end]
        return min(origins), max(origins) + 1

    @cached_property
    def _pieces(self) -> list[tuple[int, int, str]]:
        """The deciphered text in stretches: start and end in the skeleton, and what is read there."""
        pieces, last = [], 0
        for edit in edits(self.skeleton, self._hashtags(), self._wide_gaps):
            pieces += [
                (last, edit.start, self.skeleton[last : edit.start]),
                (edit.start, edit.end, edit.text),
            ]
            last = edit.end
        return [*pieces, (last, len(self.skeleton), self.skeleton[last:])]

    def _hashtags(self) -> Iterator[Edit]:
        """Camel-cased hashtags as their words; capitals are looked up where the letters came from, disguised or not."""
        if "#" not in self.plain:
            return
        for found in _HASHTAG.finditer(self.plain):
            places = dict.fromkeys(self._plain_origins[slice(*found.span(1))])
            written = "".join(self.original[place] for place in places)
            words = split_hashtag(unicodedata.normalize("NFKC", written))
            folded = fold(words) if words else ""
            if folded.replace(" ", "") == found.group(1).replace("_", ""):
                yield Edit(*found.span(), _skeleton(folded))

    def _wide_gaps(self) -> Iterator[int]:
        """The spaces of the plain view that stand for several of the original."""
        if not _GAP.search(self.original):
            return
        origins = self._plain_origins
        for place, character in enumerate(self.plain):
            if character == " " and abs(origins[place + 1] - origins[place]) > 1:
                yield place

    def _deciphered_span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the deciphered text in the skeleton; what an edit touched is taken whole."""
        first, last, position = len(self.skeleton), 0, 0
        for piece_start, piece_end, text in self._pieces:
            is_kept = text == self.skeleton[piece_start:piece_end]
            here, there = max(start - position, 0), min(end - position, len(text))
            if here < there:
                first = min(first, piece_start + here if is_kept else piece_start)
                last = max(last, piece_start + there if is_kept else piece_end)
            position += len(text)
        return first, last

    @cached_property
    def _plain_origins(self) -> list[int]:
        """For every character of the plain view, the index of the original character that it came from."""
        origins: list[int] = []
        pending_space = -1
        order = self._order or range(len(self.original))
        for index in order:
            for part in _FOLDING[ord(self.original[index])]:
                if part == " ":
                    pending_space = index if pending_space < 0 else pending_space
                    continue
                if pending_space >= 0 and origins:
                    origins.append(pending_space)
                pending_space = -1
                origins.append(index)
        return origins
