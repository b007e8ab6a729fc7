"""Before workers use a ruleset its examples are tried, its changes named, and what holds is sealed."""

from pathlib import Path

import pytest

from moderation.scanning.checking import Difference, compile_draft, differences, find_faults, seal
from moderation.scanning.refusals import BadRuleset
from moderation.scanning.rulesets import read_draft, read_ruleset
from tests.moderation.scanning.builders import BANK, write_ruleset


def seal_of(path: Path) -> Path:
    return path.with_name("ruleset.toml.sha256")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A good ruleset that nobody sealed."""
    path = write_ruleset(tmp_path, bank=BANK)
    seal_of(path).unlink()
    return path


def test_a_draft_is_compiled_without_its_seal(draft: Path) -> None:
    assert find_faults(compile_draft(draft)) == []


@pytest.mark.parametrize(
    ("pattern", "word"), [("kill (you", "does not compile"), ("kill (?!time)you", "look-ahead")]
)
def test_a_refused_draft_is_named_with_its_rule_and_fault(tmp_path: Path, pattern: str, word: str) -> None:
    path = write_ruleset(tmp_path, pattern=pattern)
    with pytest.raises(BadRuleset) as refusal:
        compile_draft(path)
    sentence = str(refusal.value)
    assert sentence.count(str(path)) == 1
    assert "kill_you" in sentence
    assert word in sentence


def test_a_draft_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRuleset, match=r"absent\.toml cannot be read"):
        compile_draft(tmp_path / "absent.toml")


def test_a_positive_example_that_its_rule_misses_is_named(tmp_path: Path) -> None:
    path = write_ruleset(tmp_path, replaced=('"i kill you"', '"i greet you"'))
    assert find_faults(compile_draft(path)) == ["kill_you misses its positive example: i greet you"]


def test_a_negative_example_is_named_with_every_rule_that_hits_it(tmp_path: Path) -> None:
    path = write_ruleset(tmp_path, bank=BANK, replaced=('"hello"', '"say your prayers, i kill you"'))
    assert sorted(find_faults(compile_draft(path))) == [
        "farewells hits a negative example of kill_you: say your prayers, i kill you",
        "kill_you hits a negative example of kill_you: say your prayers, i kill you",
    ]


def test_a_seal_makes_a_draft_what_workers_take(draft: Path) -> None:
    checked = read_draft(draft)
    seal(draft, checked)
    assert read_ruleset(draft) == checked
    assert sorted(path.name for path in draft.parent.iterdir()) == ["ruleset.toml", "ruleset.toml.sha256"]


def test_a_file_that_changed_since_it_was_checked_is_not_sealed(draft: Path) -> None:
    checked = read_draft(draft)
    draft.write_text(draft.read_text() + "\n")
    with pytest.raises(BadRuleset, match="was changed while it was checked"):
        seal(draft, checked)
    assert not seal_of(draft).exists()


def test_a_seal_that_cannot_be_written_is_refused_by_name(draft: Path) -> None:
    checked = read_draft(draft)
    seal_of(draft).mkdir()
    with pytest.raises(BadRuleset, match=r"ruleset\.toml\.sha256 cannot be written"):
        seal(draft, checked)


def test_a_ruleset_does_not_differ_from_itself(draft: Path) -> None:
    assert differences(read_draft(draft), read_draft(draft)) == []


def test_added_and_removed_rules_are_named(tmp_path: Path, draft: Path) -> None:
    with_bank = read_draft(draft)
    without = read_draft(write_ruleset(tmp_path))
    assert differences(without, with_bank) == [Difference("rule", "farewells", "added")]
    assert differences(with_bank, without) == [Difference("rule", "farewells", "removed")]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ('severity = "high"', 'severity = "mid"', Difference("rule", "kill_you", "changed", ("severity",))),
        ("(?:you|u)", "(?:you|ya)", Difference("rule", "kill_you", "changed", ("pattern",))),
        ('["never"]', '["never", "not"]', Difference("frame", "negated", "changed", ("patterns",))),
        ("test.1", "test.2", None),
    ],
)
def test_a_change_is_named_by_its_parts(
    tmp_path: Path, old: str, new: str, difference: Difference | None
) -> None:
    before = read_draft(write_ruleset(tmp_path))
    after = read_draft(write_ruleset(tmp_path, replaced=(old, new)))
    assert differences(before, after) == ([difference] if difference else [])
