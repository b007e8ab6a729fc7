"""Reading what a disguised text says: spelled-out letters joined, camel-cased hashtags split, violent words repaired.

Works on a skeleton (see `normalising`). The result is a list of edits in its coordinates, so that a span of the deciphered
text leads back to what was typed. A single odd word is only ever read as one of a short list of violent words, and only when
it is no word itself: nothing else is worth hiding, and nothing else may be put into anybody's mouth. A text that is odd in
many places is disguised as a whole, and every odd word in it is read as the common word that it was meant to be.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from moderation.scanning.common_words import is_common, likely_word, split_words

_DATA = Path(__file__).with_name("data") / "hidden_words.txt"

# Every pattern starts where a word starts and has bounded parts, so that a text of one endless word costs no more than others.
_SPELLED = re.compile(
    r"(?<![^\W_])(?:ss|[^\W_])(?:(?:(?:[^\w']|_){1,4}| ' )(?:ss|[^\W_])(?![^\W_])){2,400}(?: [.,;:!?)\"]+)*"
)
"""Single letters with something between them; "ss" is what folding makes of one letter."""
_WIDE = "\x1f"
"""A space that stands for several."""
_BOUNDARY = re.compile(r" ?([.,;:!?\"()-]+) | ([.,;:!?\"()-]+) ?")
"""A sign between spelled letters that has a space beside it: it stands between words, not inside of one."""
_SPACED = re.compile(r" ([.,;:!?)])")
_CHOPPED = re.compile(r"(?<![a-z])[a-z]{1,12}(?:[^\w\s'@#]{1,2}[a-z]{1,12}){1,8}(?![a-z])")
"""One word with something that is no space between its parts: k-ill, sho.ot, st🔪ab."""
_BROKEN = re.compile(r"(?<![a-z])[a-z]{1,24}(?:[^\w\s\x00-\x7f]{1,2}[a-z]{1,24}){1,4}(?![a-z])")
"""One word with signs in it that nobody puts between words without a space, such as emoji."""
_MASKED = re.compile(r"(?<![a-z*])[a-z]{1,12}[*#_.]{1,3}[a-z]{1,12}(?![a-z*])")
_WORD = re.compile(r"(?<![^\W_])[a-z]{3,200}(?![^\W_])")
_ODD = re.compile(r"(?<![\w'])[a-z]{1,48}(?:'[a-z]{1,24})?(?![\w'])")
_LETTERS = re.compile(r"[a-z]+")
_COMMON_PART = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_RUN = re.compile(r"([a-z])\1+")
ADDRESS = re.compile(r"https?\w?://\S+|www\.\S+|@\w+")
_HUMP = re.compile(r"(?<=[^\W\d_])(?=[A-ZÄÖÜ][a-zäöüß])|(?<=[a-zäöüß])(?=[A-ZÄÖÜ]|\d+(?![a-zäöüß\d]))|_")
_SHORTEST_REPAIRED, _LONGEST_REPAIRED = 4, 24
_SHORT_REPAIRED = frozenset({"kill", "stab", "hang", "bomb", "rape"})
"""The only short words that are repaired: most words are a slip away from some word of four letters."""
_MASKED_OUT_OF_DECENCY = frozenset({"butt", "shit", "slut", "tit"})
"""Words that people mask although they mean no violence, of the length and with the ends of one that does."""
_CACHED = 50_000

_ODD_SHARE, _READABLE_SHARE = 0.05, 0.5
"""A text is disguised as a whole when such a share of its words is unknown, and such a share of these can be read."""
_FEWEST_LETTERS, _LONG, _KNOWN_SHARE = 4, 3, 0.8
"""Spelled letters are words when there are so many, one of the words has so many, and such a share belongs to common words."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from `start` to `end` read as `text`."""

    start: int
    end: int
    text: str


def _read_words(heading: str) -> frozenset[str]:
    """One part of the data file: lines below `[heading]`."""
    part = _DATA.read_text(encoding="utf-8").partition(f"[{heading}]\n")[2].partition("\n[")[0]
    return frozenset(part.split())


HIDDEN = _read_words("hidden")
"""Violent words that people disguise."""
SPARED = _read_words("spared")
"""Words that are one slip away from one of those, and mean what they say."""


def _squeezed(word: str) -> str:
    return _RUN.sub(r"\1", word)


