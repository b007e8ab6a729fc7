"""Canned reasons come and change here; what was said with one stays in the decisions."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from moderation import auditing
from moderation.models import CannedReason


@transaction.atomic
def keep(reason: CannedReason, *, by: User, is_new: bool) -> None:
    """Store a new canned reason, or a change of one. Callers have checked its fields; a wrong one raises IntegrityError."""
    reason.changed_at = Now()
    reason.save()
    auditing.record(
        "add_canned_reason" if is_new else "change_canned_reason",
        str(reason),
        by=by,
        violation=reason.violation,
        measure=reason.measure,
        text_en=reason.text_en,
        text_de=reason.text_de,
        is_current=reason.is_current,
    )
