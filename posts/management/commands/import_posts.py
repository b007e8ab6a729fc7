"""Load posts from a JSONL file through the gate."""

import time
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from posts import importing
from posts.importing import Load


class Command(BaseCommand):
    help = "Loads posts from a JSONL file through the same gate as everybody's. A worker must be running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="one JSON object a line: author, text, and perhaps lang and label"
        )
        parser.add_argument(
            "--rate", type=float, help="at most so many posts a second (default: as fast as it goes)"
        )
        parser.add_argument(
            "--patience",
            type=float,
            default=60,
            help="seconds without any decision after which to give up (60)",
        )

    def handle(self, *args: Any, file: Path, rate: float | None, patience: float, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        console = Console(stderr=False)
        columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        start = time.monotonic()
        with Progress(*columns, console=console) as progress:
            lines = list(importing.read(file))
            submitting = progress.add_task("submitted", total=len(lines))
            deciding = progress.add_task("decided", total=len(lines))
            load = importing.submit_all(lines, rate=rate, on_line=lambda: progress.advance(submitting))
            submitted_in = time.monotonic() - start
            progress.update(deciding, total=len(load.waiting))
            importing.follow(
                load,
                patience=timedelta(seconds=patience),
                on_decided=lambda count: progress.advance(deciding, count),
            )
        console.print(_table(load, submitted_in=submitted_in, took=time.monotonic() - start))
        for failure in load.failures[:10]:
            console.print(f"failed: {failure}", markup=False)
        if load.waiting:
            raise CommandError(f"{len(load.waiting)} posts are still waiting. Is a worker running?")


def _table(load: Load, *, submitted_in: float, took: float) -> Table:
    decided = len(load.cleared) + len(load.held)
    table = Table("measure", "value", title="import_posts")
    rows = {
        "cleared": f"{len(load.cleared)}",
        "held": f"{len(load.held)} ({len(load.held) / max(decided, 1):.2%})",
        "failed": f"{len(load.failures)}",
        "still waiting": f"{len(load.waiting)}",
        "submitted, posts per second": f"{len(load.labels) / submitted_in:.0f}",
        "decided, posts per second": f"{decided / took:.0f}",
        **{
            f"submit to decision, p{share}": f"{load.percentile(share / 100):.3f} s" for share in (50, 95, 99)
        },
    }
    violations = load.count_labelled(load.held | load.cleared, 1)
    if violations:
        caught = load.count_labelled(load.held, 1)
        labelled = caught + load.count_labelled(load.held, 0)
        rows["precision on labels"] = f"{caught / max(labelled, 1):.3f} ({caught} of {labelled} held)"
        rows["recall on labels"] = f"{caught / violations:.3f} ({caught} of {violations})"
    for measure, value in rows.items():
        table.add_row(measure, value)
    return table
