"""Walks the audit trail from its first row to its last."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation import auditing
from moderation.models import AuditRow


class Command(BaseCommand):
    help = (
        "Verify that no row of the audit trail was edited, removed, moved or added past Parler, at its end included; "
        "name the first broken link and fail otherwise."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        fault = auditing.find_fault()
        if fault is not None:
            raise CommandError(f"The audit trail is broken at row {fault.row}: {fault.what}.")
        last = AuditRow.objects.order_by("-pk").first()
        if last is None:
            self.stdout.write("The audit trail is empty.")
            return
        self.stdout.write(
            f"Every row of the audit trail holds. The last is {last.pk} with the hash {last.hash}."
        )
