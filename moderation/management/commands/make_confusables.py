"""`manage.py make_confusables FILE`: make the table of look-alike characters anew from Unicode's confusables.txt."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.scanning.confusables import TABLE
from moderation.training.confusables_table import read_confusables, write_table


class Command(BaseCommand):
    help = "Makes the table of look-alike characters from Unicode's confusables.txt (unicode.org/Public/security)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="confusables.txt")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version, table = read_confusables(options["file"].read_text(encoding="utf-8-sig").splitlines())
        except (OSError, ValueError) as error:
            raise CommandError(f"No table was made. {error}") from error
        TABLE.write_text(write_table(version, table), encoding="utf-8")
        self.stdout.write(f"{TABLE}: {len(table):,} characters of Unicode {version}")
