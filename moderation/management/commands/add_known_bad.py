"""`manage.py add_known_bad --text FILE …`: hold copies of what nobody posted here yet."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from moderation import known_bad
from moderation.known_bad import Terms
from moderation.models import KnownBad
from moderation.scanning.image_hashing import ImageRefused
from moderation.taxonomy import Violation

SOURCES = [KnownBad.Source.OPERATOR.value, KnownBad.Source.SHARED_LIST.value]


class Command(BaseCommand):
    help = (
        "Adds each file, a text or an image, to the bank of known content: copies of it are held within seconds. Of the "
        "content only hashes are kept. The audit trail notes every entry."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        content = parser.add_mutually_exclusive_group(required=True)
        content.add_argument("--text", nargs="+", type=Path, default=[], metavar="FILE")
        content.add_argument("--image", nargs="+", type=Path, default=[], metavar="FILE")
        parser.add_argument("--violation", required=True, choices=Violation.values, metavar="CLASS")
        parser.add_argument("--source", choices=SOURCES, default=SOURCES[0])
        parser.add_argument("--by", metavar="HANDLE", help="who adds it; nobody in particular without")
        parser.add_argument("--days", type=int, help="for how long it acts; for ever without")

    def handle(self, *args: Any, text: list[Path], image: list[Path], **options: Any) -> None:
        terms = _terms(options)
        try:
            for path in text:
                self._tell(path, is_new=known_bad.add_text(path.read_text(), terms))
            for path in image:
                self._tell(path, is_new=known_bad.add_image(path.read_bytes(), terms))
        except (OSError, UnicodeDecodeError, ImageRefused) as fault:
            raise CommandError(f"{path}: {fault}") from fault

    def _tell(self, path: Path, *, is_new: bool) -> None:
        self.stdout.write(f"{path}: {'added' if is_new else 'is in the bank already'}.")


def _terms(options: dict[str, Any]) -> Terms:
    by = None
    if options["by"]:
        by = User.objects.present().named(options["by"].removeprefix("@")).first()
        if by is None:
            raise CommandError(f"There is no account {options['by']}.")
    expires_at = None
    if options["days"] is not None:
        if options["days"] < 1:
            raise CommandError("An entry acts for at least a day.")
        expires_at = timezone.now() + timedelta(days=options["days"])
    return Terms(options["violation"], KnownBad.Source(options["source"]), by, expires_at)
