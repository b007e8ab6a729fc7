"""`manage.py trust_flagger HANDLE --organisation NAME …`: say whose reports go first, or that they do not any more."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from moderation.reporter_forms import end_of
from moderation.reporters import flagging
from moderation.reporters.flagging import MayNotFlag


class Command(BaseCommand):
    help = "Marks an account as a trusted flagger's (DSA Article 22), or ends the mark; the audit trail notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="HANDLE")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--organisation", metavar="NAME", default="", help="for whom the account speaks")
        what.add_argument("--end", action="store_true", help="take the mark back")
        parser.add_argument("--area", default="", help="what the organisation knows about")
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day; none: no end"
        )
        parser.add_argument("--by", metavar="HANDLE", default="", help="the administrator who says so")

    def handle(self, *args: Any, account: str, end: bool, by: str, **options: Any) -> None:
        user = _named(account)
        administrator = _named(by) if by else None
        try:
            said = _distrust(user, administrator) if end else _trust(user, administrator, **options)
        except MayNotFlag as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(said)


def _trust(
    user: User, by: User | None, *, organisation: str, area: str, until: date | None, **_options: Any
) -> str:
    ends_at = end_of(until) if until else None
    mark = flagging.trust(user, organisation=organisation, area=area, until=ends_at, by=by)
    return f"{user} reports for {mark.organisation} now."


def _distrust(user: User, by: User | None) -> str:
    if not flagging.distrust(user, by=by):
        raise CommandError(f"{user} is no trusted flagger's account.")
    return f"{user} is no trusted flagger's account any more."


def _named(handle: str) -> User:
    user = User.objects.present().named(handle.removeprefix("@")).first()
    if user is None:
        raise CommandError(f"There is no account {handle}.")
    return user
