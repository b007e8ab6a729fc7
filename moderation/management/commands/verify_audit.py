"""Walks the audit trail from its first row to its last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation import auditing
from moderation.models import AuditRow


class Command(BaseCommand):
    help = (
        "Verify that no row of the audit trail was edited, removed or moved; name the first broken link and fail otherwise. "
        "Rows cut off at the end show only in the last hash: note it elsewhere, and compare."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = auditing.find_first_broken_link()
        if broken is not None:
            raise CommandError(f"The audit trail is broken at row {broken}.")
        last = AuditRow.objects.order_by("-pk").first()
        if last is None:
            self.stdout.write("The audit trail is empty.")
            return
        self.stdout.write(
            f"Every row of the audit trail holds. The last is {last.pk} with the hash {last.hash}."
        )
