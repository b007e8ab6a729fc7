"""`manage.py list_known_bad`: what the bank of known content has, or what in it a text or an image is a copy of."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation import known_bad
from moderation.models import KnownBad
from moderation.models.known_bad import KnownBadQuerySet
from moderation.scanning.image_hashing import ImageRefused


class Command(BaseCommand):
    help = "Lists the acting entries of the bank of known content, or only those that a text or an image is a copy of."

    def add_arguments(self, parser: ArgumentParser) -> None:
        content = parser.add_mutually_exclusive_group()
        content.add_argument("--text", type=Path, metavar="FILE", help="only what this text is a copy of")
        content.add_argument("--image", type=Path, metavar="FILE", help="only what this image is a copy of")

    def handle(self, *args: Any, text: Path | None, image: Path | None, **options: Any) -> None:
        try:
            entries = _entries(text, image)
        except (OSError, UnicodeDecodeError, ImageRefused) as fault:
            raise CommandError(f"{text or image}: {fault}") from fault
        for entry in entries.select_related("added_by").order_by("pk").iterator():
            end = f"until {entry.expires_at:%Y-%m-%d %H:%M}" if entry.expires_at else "for ever"
            by = f" by {entry.added_by}" if entry.added_by else ""
            self.stdout.write(
                f"{entry.pk}  {entry.kind}  {entry.violation}  {entry.source}{by} on {entry.added_at:%Y-%m-%d}, {end}  {entry}"
            )


def _entries(text: Path | None, image: Path | None) -> KnownBadQuerySet:
    if text:
        return known_bad.text_matches(text.read_text())
    if image:
        return known_bad.image_matches(image.read_bytes())
    return KnownBad.objects.acting()
