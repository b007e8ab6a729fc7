"""`manage.py release_legal_hold ID --reason WORDS [--by HANDLE] [--dry-run]`: what waited for a hold is erased."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from moderation.evidence import holding
from moderation.evidence.admitting import NotForYou
from moderation.evidence.holding import HoldEnded
from moderation.models import LegalHold


class Command(BaseCommand):
    help = "Ends a legal hold, by the id that list_legal_holds shows; the audit trail notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("hold", type=int, metavar="ID")
        parser.add_argument("--reason", required=True, help="why it need not be kept any more")
        parser.add_argument("--by", metavar="HANDLE", help="who ends it; nobody in particular without")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be released")

    def handle(self, *args: Any, hold: int, reason: str, dry_run: bool, **options: Any) -> None:
        found = LegalHold.objects.with_owner().in_force().filter(pk=hold).first()
        if found is None:
            raise CommandError(f"There is no legal hold {hold} in force.")
        what = f"{found} on {found.target} ({found.get_owner()})"
        if dry_run:
            self.stdout.write(f"{what} would be released.")
            return
        try:
            holding.release(found, by=_account(options["by"]), reason=reason)
        except (NotForYou, HoldEnded) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{what} is released. What waited for it is erased by the next sweep.")


def _account(handle: str | None) -> User | None:
    if handle is None:
        return None
    account = User.objects.present().named(handle.removeprefix("@")).first()
    if account is None:
        raise CommandError(f"There is no account {handle}.")
    return account
