"""Forgetting guests: who they are and what they wrote is kept no longer than somebody may have to answer them."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from moderation import auditing
from moderation.models import Appeal, AppealMessage, GuestNotice, Letter
from moderation.models.appeals import TIME_TO_APPEAL

KEPT = TIME_TO_APPEAL
"""From the outcome on: for as long as the guest may object to it, which takes a name and an address to answer to."""
BATCH = 500


class NotYours(Exception):
    """The notice was confirmed by whoever reads the mail of its address."""


@transaction.atomic
def disown(notice: GuestNotice) -> None:
    """Whoever got the mail never gave the notice: their name and address go at once, and what was said in an appeal.

    What it is about is still looked at, an open appeal too.

    Raises NotYours for a notice that was confirmed; harmless when repeated.
    """
    locked = GuestNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if locked.confirmed_at is not None:
        raise NotYours
    if locked.erased_at is None:
        _erase(GuestNotice.objects.filter(pk=locked.pk))
        auditing.record("disown_notice", str(locked), by=None)


@transaction.atomic
def erase_due() -> int:
    """Erase what was decided more than KEPT ago, by the database's clock; how many notices that were.

    An appeal that is open, or was decided since, keeps its notice.
    """
    outcomes = Letter.objects.outcomes().filter(guest=OuterRef("pk"))
    is_answered = Q(Exists(outcomes)) & ~Q(Exists(outcomes.filter(created_at__gt=Now() - KEPT)))
    appeals = Appeal.objects.filter(guest=OuterRef("pk"))
    is_contested = Exists(appeals.filter(Q(decided_at=None) | Q(decided_at__gt=Now() - KEPT)))
    # Nothing can have been decided before it was filed; the index is over that.
    due = GuestNotice.objects.filter(is_answered, ~is_contested, erased_at=None, filed_at__lte=Now() - KEPT)
    locked = due.select_for_update(skip_locked=True, no_key=True).order_by("filed_at")
    ids = list(locked.values_list("pk", flat=True)[:BATCH])
    if ids:
        _erase(GuestNotice.objects.filter(pk__in=ids))
        auditing.record("erase_notices", f"{len(ids)} notices", by=None)
    return len(ids)


def _erase(notices: QuerySet[GuestNotice]) -> None:
    Appeal.objects.filter(guest__in=notices).update(text="")
    AppealMessage.objects.filter(guest__in=notices).update(text="")
    notices.update(name="", email="", reasons="", erased_at=Now())
