"""Texts that were made to keep a worker busy cost what their length costs, and are judged like any other.

Nothing is timed: what is counted is how much work a text makes.
"""

import sys
from types import FrameType

import pytest

from moderation.scanning.deciphering import edits
from moderation.scanning.normalising import VIEWS, Views
from moderation.scanning.scanner import LONGEST, Scanner
from moderation.scanning.segmenting import SEGMENT, segments
from tests.moderation.scanning.stages import NO_RULES, make_classifier, read_by_encoder, read_by_linear

READINGS = 3
"""Plain, disguised and unquoted: of each the second stage reads one piece at most."""
LONGEST_DECOMPOSITION = 18
PATTERNS = 12
"""More than there are readings that may each propose an edit for the same place."""


def repeated(piece: str) -> str:
    return (piece * (LONGEST // len(piece) + 1))[:LONGEST]


HOSTILE = {
    "one long word": repeated("k"),
    "one long word of parts": repeated("kil"),
    "marks": "a" + "\u0301" * 10_000,
    "a mark on every letter": repeated("k\u0336"),
    "nested quotations": repeated('"')[: LONGEST // 2 - 4] + "kill you" + repeated('"')[: LONGEST // 2 - 4],
    "alternating quotes": repeated("\"'"),
    "many quotations": repeated('"i will kill you" '),
    "quoted lines": repeated("> kill\n"),
    "nested quoted lines": repeated(">"),
    "hashtags": repeated("#KillThemAll "),
    "hashtags without spaces": repeated("#KillThemAll"),
    "one endless hashtag": "#" + repeated("AbCd")[1:],
    "spelled out": repeated("k i l l "),
    "single letters": repeated("a b c "),
    "stars": repeated("***"),
    "masked": repeated("k*ll "),
    "masked without spaces": repeated("k*ll"),
    "chopped": repeated("k-i-l-l "),
    "chopped without spaces": repeated("k.i-"),
    "stretched": repeated("kiiiiillllll "),
    "one word of runs": repeated("aabbccddeeff"),
    "misspelled": repeated("kil murdr shoott "),
    "leet": repeated("k1"),
    "leet words": repeated("k1ll "),
    "addresses": repeated("https://a "),
    "names": repeated("@a"),
    "overrides": repeated("\u202elik "),
    "only overrides": repeated("\u202e"),
    "emoji between letters": repeated("k😀"),
    "surrogates": repeated("\ud800"),
    "ligatures": repeated("ﷺ")[: LONGEST // LONGEST_DECOMPOSITION],
    "every character": "".join(map(chr, range(0x20, 0x20 + LONGEST // 2))),
    "spaces": repeated(" \t"),
    "lines": repeated("\n"),
    "threats": repeated("i will kill you. "),
}


def count_calls(text: str) -> int:
    """How many functions are called, of Python and of C, to make every view of a text and one span of each."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    views = Views(text)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        for name in (*VIEWS, "disguised", "removed"):
            getattr(views, name)
        for name in VIEWS:
            if len(views.get(name)):
                views.span(name, 0, len(views.get(name)))
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_twice_the_length_makes_twice_the_work(name: str) -> None:
    text = HOSTILE[name]
    count_calls(text)  # What is remembered between texts is remembered now.
    half, whole = count_calls(text[: len(text) // 2]), count_calls(text)
    assert whole <= 2.2 * half + 200


@pytest.mark.parametrize("name", HOSTILE)
def test_views_segments_and_edits_stay_in_proportion(name: str) -> None:
    text = HOSTILE[name]
    views = Views(text)
    assert len(views.plain) == len(views.skeleton) <= LONGEST_DECOMPOSITION * len(text)
    assert len(views.deciphered) <= 2 * len(views.skeleton)
    assert len(edits(views.skeleton, (), views._wide_gaps)) <= len(views.skeleton)
    assert len(segments(views.plain)) <= 1 + len(views.plain) // (SEGMENT // 3)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_second_stage_reads_a_few_short_pieces_and_no_more(name: str) -> None:
    classifier = make_classifier(first=lambda piece: 1.0, second=lambda piece: 1.0)
    (verdict,) = Scanner(NO_RULES, classifier).scan([HOSTILE[name]])
    assert not verdict.is_error
    assert verdict.stage == "linear and encoder"
    assert 1 <= len(read_by_encoder(classifier)) <= READINGS
    assert all(len(piece) <= SEGMENT for piece in read_by_encoder(classifier))


@pytest.mark.parametrize("name", HOSTILE)
def test_the_first_stage_reads_every_reading_once(name: str) -> None:
    classifier = make_classifier(first=lambda piece: -5.0)
    Scanner(NO_RULES, classifier).scan([HOSTILE[name]])
    length = len(Views(HOSTILE[name]).plain)
    assert sum(map(len, read_by_linear(classifier))) <= (READINGS + 1) * (length + 1)


SCANNER = Scanner.load()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_gets_a_verdict_with_reasons_inside_it(name: str) -> None:
    text = HOSTILE[name]
    (verdict,) = SCANNER.scan([text])
    assert not verdict.is_error
    assert 0 <= verdict.score <= 1
    assert all(0 <= reason.start <= reason.end <= len(text) for reason in verdict.reasons)


@pytest.mark.parametrize("name", ["spelled out", "threats", "stretched", "quoted lines"])
def test_a_text_that_is_too_long_is_held_unread(name: str) -> None:
    text = HOSTILE[name] * 5
    classifier = make_classifier()
    long, short = Scanner(NO_RULES, classifier).scan([text, "good morning"])
    assert (long.verdict, long.is_error, short.verdict) == ("hold", True, "clear")
    assert [(reason.kind, reason.name, reason.start, reason.end) for reason in long.reasons] == [
        ("error", "length", 0, len(text))
    ]
    assert read_by_linear(classifier) == ["good morning"]
    assert read_by_encoder(classifier) == []


def test_a_text_of_the_greatest_length_is_read() -> None:
    at_most, too_long = Scanner(NO_RULES, make_classifier()).scan(["a" * LONGEST, "a" * (LONGEST + 1)])
    assert (at_most.verdict, too_long.verdict) == ("clear", "hold")


def test_a_text_that_folding_makes_too_long_is_held_unread() -> None:
    (verdict,) = Scanner(NO_RULES, make_classifier()).scan([repeated("ﷺ")])
    assert [(reason.kind, reason.name) for reason in verdict.reasons] == [("error", "length")]
