"""`manage.py export_audit FILE.jsonl [--from DATE] [--to DATE]`: the audit trail for those who check from outside."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation import exporting
from moderation.exporting import AlreadyThere


class Command(BaseCommand):
    help = "Writes the audit trail as JSON lines, with every row's hash; the trail notes the export."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--from", dest="first", type=_day, metavar="DATE", help="the first day, in UTC")
        parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="the last day, in UTC")

    def handle(self, *args: Any, file: Path, first: date | None, last: date | None, **options: Any) -> None:
        try:
            written = exporting.export(
                file,
                since=_start(first) if first else None,
                until=_start(last + timedelta(days=1)) if last else None,
                by=None,
            )
        except (AlreadyThere, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{written.rows} rows, SHA-256 {written.sha256}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no date; write 2026-11-25.") from None


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
