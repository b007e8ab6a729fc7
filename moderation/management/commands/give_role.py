"""`manage.py give_role HANDLE ROLE [--by HANDLE]`: say who moderates."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.roles import Role
from moderation import appointing
from moderation.appointing import MayNotAppoint
from moderation.management.desk_command import named


class Command(BaseCommand):
    help = "Gives an account a role instead of the one that it has; the audit trail notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="HANDLE")
        parser.add_argument("role", choices=Role.values, metavar="ROLE", help=", ".join(Role.values))
        parser.add_argument(
            "--by", metavar="HANDLE", default="", help="who gives it; nobody gives a role above their own"
        )

    def handle(self, *args: Any, account: str, role: str, by: str, **options: Any) -> None:
        user = named(account)
        try:
            appointing.appoint(user, Role(role), by=named(by) if by else None)
        except MayNotAppoint as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user} is now {role}.")
