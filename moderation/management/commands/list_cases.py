"""`manage.py list_cases --by HANDLE`: the queue as this moderator sees it, one case a line."""

from argparse import ArgumentParser
from typing import IO, Any, cast

from rich.console import Console
from rich.table import Table

from accounts.models import User
from moderation import backlog
from moderation.management.desk_command import DeskCommand
from moderation.taxonomy import Violation


class Command(DeskCommand):
    help = "Lists the cases that a moderator may judge, in order of work; closed ones newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--show", choices=[backlog.OPEN, backlog.MINE, backlog.CLOSED], default=backlog.OPEN
        )
        parser.add_argument("--language", default="", help="a language, or “other”")
        parser.add_argument("--violation", choices=Violation.values)
        parser.add_argument("--after", type=int, metavar="CASE", help="begin after this case")
        parser.add_argument("--limit", type=int, default=25, help="at most so many (25)")

    def act(self, *args: Any, by: User, limit: int, **options: Any) -> None:
        chosen = {name: options[name] for name in ("show", "language", "violation", "after") if options[name]}
        table = Table("case", "lane", "due", "class", "origin", "reports", "author", "claimed by", box=None)
        for case in backlog.cases_for(by, **chosen)[:limit]:
            words = case.labels
            table.add_row(
                str(case.pk),
                str(words["lane"]),
                f"{case.due_at:%Y-%m-%d %H:%M}",
                case.violation or "-",
                str(words["origin"]),
                str(getattr(case, "report_count", 0)),
                str(case.author),
                str(case.claimed_by or "-"),
            )
        Console(file=cast("IO[str]", self.stdout), width=140).print(table)