def slips(word: str) -> Iterator[str]:
    """What a word looks like with one letter dropped, and with two neighbours exchanged."""
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
    for place in range(len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _by_slip() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(HIDDEN):
        if len(word) > _SHORTEST_REPAIRED or word in _SHORT_REPAIRED:
            for slip in {word, *slips(word)}:
                found.setdefault(slip, []).append(word)
    return found


_SQUEEZED = {_squeezed(word): word for word in sorted(HIDDEN)}
_BY_SLIP = _by_slip()
_BY_LENGTH: dict[int, list[str]] = {}
for _word in sorted(HIDDEN):
    _BY_LENGTH.setdefault(len(_word), []).append(_word)
_ANY_HIDDEN = re.compile(
    "|".join(sorted((word for word in HIDDEN if len(word) >= _SHORTEST_REPAIRED), key=len, reverse=True))
)


@lru_cache(maxsize=_CACHED)
def repaired(word: str) -> str:
    """The violent word that a misspelled or stretched one stands for; the word itself where there is none."""
    if word in HIDDEN or word in SPARED:
        return word
    if _RUN.search(word):
        meant = _SQUEEZED.get(_squeezed(word), "")
        if meant and word.startswith(meant[0]) and len(meant) <= len(word):
            return meant
    return _meant(word) or word


def _meant(word: str) -> str | None:
    """The violent word of which this is a slip: people who type badly still get the first and the last letter right."""
    if not _SHORTEST_REPAIRED <= len(word) <= _LONGEST_REPAIRED:
        return None
    candidates = (meant for slip in (word, *slips(word)) for meant in _BY_SLIP.get(slip, ()))
    return next(
        (
            meant
            for meant in candidates
            if meant[0] == word[0] and meant[-1] == word[-1] and _is_slip(word, meant)
        ),
        None,
    )


def _is_slip(word: str, meant: str) -> bool:
    """One letter too many, too few or wrong, or two exchanged."""
    if len(word) != len(meant):
        return abs(len(word) - len(meant)) == 1
    wrong = [place for place in range(len(word)) if word[place] != meant[place]]
    return len(wrong) == 1 or (len(wrong) == 2 and wrong[1] == wrong[0] + 1)


def edits(skeleton: str, hashtags: Iterable[Edit], wide_gaps: Callable[[], Iterable[int]]) -> list[Edit]:
    """All edits of a skeleton, in order and apart; `hashtags` are split ones.

    `wide_gaps` tells which spaces of the skeleton stand for several, which is asked only where letters are spelled out.
    """
    found = [*hashtags, *_spelled_out(skeleton, wide_gaps)]
    found += [Edit(*address.span(), address.group()) for address in ADDRESS.finditer(skeleton)]
    for pattern, read in _READINGS:
        # Most texts have nothing to read otherwise: asking for strings first is cheaper than making every match.
        if any(read(text) != text for text in pattern.findall(skeleton)):
            found += _read_by(pattern, read, skeleton)
    if not skeleton.isascii():
        found += _read_by(_BROKEN, _unbroken, skeleton)
    found += _odd_words(skeleton)
    # The longest reading wins, and nothing inside an address or name is read at all.
    found.sort(key=lambda edit: edit.start - edit.end)
    return [edit for edit in _apart(found) if edit.text != skeleton[edit.start : edit.end]]


def _read_by(pattern: re.Pattern[str], read: Callable[[str], str], skeleton: str) -> Iterator[Edit]:
    for match in pattern.finditer(skeleton):
        text = read(match.group())
        if text != match.group():
            yield Edit(*match.span(), text)


def _apart(wanted: list[Edit]) -> list[Edit]:
    """Of edits that overlap the first; what comes first in the list is the longest."""
    taken: list[Edit] = []
    used = bytearray(max((edit.end for edit in wanted), default=0))
    for edit in wanted:
        if not any(used[edit.start : edit.end]):
            used[edit.start : edit.end] = b"\1" * (edit.end - edit.start)
            taken.append(edit)
    return sorted(taken, key=lambda edit: edit.start)


def _odd_words(skeleton: str) -> Iterator[Edit]:
    """Every odd word of a text that is disguised as a whole, read as what it was meant to be."""
    masked = ADDRESS.sub(lambda found: " " * len(found.group()), skeleton)
    words = _ODD.findall(masked)
    unknown = [word for word in words if not is_common(word)]
    if not unknown or len(unknown) < _ODD_SHARE * len(words):
        return
    odd = [found for found in _ODD.finditer(masked) if not is_common(found.group())]
    readings = [(found, _likely(found.group())) for found in odd]
    edits = [Edit(*found.span(), word) for found, word in readings if word != found.group()]
    if len(edits) >= _READABLE_SHARE * len(odd):
        yield from edits


def _likely(word: str) -> str:
    """The common word that an odd one was meant to be; a violent one only where `repaired` finds the same."""
    read = likely_word(word)
    return word if read in HIDDEN and repaired(word) != read else read


def _spelled_out(skeleton: str, wide_gaps: Callable[[], Iterable[int]]) -> Iterator[Edit]:
    if not _SPELLED.search(skeleton):
        return
    characters = list(skeleton)
    for place in wide_gaps():
        characters[place] = _WIDE
    for match in _SPELLED.finditer("".join(characters)):
        text = _joined(match.group())
        if text != match.group():
            yield Edit(*match.span(), text)


def _joined(spelled: str) -> str:
    """Single letters as the words that they spell; what they do not spell stays as it is."""
    letters = _letters_of(spelled)
    if len(letters) < _FEWEST_LETTERS:
        return spelled
    is_marked = _WIDE in spelled
    read = _between_gaps(spelled) if is_marked else _between_signs(spelled)
    words = _COMMON_PART.findall(read)
    known = words if is_marked else [word for word in words if is_common(word)]
    is_spelled = sum(map(len, known)) >= _KNOWN_SHARE * len(letters) and len(max(known, key=len)) >= _LONG
    return read if is_spelled or _ANY_HIDDEN.search(letters) else spelled


def _between_gaps(spelled: str) -> str:
    """Letters with wider gaps between the words: nothing has to be guessed."""
    return " ".join("".join(word.split()) for word in spelled.split(_WIDE))


def _between_signs(spelled: str) -> str:
    """Letters that all have the same gaps between them: where words end is a guess, except at signs."""
    parts, last = [], 0
    for boundary in _BOUNDARY.finditer(spelled):
        parts += [_read_spelled(spelled[last : boundary.start()]), _SPACED.sub(r"\1", boundary.group())]
        last = boundary.end()
    return "".join([*parts, _read_spelled(spelled[last:])])


def _letters_of(spelled: str) -> str:
    return "".join(character for character in spelled if character.isalnum())


def _read_spelled(spelled: str) -> str:
    """The words that a row of letters spells; apostrophes are no letters and come back where they stood."""
    apostrophes = [len(_letters_of(spelled[: found.start()])) for found in re.finditer("'", spelled)]
    read, position = "", 0
    for character in " ".join(split_words(_letters_of(spelled))):
        if character != " ":
            while apostrophes and apostrophes[0] <= position:
                read, apostrophes = f"{read.rstrip()}'", apostrophes[1:]
            position += 1
        read += character
    return read


def _unbroken(broken: str) -> str:
    """The word that its parts give together; two words where each is one, and one where neither is."""
    parts = _LETTERS.findall(broken)
    word = "".join(parts)
    return " ".join(parts) if not is_common(word) and all(map(is_common, parts)) else word


def _unchopped(chopped: str) -> str:
    """The violent word that its parts give together, or what was written."""
    if any(part in HIDDEN for part in _LETTERS.findall(chopped)):
        return chopped
    word = repaired("".join(character for character in chopped if character.isalpha()))
    return word if word in HIDDEN else chopped


def _unmasked(masked: str) -> str:
    """The violent word that fits around the stars, or what was written."""
    head, tail = re.split(r"[*#_.]+", masked, maxsplit=1)
    known = (*_MASKED_OUT_OF_DECENCY, *_BY_LENGTH.get(len(masked), ()))
    fits = (
        word for word in known if len(word) == len(masked) and word.startswith(head) and word.endswith(tail)
    )
    word = next(fits, masked)
    return masked if word in _MASKED_OUT_OF_DECENCY else word


def split_hashtag(tag: str) -> str | None:
    """The words of a camel-cased hashtag; None when it is one word."""
    words = [part for part in _HUMP.split(tag) if part]
    return " ".join(words) if len(words) > 1 else None


_READINGS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_CHOPPED, _unchopped),
    (_MASKED, _unmasked),
    (_WORD, repaired),
)
