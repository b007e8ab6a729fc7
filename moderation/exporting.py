"""Exporting the audit trail: a file for those who check from outside, and the taking of it is itself an act."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import transaction

from accounts.models import User
from moderation import auditing
from moderation.models import AuditRow

FIELDS = ("id", "at", "actor_id", "actor", "via", "verb", "subject", "data", "previous_hash", "hash")


class AlreadyThere(Exception):
    """A file of this name exists: an export never writes over another."""


@dataclass(frozen=True, slots=True)
class Export:
    """What was written."""

    rows: int
    sha256: str


def export(path: Path, *, since: datetime | None, until: datetime | None, by: User | None) -> Export:
    """Write the rows from `since` up to, without, `until` as JSON lines, oldest first; record that it was done.

    The file appears whole or not at all, only once the record of it is safe, and its owner alone reads it. Raises AlreadyThere.
    """
    if path.exists():
        raise AlreadyThere(f"{path} exists.")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file, transaction.atomic():
            written = _write(file, since, until)
            _record(written, since, until, by)
        os.link(part, path)  # Unlike a rename, this refuses to replace what came there meanwhile.
    finally:
        part.unlink()
    return written


def _record(written: Export, since: datetime | None, until: datetime | None, by: User | None) -> None:
    auditing.record(
        "export_audit",
        "audit trail",
        by=by,
        rows=written.rows,
        sha256=written.sha256,
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
    )


def _write(file: IO[str], since: datetime | None, until: datetime | None) -> Export:
    rows = AuditRow.objects.made_between(since, until).order_by("pk")
    digest, count = hashlib.sha256(), 0
    for row in rows.values(*FIELDS).iterator():
        line = json.dumps({**row, "at": row["at"].isoformat()}, ensure_ascii=False) + "\n"
        file.write(line)
        digest.update(line.encode())
        count += 1
    return Export(rows=count, sha256=digest.hexdigest())
