"""`manage.py roll_up_figures`: make the figures of the days that are not final, or of every day since one."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from moderation.figures import rolling_up


class Command(BaseCommand):
    help = (
        "Makes the figures of today and of every day that is not final yet, as beat does once an hour. "
        "With --since also those of final days: doing it again changes nothing unless the past did."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DATE", help="the first day (of UTC), as YYYY-MM-DD"
        )

    def handle(self, *args: Any, since: date | None, **options: Any) -> None:
        days = rolling_up.roll_up_since(since) if since else rolling_up.roll_up_due()
        if days:
            self.stdout.write(f"Made the figures of {len(days)} days, {days[0]} to {days[-1]}.")
        else:
            self.stdout.write("There is no day to make figures of.")
