"""Strategies for texts: everything that Unicode has, and what people who want to get past a scanner make of it."""

from hypothesis import strategies

any_text = strategies.text(strategies.characters(), max_size=200)
"""Of all planes, unpaired surrogates included."""

_MARKS = ["\u0301", "\u0336", "\u0344", "\u20dd", "\ufe0f", "\U000e0100"]
_UNSEEN = ["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\U000e0061", "\x00", "\u3164"]
_DIRECTIONS = ["\u202e", "\u202c", "\u202d", "\u2066", "\u2069"]
_BROKEN = ["\ud800", "\udfff"]
_SIGNS = [
    *"\"'“”„«»‘>#@*_.-!$|:/",
    "\n> ",
    "\n\n",
    " ",
    "  ",
    "\t",
    "https://a.example/",
    "www.",
    "😀",
    "🔪",
    "🅺",
]
_LETTERS = [*"aeiklorstuKILT0134579ßäéкіο", "ﬁ", "ﷺ", "①", "𝓴", "İ", "ǆ"]
_WORDS = [
    "kill", "k i l l", "k.i.l.l", "k*ll", "kiiill", "murdr", "#KillThemAll", "you", "töten", "t ö t e n", "bread", "never", "wrote",
]  # fmt: skip

nasty_text = strategies.lists(
    strategies.sampled_from(
        [*_MARKS, *_UNSEEN, *_DIRECTIONS, *_BROKEN, *_SIGNS, *_LETTERS, *_WORDS],
    ),
    max_size=60,
).map("".join)

written = strategies.one_of(any_text, nasty_text)
