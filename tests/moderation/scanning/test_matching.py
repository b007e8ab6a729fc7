"""Rules hit what they mean, in any disguise, and frames excuse only what they cover."""

import random
from pathlib import Path

import pytest
import re2

from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.refusals import BadRuleset, MatcherFailed
from moderation.scanning.scanner import DEFAULT_RULESET, LONGEST
from tests.moderation.scanning.builders import BANK, write_ruleset


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    return Matcher.load(write_ruleset(tmp_path, bank=BANK))


@pytest.fixture(scope="module")
def shipped() -> Matcher:
    return Matcher.load(DEFAULT_RULESET)


@pytest.mark.parametrize(
    "text",
    ["i will kill you", "KILL YOU", "k1ll you", "k.i.l.l you", "кill you", "kill, you", "kіll\u200b you"],
)
def test_a_rule_sees_through_disguise(matcher: Matcher, text: str) -> None:
    assert [hit.rule.name for hit in matcher.find(Views(text))] == ["kill_you"]


def test_a_match_is_reported_in_the_original_with_its_target(matcher: Matcher) -> None:
    text = "Bücher lesen — I will K.I.L.L  YOU today"
    (hit,) = matcher.find(Views(text))
    assert text[hit.start : hit.end] == "K.I.L.L  YOU"
    (part,) = hit.parts
    assert (part.role, text[part.start : part.end]) == ("target", "YOU")


@pytest.mark.parametrize("text", ["I would never kill you", 'she wrote "I will kill you" to me'])
def test_a_frame_excuses(matcher: Matcher, text: str) -> None:
    assert matcher.find(Views(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Never mind. I will kill you",
        "she wrote that I will kill you",
        'she wrote "hello". kill you',
        "never kill you, but I kill you",
    ],
)
def test_a_frame_does_not_excuse_what_it_does_not_cover(matcher: Matcher, text: str) -> None:
    assert [hit.rule.name for hit in matcher.find(Views(text))] == ["kill_you"]


@pytest.mark.parametrize(
    "text",
    [
        "> i will kill you\nHe wrote this to me.",
        "He wrote this to me:\n\n> i will\n> kill you\n",
        "He wrote:\n  > now say your prayers",
    ],
)
def test_lines_that_quote_another_text_are_excused_like_quotation_marks(matcher: Matcher, text: str) -> None:
    assert matcher.find(Views(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "> i will kill you",
        "> he wrote i will kill you",
        "> i will kill you\nAnd so it is.",
        "> hello\nHe wrote hello. I will kill you",
        "> i will\nkill you he wrote",
        '"he wrote kill you" is my answer',
    ],
)
def test_a_quotation_does_not_excuse_itself_or_what_stands_beside_it(matcher: Matcher, text: str) -> None:
    assert [hit.rule.name for hit in matcher.find(Views(text))] == ["kill_you"]


@pytest.mark.parametrize(
    "text",
    [
        "Say your prayers!",
        "say-your-prayers",
        "s\u200bay your pr\u0430yers",
        "theyll never find you",
        "They’ll never find you.",
        "Schöne Grüße vom Henker",
        "schoene gruesse vom henker",
    ],
)
def test_a_phrase_is_found_in_every_spelling(matcher: Matcher, text: str) -> None:
    assert [hit.rule.name for hit in matcher.find(Views(text))] == ["farewells"]


def test_a_phrase_is_reported_in_the_original(matcher: Matcher) -> None:
    text = "Grüß dich — SAY   your prayers now"
    (hit,) = matcher.find(Views(text))
    assert (text[hit.start : hit.end], hit.parts) == ("SAY   your prayers", ())


@pytest.mark.parametrize("text", ["essay your prayers", "say your prayersheet", "never say your prayers"])
def test_a_phrase_stands_in_whole_words_and_in_no_frame(matcher: Matcher, text: str) -> None:
    assert matcher.find(Views(text)) == []


def test_a_phrase_and_a_pattern_of_one_text_are_both_found(matcher: Matcher) -> None:
    hits = matcher.find(Views("say your prayers traitor, i kill you"))
    assert {hit.rule.name for hit in hits} == {"farewells", "kill_you"}


def test_a_rule_reads_whole_words(matcher: Matcher) -> None:
    assert matcher.find(Views("skill youth")) == []


def test_a_phrase_is_excused_only_so_often(matcher: Matcher) -> None:
    assert matcher.find(Views("never kill you. " * 5)) == []
    assert matcher.find(Views("never kill you. " * 50)) != []


def test_a_filter_that_runs_out_of_memory_is_an_error_and_not_silence(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    starved = re2.Filter()
    starved.Add("kill")
    starved.Compile()
    monkeypatch.setattr(matcher._folded, "filter", starved)
    with pytest.raises(MatcherFailed):
        matcher.find(Views("good morning"))


def test_an_umlaut_matches_its_two_letter_spelling(tmp_path: Path) -> None:
    matcher = Matcher.load(write_ruleset(tmp_path, pattern="töten muß"))
    for text in ("töten muß", "toeten muss", "TÖTEN MUSS", "toten muß"):
        assert matcher.find(Views(text)) != []


def test_rules_that_are_too_many_for_the_filter_are_refused_when_they_load(
    matcher: Matcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    starved = re2.Filter()
    starved.Add("kill")
    starved.Compile()
    monkeypatch.setattr(matcher._folded, "filter", starved)
    with pytest.raises(BadRuleset, match="memory"):
        matcher._folded._try()


def test_the_shipped_rules_read_the_longest_text_of_their_own_words(shipped: Matcher) -> None:
    """A text made of the words of all examples makes the filter's automaton grow most."""
    examples = [text for rule in shipped.ruleset.rules for text in (*rule.positive, *rule.negative)]
    words = sorted({word for text in examples for word in text.split()})
    chosen = random.Random(1).choices(words, k=LONGEST)  # noqa: S311  Nothing here is secret.
    threat = ". I will kill you"
    assert shipped.find(Views(" ".join(chosen)[: LONGEST - len(threat)] + threat)) != []


def test_a_frame_of_the_sentence_ends_where_its_author_turns_to_own_words(shipped: Matcher) -> None:
    assert shipped.find(Views("The police say that he would kill you")) == []
    assert shipped.find(Views("The police say that he is gone but I will kill you")) != []
    assert shipped.find(Views("The police say that he is gone. I will kill you")) != []


def test_a_shipped_rule_says_what_its_parts_mean(shipped: Matcher) -> None:
    text = "We will murder those bankers tonight"
    parts = [part for hit in shipped.find(Views(text)) for part in hit.parts]
    assert {(part.role, text[part.start : part.end]) for part in parts} >= {
        ("mood", "We will"),
        ("method", "murder"),
        ("target", "bankers"),
        ("time", "tonight"),
    }
