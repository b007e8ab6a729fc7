"""`manage.py decide_appeal APPEAL OUTCOME --seen VERSION --reasons TEXT --by HANDLE`: end an appeal."""

from argparse import ArgumentParser
from typing import Any

from accounts.models import User
from moderation import appealing
from moderation.management.desk_command import DeskCommand
from moderation.models import Appeal, AppealStatus
from moderation.models.appeals import OUTCOMES
from moderation.taxonomy import Violation


class Command(DeskCommand):
    help = "Grants or rejects an appeal; who decided first is refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("appeal", type=int)
        parser.add_argument("outcome", choices=[outcome.value for outcome in OUTCOMES])
        parser.add_argument(
            "--seen", type=int, required=True, metavar="VERSION", help="the version that you read"
        )
        parser.add_argument("--reasons", required=True, help="in the words that the appellant reads")
        parser.add_argument(
            "--violation", choices=Violation.values, default="", help="to grant a reporter's appeal"
        )

    def act(self, *args: Any, by: User, **options: Any) -> None:
        ended = appealing.decide_appeal(
            Appeal.objects.with_decision().get(pk=options["appeal"]),
            AppealStatus(options["outcome"]),
            by=by,
            version=options["seen"],
            reasons=options["reasons"],
            violation=options["violation"],
        )
        self.stdout.write(f"{ended} is {ended.status}.")
