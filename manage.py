#!/usr/bin/env python3
"""Runs Parler's commands. Needs nothing but Python: the first run makes `.venv` from the pinned requirements.

python3 manage.py up        sets up and starts everything; `up --help` lists the options
python3 manage.py test      sets up and runs the tests; arguments go to pytest
python3 manage.py COMMAND   any other command, beside a running `up` or with DATABASE_URL and its like
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 -- Whoever starts this with an older Python shall read a sentence, not a traceback.
    sys.exit("Parler needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031 -- As above.

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "parler-requirements"
RUN_TIME = "requirements.txt"
# This file holds everything that requirements.txt holds, and the tools of the tests.
TESTING = "requirements-dev.txt"


def say(line: str) -> None:
    """One line for the person at the terminal; standard output belongs to the command."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def fingerprint(name: str) -> str:
    """What identifies the contents of a requirements file."""
    return f"{name} {hashlib.sha256((ROOT / name).read_bytes()).hexdigest()}"


def installed() -> str:
    """The fingerprint of what `.venv` holds completely; empty after an interrupted installation."""
    return STAMP.read_text().strip() if STAMP.exists() and PYTHON.exists() else ""


def wanted(command: str) -> str | None:
    """The requirements file still to be installed for this command, or None."""
    there = installed()
    if there == fingerprint(TESTING):
        return None
    if command == "test" or there.startswith(TESTING):
        return TESTING
    return None if there == fingerprint(RUN_TIME) else RUN_TIME


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Only one process sets up at a time; another says that it waits."""
    with Path(__file__).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is setting up; waiting for it …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run(step: str, *command: str | Path) -> None:
    """Runs one step of the set-up, or ends with a sentence that names it."""
    say(step)
    try:
        subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 -- Our own command, and there is no shell.
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"Set-up failed: {error}. Nothing was left half-done; run the command again to retry.")


def install(name: str) -> None:
    """Makes `.venv` and installs exactly what the file pins; the stamp is written last."""
    STAMP.unlink(missing_ok=True)
    uv = shutil.which("uv")
    if not PYTHON.exists() or not (uv or (VENV / "bin" / "pip").exists()):
        shutil.rmtree(VENV, ignore_errors=True)
        if uv:
            run("Making .venv with uv …", uv, "venv", "--quiet", "--python", sys.executable, VENV)
        else:
            run("Making .venv …", sys.executable, "-m", "venv", VENV)
    requirements = ROOT / name
    if uv:
        run(
            f"Installing {name} with uv …",
            *(uv, "pip", "install", "--quiet", "--require-hashes", "--python", PYTHON, "-r", requirements),
        )
    else:
        quiet = ("--quiet", "--quiet", "--disable-pip-version-check", "--no-input")
        run(
            f"Installing {name} with pip; this takes a minute …",
            *(PYTHON, "-m", "pip", "install", *quiet, "--require-hashes", "-r", requirements),
        )
    STAMP.write_text(fingerprint(name))


def bootstrap(command: str) -> None:
    """Sets up `.venv` where needed, and continues with its Python."""
    if os.environ.get("PARLER_NO_VENV") == "1":
        return
    if wanted(command):
        with alone():
            # Whoever was waited for may have done it.
            if name := wanted(command):
                install(name)
    if Path(sys.executable) != PYTHON:
        os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), *sys.argv[1:]])  # noqa: S606 -- Our own Python, no shell.


def run_tests(arguments: list[str]) -> None:
    """Becomes pytest, in the top folder where its configuration lies; the exit code is pytest's."""
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])  # noqa: S606 -- Our own Python, no shell.


def run_django(arguments: list[str]) -> None:
    """Runs a command of Django's or of Parler's, with this data folder's own key where none is given."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- Only .venv has Django.

    from parler.devstack import discovery  # noqa: PLC0415 -- As above.

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parler.settings")
    data_dir = discovery.data_folder(os.environ, ROOT)
    if not os.environ.get("SECRET_KEY") and not discovery.environment(data_dir):
        with contextlib.suppress(OSError):
            os.environ["SECRET_KEY"] = discovery.secret_key(data_dir)
    execute_from_command_line(arguments)


def main() -> None:
    """Sets up and runs the command of the command line."""
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    bootstrap(command)
    if sys.argv[1:] in ([], ["help"], ["--help"]):
        say(str(__doc__))
    if command == "test":
        run_tests(sys.argv[2:])
    if command == "up":
        from parler.devstack import supervising  # noqa: PLC0415 -- It needs what only .venv has.

        sys.exit(supervising.main(sys.argv[2:], root=ROOT))
    run_django(sys.argv)


if __name__ == "__main__":
    main()
