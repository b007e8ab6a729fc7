"""What waited for a legal hold is erased after its end: the ended hold is itself the work that is due."""

import structlog
from django.db import transaction
from django.db.models.functions import Now

from accounts import erasing
from moderation.models import LegalHold

logger = structlog.get_logger(__name__)

# So many in a sweep at most, each in a transaction of its own.
MOST_A_SWEEP = 100


def settle_ended() -> int:
    """Erase what was kept for holds that ended, unless another one keeps it still. Returns how many holds are settled."""
    settled = 0
    due = LegalHold.objects.unsettled().order_by("until", "pk").values_list("pk", flat=True)
    for pk in list(due[:MOST_A_SWEEP]):
        try:
            settled += _settle(pk)
        except Exception:  # One account that cannot be erased must not keep the others; it stays due.
            logger.exception("legal_hold_not_settled", hold=pk)
    return settled


@transaction.atomic
def _settle(pk: int) -> bool:
    hold = (
        LegalHold.objects.unsettled().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    )
    if hold is None:
        return False
    owner = hold.get_owner()
    if owner.closed_at:
        erasing.erase(owner, by=None)
    LegalHold.objects.filter(pk=pk).update(settled_at=Now())
    return True
