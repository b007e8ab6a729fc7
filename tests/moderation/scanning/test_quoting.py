"""Somebody else's words are told from one's own."""

import pytest
from hypothesis import given

from moderation.scanning.normalising import Views
from moderation.scanning.quoting import quoted_spans, without_quotations, without_quoted_lines
from tests.properties.texts import written


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('he wrote "i will kill you" to me', 'he wrote "" to me'),
        ("er schrieb „ich bring dich um“ und lachte", 'er schrieb "" und lachte'),
        ("«je vais te tuer» said she", '"" said she'),
        ("> i will kill you\nplease help", "please help"),
        ("help\n  > i will kill you\n> and you", "help"),
        ('> i will kill you\nhe wrote "and your dog too"', 'he wrote ""'),
    ],
)
def test_quotations_are_left_out(text: str, left: str) -> None:
    assert Views(text).unquoted == left


@pytest.mark.parametrize(
    "text",
    [
        "i will kill you",
        'the word "kill" is short',
        'i will kill you"',
        "2 > 1 is true",
        "a -> b",
        "don't, can't and won't",
        "",
    ],
)
def test_a_text_without_quotations_has_nothing_to_leave_out(text: str) -> None:
    assert Views(text).unquoted is None


def test_what_stands_between_two_short_quotations_is_no_quotation() -> None:
    assert Views('"yes" i will kill you "no"').unquoted is None


def test_a_text_that_only_quotes_leaves_nothing_of_its_own() -> None:
    assert Views("> i will kill you").unquoted == ""
    assert "kill" not in (Views('"i will kill you"').unquoted or "kill")


@given(written)
def test_quoted_spans_lie_in_the_text_between_marks(text: str) -> None:
    plain = Views(text).plain
    for start, end in quoted_spans(plain):
        assert plain[start - 1] == plain[end] == '"'
        assert '"' not in plain[start:end]


@given(written)
def test_leaving_quotations_out_only_ever_shortens(text: str) -> None:
    plain = Views(text).plain
    assert len(without_quotations(plain) or "") <= len(plain)
    assert len(without_quoted_lines(text) or "") <= len(text)
