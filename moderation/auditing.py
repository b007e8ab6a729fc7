"""The audit trail: every act of people, workers and commands, in the transaction of the act itself.

The database chains the rows; Parler seals the newest one. `find_fault` says where the trail is not what it was.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from django.db import connection

from accounts.models import User
from moderation import acting, sealing
from moderation.models import AuditHead, AuditRow

logger = structlog.get_logger(__name__)

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


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that is not what it was, and in one sentence what is wrong with it."""

    row: int
    what: str


def record(verb: str, subject: str, *, by: User | None, **data: Any) -> None:
    """Append one act; `by` is None for the machine. The caller holds the transaction of the act.

    The seal moves on only from the row before this one: were it made anew over whatever is there, the next act would hide what
    somebody cut off. Moderation does not stop for that; the log says it, and `verify_audit` names the row.
    """
    row = AuditRow.objects.create(
        actor_id=by.pk if by else None,
        actor=str(by) if by else MACHINE,
        via=acting.current(),
        verb=verb,
        subject=subject,
        data=data,
    )
    before = AuditHead.objects.filter(
        last_hash=row.previous_hash, mac__in=sealing.valid_seals(row.previous_hash)
    )
    if not before.update(last_id=row.pk, last_hash=row.hash, mac=sealing.seal(row.hash)):
        logger.error("audit_trail_broken", row=row.pk)


def find_fault() -> Fault | None:
    """Where the trail breaks first; None when every row is what it was and none is missing."""
    broken = find_first_broken_link()
    faults = [Fault(broken, "it, or the row before it, was changed, removed or moved")] if broken else []
    if at_end := _find_fault_at_end():
        faults.append(at_end)
    return min(faults, key=lambda fault: fault.row, default=None)


def find_first_broken_link() -> int | None:
    """The id of the first row that was changed, or whose predecessor was changed, removed or moved; None when all hold.

    Of what is missing at the end only `find_fault` knows.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIRST_BROKEN_LINK)
        row = cursor.fetchone()
    return row[0] if row else None


def _find_fault_at_end() -> Fault | None:
    """Compare the end of the trail with what is sealed."""
    head = AuditHead.objects.first()
    newest = AuditRow.objects.order_by("-pk").first()
    if head is None:
        return Fault(newest.pk if newest else 0, "the seal over the trail is gone")
    if head.mac not in sealing.valid_seals(head.last_hash):
        return Fault(head.last_id, "the seal over it was not made with this Parler's key")
    if head.last_hash == (newest.hash if newest else ""):
        return None
    return _find_what_left_the_seal(head)


def _find_what_left_the_seal(head: AuditHead) -> Fault:
    """The seal is Parler's, and the trail does not end where it says."""
    sealed = AuditRow.objects.filter(hash=head.last_hash).first()
    if sealed is not None or not head.last_hash:
        added = AuditRow.objects.filter(pk__gt=sealed.pk if sealed else 0).earliest("pk")
        return Fault(added.pk, "it was added past Parler, behind the seal")
    if AuditRow.objects.filter(pk=head.last_id).exists():
        return Fault(head.last_id, "it is not the row that was sealed")
    left = AuditRow.objects.filter(pk__lt=head.last_id).order_by("-pk").first()
    since = f"after row {left.pk}" if left else "from the first one"
    return Fault(head.last_id, f"it and all rows {since} up to it are missing")
