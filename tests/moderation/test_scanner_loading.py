"""A damaged model makes a running process unready; a ruleset that is refused leaves the last good one in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from django.test import override_settings

from moderation import scanner_loading
from moderation.scanning.refusals import ScannerNotReady
from tests.faults import artefacts


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    artefacts.write_ruleset(tmp_path / "ruleset.toml", artefacts.GOOD_RULE)
    return tmp_path / "ruleset.toml"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    artefacts.write_model(tmp_path / "model.npz")
    return tmp_path / "model.npz"


@pytest.fixture(autouse=True)
def process(db: None, ruleset: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has loaded nothing yet, and is told where its files are."""
    monkeypatch.setattr(scanner_loading, "_loaded", scanner_loading._Loaded())
    with override_settings(PARLER_RULESET=str(ruleset), PARLER_MODEL=str(model)):
        yield


def test_files_that_stay_as_they_are_are_read_once() -> None:
    assert scanner_loading.get_scanner() is scanner_loading.get_scanner()


def test_a_newer_ruleset_is_used_and_the_model_is_not_read_again(ruleset: Path) -> None:
    before = scanner_loading.get_scanner()
    artefacts.write_ruleset(
        ruleset, artefacts.RULE.format(name="other", pattern="otherword", word="otherword")
    )
    after = scanner_loading.get_scanner()
    assert after.ruleset_version != before.ruleset_version
    assert after._classifier is before._classifier


@pytest.mark.parametrize("damage", ["pattern", "seal", "gone"])
def test_the_last_good_ruleset_stays_and_the_refusal_is_said_once(ruleset: Path, damage: str) -> None:
    good = scanner_loading.get_scanner()
    if damage == "pattern":
        artefacts.write_ruleset(ruleset, artefacts.GOOD_RULE, artefacts.BAD_RULE)
    elif damage == "seal":
        ruleset.write_bytes(ruleset.read_bytes()[:-20])
    else:
        ruleset.unlink()
    with structlog.testing.capture_logs() as logs:
        assert scanner_loading.get_scanner() is good
        assert scanner_loading.get_scanner() is good
    refusals = [entry for entry in logs if entry["event"] == "ruleset_refused"]
    assert len(refusals) == 1
    assert str(ruleset) in refusals[0]["reason"]
    assert refusals[0]["kept"] == good.ruleset_version
    assert good.scan([artefacts.HELD_WORD])[0].verdict == "hold"


def test_a_repaired_ruleset_is_used_after_a_refusal(ruleset: Path) -> None:
    first = scanner_loading.get_scanner()
    ruleset.unlink()
    scanner_loading.get_scanner()
    artefacts.write_ruleset(
        ruleset, artefacts.RULE.format(name="other", pattern="otherword", word="otherword")
    )
    assert scanner_loading.get_scanner().ruleset_version != first.ruleset_version


def test_a_process_without_a_good_ruleset_is_not_ready(ruleset: Path) -> None:
    artefacts.write_ruleset(ruleset, artefacts.GOOD_RULE, artefacts.BAD_RULE)
    with pytest.raises(ScannerNotReady, match="broken"):
        scanner_loading.get_scanner()


def test_a_process_whose_model_is_damaged_is_not_ready_until_it_is_repaired(model: Path) -> None:
    scanner_loading.get_scanner()
    model.write_bytes(model.read_bytes()[:200])
    for _attempt in range(2):
        with pytest.raises(ScannerNotReady, match="sha256"):
            scanner_loading.get_scanner()
    artefacts.write_model(model)
    assert scanner_loading.get_scanner().scan(["bread"])[0].verdict == "clear"
