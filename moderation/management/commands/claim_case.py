"""`manage.py claim_case [CASE] --by HANDLE`: claim a case, or the next one."""

from argparse import ArgumentParser
from typing import Any

from accounts.models import User
from moderation import queueing
from moderation.management.desk_command import DeskCommand
from moderation.models import Case


class Command(DeskCommand):
    help = "Claims a case for ten minutes; without a number, the next one in the order of work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", type=int, nargs="?")

    def act(self, *args: Any, by: User, case: int | None, **options: Any) -> None:
        taken = queueing.claim(Case.objects.get(pk=case), by=by) if case else queueing.claim_next(by=by)
        self.stdout.write(f"{taken} is {by}'s." if taken else "There is no case to take.")
