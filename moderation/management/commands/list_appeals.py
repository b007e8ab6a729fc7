"""`manage.py list_appeals --by HANDLE`: the appeals that this moderator may read, one a line."""

from argparse import ArgumentParser
from typing import IO, Any, cast

from rich.console import Console
from rich.table import Table

from accounts.models import User
from moderation import appealing
from moderation.management.desk_command import DeskCommand
from moderation.models import Appeal


class Command(DeskCommand):
    help = "Lists appeals, what is due first on top; decided ones newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--decided", action="store_true", help="those that are decided")
        parser.add_argument("--after", type=int, metavar="APPEAL", help="begin after this appeal")
        parser.add_argument("--limit", type=int, default=25, help="at most so many (25)")

    def act(self, *args: Any, by: User, decided: bool, after: int | None, limit: int, **options: Any) -> None:
        table = Table("appeal", "seen", "due", "against", "appellant", "text", "may decide", box=None)
        appeals = Appeal.objects.on_desk_of(by).with_decision().page_after(after, is_decided=decided)
        for appeal in appeals[:limit]:
            table.add_row(
                str(appeal.pk),
                str(appeal.version),
                f"{appeal.due_at:%Y-%m-%d %H:%M}",
                str(appeal.decision),
                str(appeal.appellant or "without an account"),
                appeal.text[:60],
                appealing.why_not(appeal, by) or "yes",
            )
        Console(file=cast("IO[str]", self.stdout), width=160).print(table)
