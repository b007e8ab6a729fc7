"""`manage.py seed_backlog`: fill the queue with reports that nobody looked at, to measure the desk and to look at it."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from moderation import seeding


class Command(BaseCommand):
    help = "Adds made-up posts with an open case each, and reports on them. Not for an installation that people use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reports", type=int, default=26_000, help="reports in all (26,000)")
        parser.add_argument("--targets", type=int, default=9_000, help="posts that they are about (9,000)")
        parser.add_argument(
            "--yes", action="store_true", help="also without DEBUG: you know whose database this is"
        )

    def handle(self, *args: Any, reports: int, targets: int, yes: bool, **options: Any) -> None:
        if not (settings.DEBUG or yes):
            raise CommandError("This adds made-up posts for everybody to see. It needs DEBUG=1, or --yes.")
        start = time.monotonic()
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("cases", total=targets)
            try:
                seeding.seed(
                    reports=reports, targets=targets, on_chunk=lambda count: progress.advance(task, count)
                )
            except ValueError as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{targets:,} cases with {reports:,} reports were added in {time.monotonic() - start:.0f} s."
        )
