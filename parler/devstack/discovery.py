"""Where a running `manage.py up` leaves word of its services, so that other commands find them. Standard library only."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

LOCK_NAME = "up.lock"
RECORD_NAME = "services.json"


@dataclass(frozen=True)
class Record:
    """What a running `up` says of itself."""

    pid: int
    address: str
    environment: dict[str, str]


def run_folder(data_dir: Path) -> Path:
    """The folder of locks, sockets and records; it says nothing that should outlive a restart."""
    return data_dir / "run"


def _write_private(path: Path, text: str) -> None:
    """Replaces the file in one step, readable by its owner only from the first byte."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def write_record(data_dir: Path, record: Record) -> None:
    """Leaves word of the services; only this user may read it."""
    _write_private(run_folder(data_dir) / RECORD_NAME, json.dumps(asdict(record), indent=1))


def read_record(data_dir: Path) -> Record | None:
    """The last word left, or None; it may be of an `up` that has ended meanwhile."""
    try:
        return Record(**json.loads((run_folder(data_dir) / RECORD_NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def lock(data_dir: Path) -> int | None:
    """Takes the data folder for one `up`; returns the locked descriptor, or None when somebody else has it."""
    path = run_folder(data_dir) / LOCK_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_locked(data_dir: Path) -> bool:
    """Whether an `up`, or a process it started, is alive on this data folder."""
    try:
        descriptor = os.open(run_folder(data_dir) / LOCK_NAME, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def environment(data_dir: Path) -> dict[str, str]:
    """The variables of the `up` that runs on this data folder (DATABASE_URL, SECRET_KEY ...); empty when none runs."""
    record = read_record(data_dir)
    return dict(record.environment) if record and is_locked(data_dir) else {}


def secret_key(data_dir: Path) -> str:
    """This data folder's own SECRET_KEY for local use, made once and readable by its owner only."""
    path = data_dir / "secret_key"
    if not path.exists():
        _write_private(path, secrets.token_urlsafe(50))
    return path.read_text().strip()


def data_folder(environ: Mapping[str, str], root: Path) -> Path:
    """The data folder that the environment names, else `var` beside manage.py."""
    return Path(environ.get("PARLER_DATA") or root / "var").resolve()
