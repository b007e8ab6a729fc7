"""Edited copies of a text are known again, other texts are not, and what is stored never changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.scanning import near_duplicates
from moderation.scanning.near_duplicates import ALIKE, CUT_OFF, EMPTY, SHORTEST, SKETCH_BYTES, Bank, imprint
from moderation.scanning.normalising import fold

ORIGINAL = "Everybody who counts the ballots on Monday should be taken behind the barn and shot"
GERMAN = "Alle, die am Montag die Stimmen zählen, gehören hinter die Scheune und dann an die Wand"
OTHER = "Everybody who bakes bread on Monday should bring some of it to the barn for the neighbours"


def bank_of(*texts: str) -> Bank:
    prints = [imprint(fold(text)) for text in texts]
    return Bank.of((number, one.simhash, one.sketch) for number, one in enumerate(prints, 1) if one)


def find(bank: Bank, *texts: str) -> list[list[int]]:
    return bank.find([fold(text) for text in texts])


@pytest.mark.parametrize(
    "copy",
    [
        ORIGINAL,
        ORIGINAL.upper() + "!!!",
        ORIGINAL.replace("Monday", "Friday"),
        ORIGINAL.replace("taken behind", "dragged behind"),
        ORIGINAL.replace("ballots", "balots").replace("behind", "behnid"),
        ORIGINAL.replace(" the ballots", " all of the ballots"),
        ORIGINAL + " #count #nomore",
        "@somebody @else " + ORIGINAL,
        ORIGINAL + " https://example.org/a/long/address?with=parts&of=it",
        "So true: " + ORIGINAL,
    ],
)
def test_an_edited_copy_is_found(copy: str) -> None:
    assert find(bank_of(OTHER, ORIGINAL, GERMAN), copy) == [[2]]


@pytest.mark.parametrize(
    "text",
    [
        OTHER,
        "Everybody who counts the ballots on Monday gets coffee and cake",
        "On Monday we count ballots, on Tuesday the barn is painted, and nobody is shot",
        "a" * 200,
        "",
    ],
)
def test_another_text_on_the_same_matter_is_not(text: str) -> None:
    assert find(bank_of(ORIGINAL, GERMAN), text) == [[]]


def test_a_batch_is_answered_in_order() -> None:
    bank = bank_of(ORIGINAL, GERMAN)
    asked = ["short", GERMAN + " genau", OTHER, "", ORIGINAL + " yes"]
    assert find(bank, *asked) == [[], [2], [], [], [1]]
    assert [find(bank, text)[0] for text in asked] == find(bank, *asked)


def test_a_text_that_was_sent_to_somebody_else_is_the_same_text() -> None:
    assert imprint("@one " + fold(ORIGINAL)) == imprint("@another " + fold(ORIGINAL) + " https://example.org")


def test_a_short_text_has_no_imprint_and_is_near_to_nothing() -> None:
    assert imprint("x" * (SHORTEST - 1)) is None
    assert imprint("@" + "x" * 100) is None
    assert imprint("x" * SHORTEST)
    assert find(bank_of(ORIGINAL), "x" * (SHORTEST - 1)) == [[]]


def test_a_long_row_of_one_character_does_not_hide_a_copy() -> None:
    assert find(bank_of(ORIGINAL), ORIGINAL + " " + "ha" * 400) == [[1]]


def test_a_neighbour_by_chance_is_not_confirmed() -> None:
    one, other = imprint(fold(ORIGINAL)), imprint(fold(OTHER))
    assert one
    assert other
    impostor = Bank.of([(7, one.simhash, other.sketch)])
    assert find(impostor, ORIGINAL) == [[]]


def test_an_empty_bank_knows_nothing() -> None:
    assert EMPTY.find([]) == []
    assert EMPTY.find([ORIGINAL, ""]) == [[], []]


def test_entries_come_and_go() -> None:
    bank = bank_of(ORIGINAL).plus(Bank.of([(9, *_prints(GERMAN))]))
    assert find(bank, ORIGINAL, GERMAN) == [[1], [9]]
    assert find(bank.only(np.array([9, 10])), ORIGINAL, GERMAN) == [[], [9]]


def _prints(text: str) -> tuple[int, bytes]:
    one = imprint(fold(text))
    assert one
    return one.simhash, one.sketch


def test_what_is_stored_is_made_in_the_same_way_for_ever() -> None:
    """A change of any of these numbers makes every stored entry worthless."""
    simhash, sketch = _prints(ORIGINAL)
    assert simhash == 0x141AAEB30F4FB5B
    assert sketch[:8].hex() == "683905331283ae6e"
    assert len(sketch) == SKETCH_BYTES


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=120), max_size=6))
def test_any_text_is_known_again_or_too_short(texts: list[str]) -> None:
    bank = bank_of(*texts)
    for text, found in zip(texts, find(bank, *texts), strict=True):
        assert bool(found) == (imprint(fold(text)) is not None)


def test_pairs_are_found_across_the_whole_bank() -> None:
    known = np.zeros(10_000, np.uint64)
    known[:] = 2**64 - 1
    known[[0, 4_095, 4_096, 9_999]] = [0, 2**CUT_OFF - 1, 2 ** (CUT_OFF + 1) - 1, 1]
    rows, columns = near_duplicates.pairs_within(np.array([7 << 60, 0], np.uint64), known, CUT_OFF)
    assert [*zip(rows.tolist(), columns.tolist(), strict=True)] == [
        (0, 0),
        (1, 0),
        (1, 4_095),
        (0, 9_999),
        (1, 9_999),
    ]


def test_the_sketch_estimates_what_two_texts_share() -> None:
    """Half of each text is the other's: a third of all shingles is common, which is below the limit."""
    first, second = ("abcdefghijklmnopqrstuvwxyz0123456789"[n : n + 24] for n in (0, 12))
    share = np.mean([a == b for a, b in zip(_prints(first)[1], _prints(second)[1], strict=True)])
    assert 0.15 < share < 0.45 < ALIKE
