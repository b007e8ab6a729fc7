"""Fill a development installation with a small world to look at."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from moderation import demo


class Command(BaseCommand):
    help = "Adds a dozen accounts, their threads and an open queue to a development installation."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "The demo has passwords that everybody knows; it is only possible with DEBUG=1."
            )
        demo.seed()
        self.stdout.write(f"Demo log-ins (password {demo.PASSWORD}):")
        self.stdout.write(f"  a user       {demo.READER}")
        self.stdout.write(f"  a moderator  {demo.MODERATOR}, the desk is at /admin/")
