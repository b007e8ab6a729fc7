"""Texts made to keep a worker busy: how long the scanner is busy with each."""

import time

from moderation.scanning.scanner import LONGEST, Scanner

_TRIES = 3
_LONG = 100_000


def _repeated(piece: str, length: int = LONGEST) -> str:
    return (piece * (length // len(piece) + 1))[:length]


HOSTILE = {
    "100 KB of one word": _repeated("k", _LONG),
    "100 KB of nested quotations": _repeated('"', _LONG),
    "100 KB of spelled-out letters": _repeated("k ", _LONG),
    "10,000 combining marks": "a" + "\u0301" * 10_000,
    "one word": _repeated("k"),
    "nested quotations": _repeated('"'),
    "many quotations": _repeated('"i will kill you" '),
    "spelled-out letters": _repeated("k i l l "),
    "chopped words": _repeated("k-i-l-l "),
    "masked words": _repeated("k*ll "),
    "drawn-out words": _repeated("kiiiiillllll "),
    "emoji between letters": _repeated("k😀"),
    "leet": _repeated("k1ll "),
    "hashtags": _repeated("#KillThemAll "),
    "threats": _repeated("i will kill you. "),
}
"""By what they are; those without a size are as long as a text may be that is read at all."""


def milliseconds(scanner: Scanner) -> dict[str, float]:
    """The best of a few tries for each, one at a time."""
    return {
        name: round(min(_time(scanner, text) for _try in range(_TRIES)), 2) for name, text in HOSTILE.items()
    }


def _time(scanner: Scanner, text: str) -> float:
    started = time.perf_counter()
    scanner.scan([text])
    return 1000 * (time.perf_counter() - started)
