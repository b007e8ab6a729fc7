"""`manage.py expire_known_bad ID …`: from now on copies of these entries are not held any more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from moderation import known_bad
from moderation.models import KnownBad


class Command(BaseCommand):
    help = "Ends entries of the bank of known content, by the ids that list_known_bad shows; the audit trail notes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="+", type=int, metavar="ID")
        parser.add_argument("--by", metavar="HANDLE", help="who ends them; nobody in particular without")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be ended")

    def handle(self, *args: Any, ids: list[int], by: str | None, dry_run: bool, **options: Any) -> None:
        acting = KnownBad.objects.acting().filter(pk__in=ids)
        unknown = sorted({*ids} - {*acting.values_list("pk", flat=True)})
        if unknown:
            raise CommandError(f"Nothing was ended: no acting entries {', '.join(map(str, unknown))}.")
        entries = acting if dry_run else known_bad.expire(acting, by=_account(by))
        for entry in entries:
            self.stdout.write(f"{entry.pk}  {entry}: {'would be ended' if dry_run else 'ended'}.")


def _account(handle: str | None) -> User | None:
    if handle is None:
        return None
    account = User.objects.present().named(handle.removeprefix("@")).first()
    if account is None:
        raise CommandError(f"There is no account {handle}.")
    return account
