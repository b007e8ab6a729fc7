"""Rules hit what they mean, in any disguise, and frames excuse only what they cover."""

from pathlib import Path

import pytest
import re2

from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.refusals import MatcherFailed
from tests.moderation.scanning.builders import write_ruleset


@pytest.fixture
def matcher(tmp_path: Path) -> Matcher:
    return Matcher.load(write_ruleset(tmp_path))


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
