"""`manage.py list_legal_holds [--all]`: what must not be erased, and until when."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from moderation.models import LegalHold


class Command(BaseCommand):
    help = "Lists the legal holds that are in force, what ends first on top."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", dest="is_all", help="also those that ended")

    def handle(self, *args: Any, is_all: bool, **options: Any) -> None:
        holds = LegalHold.objects.with_owner().ending_first()
        is_any = False
        for hold in (holds if is_all else holds.in_force()).iterator():
            is_any = True
            state = "in force" if hold.is_in_force else "ended"
            self.stdout.write(
                f"{hold.pk}  {hold.until:%Y-%m-%d %H:%M} UTC  {state}  {hold.target} ({hold.get_owner()})  {hold.reference}"
            )
        if not is_any:
            self.stdout.write("There is none.")
