"""`manage.py give_role HANDLE ROLE`: say who moderates."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.roles import Role
from moderation import appointing


class Command(BaseCommand):
    help = "Gives an account a role instead of the one that it has; the audit trail notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="HANDLE")
        parser.add_argument("role", choices=Role.values, metavar="ROLE", help=", ".join(Role.values))

    def handle(self, *args: Any, account: str, role: str, **options: Any) -> None:
        user = User.objects.present().named(account.removeprefix("@")).first()
        if user is None:
            raise CommandError(f"There is no account {account}.")
        appointing.appoint(user, Role(role), by=None)
        self.stdout.write(f"{user} is now {role}.")
