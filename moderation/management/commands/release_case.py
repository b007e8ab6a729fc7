"""`manage.py release_case CASE --by HANDLE`: give a claimed case back."""

from argparse import ArgumentParser
from typing import Any

from accounts.models import User
from moderation import queueing
from moderation.management.desk_command import DeskCommand
from moderation.models import Case


class Command(DeskCommand):
    help = "Gives a claimed case back to the queue; without a claim nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", type=int)

    def act(self, *args: Any, by: User, case: int, **options: Any) -> None:
        queueing.release(Case.objects.get(pk=case), by=by)
        self.stdout.write(f"case {case} is free.")
