"""manage.py sets itself up: once, again when the pins change, and again after an interruption."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack import ROOT

# Stands for the installer at the edge: it makes the environment, and notes what it was asked to install.
INSTALLER = """#!/bin/sh
if [ "$1" = venv ]; then exec "$4" -m venv --without-pip "$5"; fi
echo "$@" >> "$INSTALLED"
exit "${INSTALLER_ENDS_WITH:-0}"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with manage.py, pins, and an installer that downloads nothing."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "requirements.txt").write_text("pin==1\n")
    (tmp_path / "requirements-dev.txt").write_text("pin==1\ntool==1\n")
    installer = tmp_path / "bin" / "uv"
    installer.parent.mkdir()
    installer.write_text(INSTALLER.replace("$4", sys.executable).replace("$5", str(tmp_path / ".venv")))
    installer.chmod(0o755)
    return tmp_path


def installations(project: Path, *arguments: str, **variables: str) -> list[str]:
    """Runs manage.py; returns which requirements files were installed by all runs so far."""
    noted = project / "installed"
    environment = {"PATH": f"{project / 'bin'}:{os.environ['PATH']}", "INSTALLED": str(noted), **variables}
    subprocess.run(
        [sys.executable, project / "manage.py", *arguments],
        env=environment,
        cwd="/",
        capture_output=True,
        check=False,
    )
    return [Path(line.split()[-1]).name for line in noted.read_text().splitlines()]


def test_requirements_are_installed_once_with_their_hashes(project: Path) -> None:
    assert installations(project, "check") == ["requirements.txt"]
    assert "--require-hashes" in (project / "installed").read_text()
    assert installations(project, "check") == ["requirements.txt"]


def test_changed_pins_are_installed_again(project: Path) -> None:
    installations(project, "check")
    (project / "requirements.txt").write_text("pin==2\n")
    assert installations(project, "check") == ["requirements.txt", "requirements.txt"]


def test_the_tests_need_more_and_other_commands_are_content_with_that(project: Path) -> None:
    assert installations(project, "test") == ["requirements-dev.txt"]
    assert installations(project, "check") == ["requirements-dev.txt"]


def test_an_interrupted_installation_is_done_again(project: Path) -> None:
    assert installations(project, "check", INSTALLER_ENDS_WITH="1") == ["requirements.txt"]
    assert installations(project, "check") == ["requirements.txt", "requirements.txt"]
