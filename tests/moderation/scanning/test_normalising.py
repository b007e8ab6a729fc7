"""Views take disguises off and can always show where they came from."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.scanning.normalising import VIEWS, Views, fold

any_text = st.text(st.characters(), max_size=200)
disguised = st.text(
    st.sampled_from("kilKIL .-_*@$10!|äßﬁ①𝓴кі\u202e\u200b\u0301\u0344\x00\ud800 \n"), max_size=80
)


@pytest.mark.parametrize(
    ("written", "view", "read"),
    [
        ("KILL", "plain", "kill"),
        ("k\u200bi\u00adl\u2060l", "plain", "kill"),
        ("k̶i̶l̶l̶", "plain", "kill"),
        ("𝓴𝓲𝓵𝓵 ｋｉｌｌ", "plain", "kill kill"),
        ("kill\x00 \ud800you", "plain", "kill you"),
        ("  kill \t\n you ", "plain", "kill you"),
        ("töten Straße", "plain", "toten strasse"),
        ("“kill” ‘em — now", "plain", '"kill" \'em - now'),
        ("кіll k1ll ki11 $hoot", "skeleton", "kill kill kill shoot"),
        ("in 2021 at 5 @user1 wow!!", "skeleton", "in 2021 at 5 @user1 wow!!"),
        ("i will k i l l you", "joined", "i will kill you"),
        ("k.i.l.l and k-i-l-l", "joined", "kill and kill"),
        ("🅺🅸🅻🅻", "skeleton", "kill"),
    ],
)
def test_a_disguise_comes_off(written: str, view: str, read: str) -> None:
    assert Views(written).get(view) == read


def test_marks_of_other_scripts_stay() -> None:
    assert fold("हिंदी") == "हिंदी"
    assert "ً" in fold("شكراً")


@given(st.one_of(any_text, disguised))
def test_every_span_of_every_view_maps_into_the_original(text: str) -> None:
    views = Views(text)
    for name in VIEWS:
        length = len(views.get(name))
        for start, end in {(0, 1), (0, length), (length // 2, length // 2 + 1), (length - 1, length)}:
            if 0 <= start < end <= length:
                first, last = views.span(name, start, end)
                assert 0 <= first < last <= len(text)


@given(st.one_of(any_text, disguised))
def test_spans_of_neighbouring_characters_never_run_backwards(text: str) -> None:
    views = Views(text)
    for name in VIEWS:
        spans = [views.span(name, place, place + 1) for place in range(len(views.get(name)))]
        assert all(left[0] <= right[0] for left, right in itertools.pairwise(spans))


@given(st.one_of(any_text, disguised))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_a_plain_view_holds_no_control_character_and_no_surrogate(text: str) -> None:
    fold(text).encode()
    assert not any(character < " " for character in fold(text))


def test_a_span_points_at_what_was_written() -> None:
    text = "please  K.I.L.L them"
    views = Views(text)
    start = views.joined.index("kill")
    first, last = views.span("joined", start, start + 4)
    assert text[first:last] == "K.I.L.L"


def test_views_never_grow_beyond_the_longest_decomposition() -> None:
    text = "ﷺ" * 1000
    assert len(fold(text)) <= 18 * len(text)


def test_ten_thousand_marks_fold_to_the_letter_that_carries_them() -> None:
    assert fold("a" + "\u0301" * 10_000) == "a"


def test_only_views_that_differ_are_read() -> None:
    assert Views("good morning").distinct() == ["plain"]
    assert Views("k1ll").distinct() == ["plain", "skeleton"]
    assert Views("k i l l").distinct() == ["plain", "joined"]
