"""Whether a slow step of the start can be skipped, because what it works on has not changed since."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import psycopg

APPS = ("accounts", "moderation", "parler", "posts")


def of_files(root: Path, patterns: Iterable[str]) -> str:
    """A digest of the names and contents of all files below `root` that match."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()}):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def of_migrations(root: Path, database_url: str) -> str:
    """A digest of the migrations that there are, ours and our requirements', and of those that the database has had."""
    files = of_files(root, ["requirements.txt", *(f"{app}/migrations/*.py" for app in APPS)])
    with psycopg.connect(database_url) as connection:
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() != (None,):
            row = connection.execute("SELECT count(*), max(id) FROM django_migrations").fetchone()
            return f"{files} {row}"
    return f"{files} nothing applied"


def of_static_files(root: Path, *, is_debug: bool) -> str:
    """A digest of everything that collectstatic gathers."""
    files = of_files(root, ["requirements.txt", *(f"{app}/static/**/*" for app in APPS)])
    return f"{files} debug={is_debug}"


def is_known(stamp: Path, fingerprint: str) -> bool:
    """Whether the step was completed with exactly this fingerprint."""
    return stamp.exists() and stamp.read_text() == fingerprint


def remember(stamp: Path, fingerprint: str) -> None:
    """Notes a completed step."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(fingerprint)
