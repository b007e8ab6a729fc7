"""The audit trail: every act of people, workers and commands, in the transaction of the act itself."""

from typing import Any

from django.db import connection

from accounts.models import User
from moderation.models import AuditRow

MACHINE = "machine"

FIRST_BROKEN_LINK = """
SELECT id FROM (
    SELECT r.id, r.hash, r.previous_hash, moderation_audit_hash(r) AS computed,
           coalesce(lag(r.hash) OVER (ORDER BY r.id), '') AS expected_previous
    FROM moderation_auditrow r
) chain
WHERE hash <> computed OR previous_hash <> expected_previous
ORDER BY id LIMIT 1
"""


def record(verb: str, subject: str, *, by: User | None, **data: Any) -> None:
    """Append one act; `by` is None for the machine. The caller holds the transaction of the act."""
    AuditRow.objects.create(
        actor_id=by.pk if by else None,
        actor=str(by) if by else MACHINE,
        verb=verb,
        subject=subject,
        data=data,
    )


def find_first_broken_link() -> int | None:
    """The id of the first row that was changed, or whose predecessor was changed, removed or moved; None when all hold."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_BROKEN_LINK)
        row = cursor.fetchone()
    return row[0] if row else None
