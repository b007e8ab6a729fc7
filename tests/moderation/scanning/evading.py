"""How people write so that machines do not understand: transformations that leave a text as readable as it was.

Each takes a text and a source of chance, and returns the text transformed as a whole: nothing is left for a scanner to hold on to
that a person who wants to get past it would have disguised as well.
"""

import random
import re
from collections.abc import Callable

Transformation = Callable[[str, random.Random], str]

_WORD = re.compile(r"[^\W\d_]+")
_LOOK_ALIKES = dict(zip("aceijopsxyABCEHIKMNOPSTXYZ", "асеіјорѕхуАВСЕНІКМΝОРЅТХΥΖ", strict=True))
_LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7"}
_EMOJI = "🔪🔥💀😡👊"
_ZERO_WIDTH = "\u200b\u200c\u2060\ufeff"
_TAGS = 0xE0000


def homoglyphs(text: str, chance: random.Random) -> str:
    """Half of the letters that have a Cyrillic or Greek twin."""
    return "".join(_LOOK_ALIKES.get(one, one) if chance.random() < 0.5 else one for one in text)


def zero_width(text: str, chance: random.Random) -> str:
    return "".join(one + chance.choice(_ZERO_WIDTH) for one in text)


def leet(text: str, chance: random.Random) -> str:
    """Half of the letters that have a digit for a twin, never a whole word of them."""
    return "".join(_LEET.get(one, one) if chance.random() < 0.5 else one for one in text)


def spacing(text: str, chance: random.Random) -> str:
    """One space between letters, three between words."""
    return "   ".join(" ".join(word) for word in text.split())


def full_width(text: str, chance: random.Random) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


def strike_through(text: str, chance: random.Random) -> str:
    return "".join(one + "\u0336" for one in text)


def right_to_left_override(text: str, chance: random.Random) -> str:
    """Stored backwards, shown forwards."""
    return "\n".join(f"\u202e{line[::-1]}\u202c" for line in text.split("\n"))


def tag_characters(text: str, chance: random.Random) -> str:
    """Invisible copies of letters among the visible ones."""
    return "".join(one + chr(_TAGS + chance.randrange(0x61, 0x7B)) for one in text)


def camel_hashtags(text: str, chance: random.Random) -> str:
    """Every run of words as one hashtag."""

    def join(found: re.Match[str]) -> str:
        words = found.group().split()
        return "#" + "".join(word[0].upper() + word[1:] for word in words)

    return re.sub(r"[^\W\d_]+(?: [^\W\d_]+){1,5}", join, text)


def split_over_lines(text: str, chance: random.Random) -> str:
    return "\n".join(text.split())


def emoji_between_letters(text: str, chance: random.Random) -> str:
    """One in the middle of every word of four letters or more."""

    def put(found: re.Match[str]) -> str:
        word = found.group()
        if len(word) < 4:
            return word
        place = chance.randrange(1, len(word))
        return word[:place] + chance.choice(_EMOJI) + word[place:]

    return _WORD.sub(put, text)


def typos(text: str, chance: random.Random) -> str:
    """A slip of the finger in every third word of five letters or more, never in its first or last letter."""

    def slip(found: re.Match[str]) -> str:
        word = found.group()
        if len(word) < 5 or chance.random() < 2 / 3:
            return word
        place = chance.randrange(1, len(word) - 2)
        dropped = word[:place] + word[place + 1 :]
        exchanged = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        return chance.choice([dropped, exchanged])

    return _WORD.sub(slip, text)


def doubled_letters(text: str, chance: random.Random) -> str:
    """Every word is drawn out at one letter."""

    def draw_out(found: re.Match[str]) -> str:
        word = found.group()
        place = chance.randrange(len(word))
        return word[:place] + word[place] * chance.choice([2, 3]) + word[place:]

    return _WORD.sub(draw_out, text)


TRANSFORMATIONS: dict[str, Transformation] = {
    one.__name__: one
    for one in (
        homoglyphs,
        zero_width,
        leet,
        spacing,
        full_width,
        strike_through,
        right_to_left_override,
        tag_characters,
        camel_hashtags,
        split_over_lines,
        emoji_between_letters,
        typos,
        doubled_letters,
    )
}
