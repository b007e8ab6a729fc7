"""What operators see of a ruleset before workers use it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, execute_from_command_line
from django.test import override_settings

from accounts.models import User
from moderation import deciding
from moderation.measures import Measure
from moderation.models import Case
from moderation.scanning.matching import Matcher
from tests import factories
from tests.faults import artefacts
from tests.moderation.scanning.builders import BANK, write_ruleset

UNCLOSED = "kill (you"
VERBS = ("check", "seal", "diff", "backtest")


@pytest.fixture(autouse=True)
def in_use(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A ruleset and a model that workers use; the model finds everything harmless."""
    folder = tmp_path_factory.mktemp("in_use")
    ruleset, model = write_ruleset(folder), folder / "model.npz"
    artefacts.write_model(model)
    with override_settings(PARLER_RULESET=str(ruleset), PARLER_MODEL=str(model)):
        yield


def write_draft(folder: Path, **changes: object) -> Path:
    """A ruleset that nobody sealed."""
    path = write_ruleset(folder, **changes)  # type: ignore[arg-type]  # What write_ruleset takes.
    seal_of(path).unlink()
    return path


def seal_of(path: Path) -> Path:
    return path.with_name("ruleset.toml.sha256")


def run(*arguments: object) -> str:
    output = StringIO()
    call_command("ruleset", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_a_draft_whose_examples_agree_is_checked_and_left_alone(tmp_path: Path) -> None:
    path = write_draft(tmp_path, bank=BANK)
    assert "2 rules (2 en), all examples agree." in run("check", path)
    assert not seal_of(path).exists()


def test_a_seal_is_written_when_the_examples_agree(tmp_path: Path) -> None:
    path = write_draft(tmp_path)
    assert run("seal", path).endswith("Sealed.\n")
    assert Matcher.load(path).version.startswith("test.1+")


@pytest.mark.parametrize("verb", ["check", "seal"])
def test_an_example_that_disagrees_is_named_and_nothing_is_sealed(tmp_path: Path, verb: str) -> None:
    path = write_draft(tmp_path, replaced=('"i kill you"', '"i greet you"'))
    with pytest.raises(CommandError, match=r"Examples that disagree: 1\nkill_you misses .* i greet you"):
        run(verb, path)
    assert not seal_of(path).exists()


@pytest.mark.parametrize("verb", ["check", "seal", "backtest"])
def test_a_pattern_that_does_not_compile_is_refused_and_nothing_is_written(tmp_path: Path, verb: str) -> None:
    path = write_draft(tmp_path, pattern=UNCLOSED)
    with pytest.raises(CommandError, match=r"ruleset\.toml is refused: the rule kill_you does not compile"):
        run(verb, path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("verb", VERBS)
def test_a_file_that_is_no_ruleset_is_refused_and_nothing_is_written(tmp_path: Path, verb: str) -> None:
    path = write_draft(tmp_path, replaced=("[[rule]]", "[rule"))
    with pytest.raises(CommandError, match=r"ruleset\.toml is not readable"):
        run(verb, path)
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_seal_stays_when_a_changed_file_is_refused(tmp_path: Path) -> None:
    path = write_ruleset(tmp_path)
    before = seal_of(path).read_text()
    path.write_text(path.read_text().replace("kill {you:target}", UNCLOSED))
    with pytest.raises(CommandError):
        run("seal", path)
    assert seal_of(path).read_text() == before


def test_a_refusal_ends_the_process_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_draft(tmp_path, pattern=UNCLOSED)
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", "ruleset", "check", str(path)])
    assert end.value.code == 1
    assert "does not compile" in capsys.readouterr().err


def test_a_difference_to_the_ruleset_in_use_is_named(tmp_path: Path) -> None:
    path = write_draft(tmp_path, bank=BANK, replaced=('severity = "high"', 'severity = "mid"'))
    _versions, *changes = run("diff", path).splitlines()
    assert changes == ["  added rule farewells", "  changed rule kill_you: severity"]


@pytest.mark.parametrize("verb", ["diff", "backtest"])
def test_what_is_compared_with_must_be_sealed(tmp_path: Path, verb: str) -> None:
    path = write_draft(tmp_path)
    with pytest.raises(CommandError, match="its seal"):
        run(verb, path, "--against", path)


def test_a_backtest_says_what_the_draft_would_do(tmp_path: Path, author: User, moderator: User) -> None:
    case = Case.objects.get(post=factories.make_held_post(author=author, text="i slay you"))
    deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V3")
    changed = factories.make_post(author=author, text="slay you all")
    factories.make_post(author=author, text="good morning")
    path = write_draft(tmp_path, pattern="slay {you:target}")
    output = run("backtest", path, "--days", "2")
    (row,) = [line for line in output.splitlines() if "│ V3" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "kill_you",
        "V3",
        "2",
        "1",
        "1.000 [0.207, 1.000]",
    ]
    assert "Holds per day, mean of 2: 0.0 now, 1.0 with this ruleset" in output
    assert "2 texts would be judged otherwise" in output
    assert f"  revision 1 of post {changed.pk}: hold (kill_you)" in output
    assert "µs a text now" in output
    assert "slay you all" not in output
    assert not seal_of(path).exists()


@pytest.mark.parametrize("option", ["--days", "--most"])
def test_a_backtest_of_nothing_is_refused(tmp_path: Path, option: str) -> None:
    with pytest.raises(CommandError, match="less than one"):
        run("backtest", write_draft(tmp_path), option, "0")
