"""Views take disguises off and can always show where they came from."""

import itertools
import unicodedata

import pytest
from hypothesis import given

from moderation.scanning.normalising import VIEWS, Views, fold
from tests.properties.texts import any_text, written


@pytest.mark.parametrize(
    ("text", "view", "read"),
    [
        ("KILL", "plain", "kill"),
        ("k\u200bi\u00adl\u2060l", "plain", "kill"),
        ("k̶i̶l̶l̶", "plain", "kill"),
        ("𝓴𝓲𝓵𝓵 ｋｉｌｌ", "plain", "kill kill"),
        ("kill\x00 \ud800you", "plain", "kill you"),
        ("k\U000e0061ill", "plain", "kill"),
        ("  kill \t\n you ", "plain", "kill you"),
        ("töten Straße", "plain", "toten strasse"),
        ("“kill” ‘em — now", "plain", '"kill" \'em - now'),
        ("\u202ellik\u202c you", "plain", "kill you"),
        ("good\n\u202ellik\nday", "plain", "good kill day"),
        ("кіll k1ll ki11 $hoot", "skeleton", "kill kill kill shoot"),
        ("in 2021 at 5 @user1 wow!!", "skeleton", "in 2021 at 5 @user1 wow!!"),
        ("covid19 mp3 4all b2b", "skeleton", "covid19 mp3 4all b2b"),
        ("🅺🅸🅻🅻", "skeleton", "kill"),
        ("i will k i l l you", "deciphered", "i will kill you"),
        ("k.i.l.l and k-i-l-l", "deciphered", "kill and kill"),
    ],
)
def test_a_disguise_comes_off(text: str, view: str, read: str) -> None:
    assert Views(text).get(view) == read


def test_marks_of_other_scripts_stay() -> None:
    assert fold("हिंदी") == "हिंदी"
    assert "ً" in fold("شكراً")


@given(written)
def test_every_span_of_every_view_maps_into_the_original(text: str) -> None:
    views = Views(text)
    for name in VIEWS:
        length = len(views.get(name))
        for start, end in {(0, 1), (0, length), (length // 2, length // 2 + 1), (length - 1, length)}:
            if 0 <= start < end <= length:
                first, last = views.span(name, start, end)
                assert 0 <= first < last <= len(text)


@given(written)
def test_every_character_of_every_view_maps_into_the_original(text: str) -> None:
    views = Views(text)
    for name in VIEWS:
        for place in range(len(views.get(name))):
            first, last = views.span(name, place, place + 1)
            assert 0 <= first < last <= len(text)


@given(written.filter(lambda text: "\u202e" not in text))
def test_spans_of_neighbouring_characters_never_run_backwards(text: str) -> None:
    views = Views(text)
    for name in VIEWS:
        spans = [views.span(name, place, place + 1) for place in range(len(views.get(name)))]
        assert all(left[0] <= right[0] for left, right in itertools.pairwise(spans))


@given(written)
def test_the_skeleton_keeps_the_places_of_the_plain_view(text: str) -> None:
    views = Views(text)
    assert len(views.skeleton) == len(views.plain)


@given(written)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_a_plain_view_holds_no_control_character_and_no_surrogate(text: str) -> None:
    fold(text).encode()
    assert not any(character < " " for character in fold(text))


def test_a_span_points_at_what_was_written() -> None:
    text = "please  K.I.L.L them"
    assert found(text, "deciphered", "kill") == "K.I.L.L"


def test_a_span_of_a_text_that_is_shown_backwards_points_at_what_was_typed() -> None:
    assert found("you \u202ellik", "plain", "kill") == "llik"


def test_a_span_of_a_hashtag_points_at_the_hashtag() -> None:
    assert found("now #KillThemAll ok", "deciphered", "kill them").lstrip("#") == "KillThemAll"


def found(text: str, view: str, wanted: str) -> str:
    views = Views(text)
    start = views.get(view).index(wanted)
    return text[slice(*views.span(view, start, start + len(wanted)))]


def test_views_never_grow_beyond_the_longest_decomposition() -> None:
    assert len(fold("ﷺ" * 1000)) <= 18 * 1000


def test_ten_thousand_marks_fold_to_the_letter_that_carries_them() -> None:
    assert fold("a" + "\u0301" * 10_000) == "a"


def test_a_text_that_names_all_of_unicode_does_not_change_how_others_are_read() -> None:
    before = fold("Straße кіll ｋｉｌｌ")
    fold("".join(map(chr, range(0x20, 0x20000))))
    assert fold("Straße кіll ｋｉｌｌ") == before


def test_only_views_that_differ_are_read() -> None:
    assert Views("good morning").distinct() == ["plain"]
    assert Views("k1ll").distinct() == ["plain", "skeleton"]
    assert Views("k i l l").distinct() == ["plain", "deciphered"]


def test_a_text_that_says_what_it_means_is_read_as_it_stands() -> None:
    views = Views("I will kill you")
    assert (views.reading, views.read, views.disguised) == ("plain", "i will kill you", "")


@pytest.mark.parametrize(
    "text", ["I will k i l l you", "I wi11 k1ll y0u", "I wіll kіll yоu", "#IWillKillYou"]
)
def test_a_text_that_is_disguised_throughout_is_read_as_it_is_meant(text: str) -> None:
    assert Views(text).read == "i will kill you"


def test_of_a_text_with_one_disguised_word_both_readings_are_kept() -> None:
    text = "We had a long walk by the river with the whole family this morning, and then I will k1ll you"
    views = Views(text)
    assert views.read == views.plain
    assert views.disguised == views.plain.replace("k1ll", "kill")


@given(written)
def test_what_is_read_is_one_of_the_views_and_maps_back(text: str) -> None:
    views = Views(text)
    assert views.read == views.get(views.reading)
    if views.read:
        first, last = views.span(views.reading, 0, len(views.read))
        assert 0 <= first < last <= len(text)


def test_hidden_characters_are_counted_and_the_glue_of_emoji_is_not() -> None:
    assert Views("k\u200bi\u0336ll\U000e0061").removed == 3
    assert Views("a family: 👨\u200d👩\u200d👧 ❤\ufe0f").removed == 0
    assert Views("plain ASCII\n").removed == 0


def test_german_umlauts_and_accents_are_nothing_hidden() -> None:
    assert Views("Über Größe, naïve café").removed == 0


def test_umlauts_typed_as_two_characters_are_read_as_those_typed_as_one() -> None:
    assert Views(unicodedata.normalize("NFD", "töten Häuser")).plain == Views("töten Häuser").plain
