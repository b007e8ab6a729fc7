"""A ruleset is used whole or not at all."""

from collections import Counter
from pathlib import Path

import pytest

from moderation.scanning.checking import find_faults
from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import BadRuleset, ScannerNotReady
from moderation.scanning.rulesets import CLASSES, LONGEST_WRITTEN, read_ruleset
from moderation.scanning.scanner import DEFAULT_RULESET
from tests.moderation.scanning.builders import BANK, write_ruleset


def test_every_example_of_the_shipped_ruleset_agrees() -> None:
    assert find_faults(Matcher.load(DEFAULT_RULESET)) == []


def test_the_shipped_ruleset_covers_the_classes_in_both_languages() -> None:
    rules = read_ruleset(DEFAULT_RULESET).rules
    assert len(rules) >= 150
    assert sum(rule.language != "de" for rule in rules) >= 85
    for language in ("en", "de"):
        assert {rule.klass for rule in rules if rule.language == language} == set(CLASSES)


def test_the_shipped_rules_have_enough_examples_of_their_own() -> None:
    rules = read_ruleset(DEFAULT_RULESET).rules
    texts = Counter(text for rule in rules for text in (*rule.positive, *rule.negative))
    assert [text for text, times in texts.items() if times > 1] == []


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("kill (?!time)you", "look-ahead"),
        ("(?<=i )kill", "look-behind"),
        (r"(kill) \1", "back-reference"),
        ("(?P<word>kill) (?P=word)", "back-reference"),
        ("(?:kill)?", "empty text"),
        ("kill|[a-z]*", "empty text"),
        ("kill (you", "does not compile"),
        ("kill {nobody}", "not defined"),
        ("x" * (LONGEST_WRITTEN + 1), "characters"),
    ],
)
def test_one_bad_pattern_refuses_the_whole_ruleset_by_name(tmp_path: Path, pattern: str, word: str) -> None:
    path = write_ruleset(tmp_path, pattern=pattern)
    with pytest.raises(BadRuleset) as refusal:
        Matcher.load(path)
    assert word in str(refusal.value)
    assert str(path) in str(refusal.value)
    assert "kill_you" in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('"V3"', '"V99"', "class"),
        ('severity = "high"', 'severity = "dire"', "severity"),
        ('language = "en"', 'language = "xx"', "language"),
        ('["hello", "never kill you", "he wrote \\"kill you\\""]', '["hello"]', "negative examples"),
        ('["hello", "never kill you", "he wrote \\"kill you\\""]', "[1, 2, 3]", "no text"),
        ('exceptions = ["quoted", "negated"]', 'exceptions = ["nowhere"]', "nowhere"),
        ('scope = "near"', 'scope = "far"', "scope"),
        ("[[rule]]", "[rule", "not readable"),
        ('name = "kill_you"', "", "not readable"),
    ],
)
def test_a_faulty_entry_is_refused_with_its_reason(tmp_path: Path, old: str, new: str, word: str) -> None:
    with pytest.raises(BadRuleset, match=word):
        Matcher.load(write_ruleset(tmp_path, replaced=(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('"V5"', '"V50"', "class"),
        ('["say your lines", "never say your prayers", "find you there"]', "[]", "negative examples"),
        ('"say your prayers traitor"]', '"Say  your prayers traitor", "say your prayers"]', "twice"),
        ('"say your prayers traitor"]', '"pray"]', "too short"),
        ("phrases = [", "phrases = []\nothers = [", "no phrase"),
        ('name = "farewells"', 'name = "kill_you"', "share a name"),
        (
            'exceptions = ["quoted", "negated"]\npositive = ["say',
            'exceptions = ["nowhere"]\npositive = ["say',
            "nowhere",
        ),
    ],
)
def test_a_faulty_bank_of_phrases_is_refused_with_its_reason(
    tmp_path: Path, old: str, new: str, word: str
) -> None:
    with pytest.raises(BadRuleset, match=word):
        Matcher.load(write_ruleset(tmp_path, bank=BANK, replaced=(old, new)))


def test_a_phrase_that_a_frame_excuses_by_its_own_words_is_named(tmp_path: Path) -> None:
    path = write_ruleset(tmp_path, bank=BANK, replaced=('scope = "near"', 'scope = "sentence"'))
    assert "farewells does not find its own phrase: they'll never find you" in find_faults(Matcher.load(path))


def test_a_truncated_ruleset_is_refused_even_where_it_still_parses(tmp_path: Path) -> None:
    path = write_ruleset(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"negative")])
    with pytest.raises(ScannerNotReady, match="truncated"):
        Matcher.load(path)


def test_a_ruleset_without_a_seal_is_refused(tmp_path: Path) -> None:
    path = write_ruleset(tmp_path)
    path.with_name("ruleset.toml.sha256").unlink()
    with pytest.raises(ScannerNotReady, match="cannot be read"):
        Matcher.load(path)


def test_a_ruleset_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRuleset, match="no rule"):
        Matcher.load(write_ruleset(tmp_path, replaced=("[[rule]]", "[other]")))


def test_the_version_changes_with_the_content(tmp_path: Path) -> None:
    first = read_ruleset(write_ruleset(tmp_path)).version
    second = read_ruleset(write_ruleset(tmp_path, pattern="slay {you:target}")).version
    assert first != second
    assert first.startswith("test.1+")
