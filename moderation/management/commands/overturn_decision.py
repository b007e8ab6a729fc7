"""`manage.py overturn_decision DECISION --by HANDLE`: take a decision back."""

from argparse import ArgumentParser
from typing import Any

from accounts.models import User
from moderation import deciding
from moderation.management.desk_command import DeskCommand
from moderation.models import Decision


class Command(DeskCommand):
    help = "Takes a decision back: everything is as it was before, and the author is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("decision", type=int)
        parser.add_argument("--reason", default="", help="in the words that the author reads")

    def act(self, *args: Any, by: User, decision: int, reason: str, **options: Any) -> None:
        found = Decision.objects.select_related("case").get(pk=decision)
        self.stdout.write(str(deciding.overturn(found, by=by, reason=reason)))
