"""Disguising a text changes what the scanner says of it as little as it changes what people read.

Metamorphic: no label is needed, only that a transformed text is judged as the text itself. `-s` prints the table.
"""

import random
from dataclasses import dataclass
from functools import cache

import pytest
from rich.console import Console
from rich.table import Table

from moderation.scanning.scanner import Scanner
from tests.moderation.scanning.evading import TRANSFORMATIONS
from tests.moderation.scanning.functional.reading import LANGUAGES, read_everyday, read_sentences

SCANNER = Scanner.load()

LEAST_STILL_HELD = 0.95
MOST_NEWLY_HELD = 0.01
BATCH = 128


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    language: str


@cache
def judged(verdict: str) -> list[Text]:
    """The violations of the functional suite that are held, or harmless sentences and everyday posts that are cleared."""
    is_wanted = verdict == "hold"
    texts = [
        Text(one.text, language)
        for language in LANGUAGES
        for one in read_sentences(language)
        if one.is_violation == is_wanted
    ]
    if not is_wanted:
        texts += [Text(text, language) for language in LANGUAGES for text in read_everyday(language)]
    return [one for one, is_held in zip(texts, are_held(texts), strict=True) if is_held == is_wanted]


def are_held(texts: list[Text]) -> list[bool]:
    verdicts = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        verdicts += SCANNER.scan([one.text for one in batch], langs=[one.language for one in batch])
    return [verdict.verdict == "hold" for verdict in verdicts]


@cache
def share_held(name: str, verdict: str) -> float:
    """Of the texts with this verdict, the share that is held once they are transformed."""
    chance = random.Random(name)  # noqa: S311  Disguises, not secrets.
    texts = [Text(TRANSFORMATIONS[name](one.text, chance), one.language) for one in judged(verdict)]
    return sum(are_held(texts)) / len(texts)


@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_what_is_held_stays_held_in_disguise(name: str) -> None:
    assert share_held(name, "hold") >= LEAST_STILL_HELD


@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_what_is_cleared_is_not_held_for_how_it_is_written(name: str) -> None:
    assert share_held(name, "clear") <= MOST_NEWLY_HELD


def test_the_table_is_printed_for_those_who_want_to_see_it() -> None:
    table = Table(
        title=f"{len(judged('hold'))} held and {len(judged('clear'))} cleared sentences in disguise"
    )
    for heading in ("transformation", "still held", "newly held"):
        table.add_column(heading)
    for name in TRANSFORMATIONS:
        table.add_row(name, f"{share_held(name, 'hold'):.1%}", f"{share_held(name, 'clear'):.1%}")
    Console(width=100).print(table)
    assert len(judged("hold")) > 100
    assert len(judged("clear")) > 100
