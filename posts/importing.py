"""Loading many posts by many authors through the same gate as everybody's, and measuring how it does.

A line of the file is a JSON object with `author` and `text`, and perhaps `lang` and `label` (1 = breaks the rules), which is
only compared with what the gate decides. Authors without an account get one that nobody can log in to.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.handles import HANDLE_VALIDATORS
from accounts.models import User
from posts import publishing
from posts.models import Revision
from posts.publishing import Draft, MayNotPublish
from posts.statuses import Status

MAIL_DOMAIN = "imported.invalid"
# Where the texts come from, longer ones may have been allowed; they keep their length.
MAX_CHARACTERS = 10_000
POLL_SECONDS = 0.25
POLL_AT_ONCE = 2000
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z-]{1,9}")


class BadLine(Exception):
    """A line that is no post; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One post of the file."""

    author: str
    text: str
    language: str
    label: int | None


@dataclass(slots=True)
class Load:
    """What was submitted and what became of it. Times are seconds from submission to decision, by the database's clock."""

    failures: list[str] = field(default_factory=list)
    labels: dict[int, int | None] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)
    cleared: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """The time within which `share` (0 to 1) of the decided posts were decided; 0 when none was."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def count_labelled(self, revisions: set[int], label: int) -> int:
        """How many of `revisions` carry `label`."""
        return sum(self.labels[revision] == label for revision in revisions)


def read(path: Path) -> Iterator[Line | BadLine]:
    """The posts of a JSONL file, with a BadLine in place of every line that is none."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _parse(number, line)


def _parse(number: int, line: str) -> Line | BadLine:
    try:
        fields = json.loads(line)
    except (
        ValueError,
        RecursionError,
    ) as error:  # Numbers and nestings can be too large for the parser as well.
        return BadLine(f"line {number}: {error}")
    if not isinstance(fields, dict) or not all(
        isinstance(fields.get(name), str) for name in ("author", "text")
    ):
        return BadLine(f"line {number}: needs the texts “author” and “text”")
    language, label = str(fields.get("lang") or ""), fields.get("label")
    return Line(
        author=fields["author"],
        text=fields["text"],
        language=language if _LANGUAGE.fullmatch(language) else "",
        label=label if type(label) is int and label in (0, 1) else None,
    )


def submit_all(
    lines: Iterable[Line | BadLine], *, rate: float | None = None, on_line: Callable[[], None] = lambda: None
) -> Load:
    """Submit every post, at most `rate` a second; what is refused is listed under `failures`."""
    load = Load()
    authors: dict[str, User] = {}
    start = time.monotonic()
    for number, line in enumerate(lines):
        if rate:
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
        try:
            revision = _submit(line, authors)
        except (BadLine, ValidationError, MayNotPublish) as refusal:
            load.failures.append("; ".join(getattr(refusal, "messages", [str(refusal)])))
        else:
            assert isinstance(line, Line)  # noqa: S101  Anything else was refused above.
            load.labels[revision.pk] = line.label
            load.waiting.add(revision.pk)
        on_line()
    return load


def _submit(line: Line | BadLine, authors: dict[str, User]) -> Revision:
    if isinstance(line, BadLine):
        raise line
    with transaction.atomic():
        author = authors.get(line.author) or _get_or_make_author(line.author)
        draft = Draft(text=line.text, language=line.language)
        post = publishing.submit(author, draft, max_characters=MAX_CHARACTERS)
        revision = post.get_latest_revision()
    authors[line.author] = author
    return revision


def _get_or_make_author(handle: str) -> User:
    # Before the question to the database, which does not even take every text.
    for validate in HANDLE_VALIDATORS:
        validate(handle)
    existing = User.objects.named(handle).first()
    if existing is not None:
        return existing
    return User.objects.create_user(handle, f"{handle}@{MAIL_DOMAIN}")


def follow(
    load: Load, *, patience: timedelta, on_decided: Callable[[int], None] = lambda count: None
) -> None:
    """Wait until every submitted post is decided; give up when nothing is decided for as long as `patience`."""
    last_progress = time.monotonic()
    while load.waiting and time.monotonic() - last_progress < patience.total_seconds():
        decided = _collect(load)
        on_decided(decided)
        if decided:
            last_progress = time.monotonic()
        else:
            time.sleep(POLL_SECONDS)


def _collect(load: Load) -> int:
    asked = sorted(load.waiting)[:POLL_AT_ONCE]
    decided = Revision.objects.filter(pk__in=asked).exclude(status=Status.PENDING)
    rows = list(decided.values_list("pk", "status", "created_at", "decided_at"))
    for pk, status, created_at, decided_at in rows:
        load.waiting.discard(pk)
        (load.cleared if status == Status.CLEARED else load.held).add(pk)
        if decided_at is not None:
            load.seconds.append((decided_at - created_at).total_seconds())
    return len(rows)
