"""Walks the evidence from its first row to its last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.evidence import storing


class Command(BaseCommand):
    help = "Verify that the content of every piece of evidence is what its hash says; name the first one that is not, and fail."

    def handle(self, *args: Any, **options: Any) -> None:
        fault = storing.find_fault()
        if fault is not None:
            pk, sha256 = fault
            raise CommandError(f"Evidence {pk} is not what its hash {sha256} says.")
        self.stdout.write("Every piece of evidence is what its hash says.")
