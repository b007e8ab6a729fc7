"""What becomes of a claim: it is renewed, taken over, or the case is skipped."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from moderation import auditing, queueing
from moderation.models import Case, Skip
from moderation.queueing import CLAIM

SKIP = timedelta(hours=1)


class ClaimLost(Exception):
    """The lease ran out and somebody else has the case, it was taken over, or the case is closed."""


class MayNotTakeOver(Exception):
    """Only a senior moderator takes a case over, and from nobody of their own level or above it."""


def renew(case: Case, *, by: User) -> None:
    """The moderator is still at work: the lease ends CLAIM from now. Raises ClaimLost.

    A lease that ran out is renewed as well, as long as nobody else took the case.
    """
    mine = Case.objects.open().filter(pk=case.pk, claimed_by=by)
    if not mine.update(claimed_until=Now() + CLAIM):
        raise ClaimLost(describe_loss(case))


def describe_loss(case: Case) -> str:
    """In one sentence, why somebody cannot decide the case any more."""
    holder = (
        Case.objects.open().select_related("claimed_by").filter(pk=case.pk, claimed_by__isnull=False).first()
    )
    if holder is None or holder.claimed_by is None:
        return _("This case is not yours any more: it was decided, or given back to the queue.")
    return _("Somebody else is working on this case: @%(handle)s has it now.") % {
        "handle": holder.claimed_by.handle
    }


@transaction.atomic
def skip(case: Case, *, by: User) -> None:
    """Give a case back, if it is claimed, and do not get it again for an hour. Nobody asks why, and nothing is counted."""
    queueing.release(case, by=by)
    Skip.objects.update_or_create(case=case, moderator=by, defaults={"until": Now() + SKIP})


def may_take_over(moderator: User) -> bool:
    """Whether somebody may take cases from others at all."""
    return moderator.get_role().level >= Role.SENIOR_MODERATOR.level


def take_over(case: Case, *, by: User) -> Case:
    """A senior moderator takes a case from whoever is working on it; the audit trail says from whom. Raises MayNotTakeOver and NotClaimable."""
    if not may_take_over(by):
        raise MayNotTakeOver(_("Only a senior moderator can take over a case."))
    queueing.give_back(by, but=case)
    with transaction.atomic():
        locked = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        holder = locked.claimed_by
        if holder is None or holder == by:
            return queueing.claim(locked, by=by)
        is_running = not Case.objects.claimable_by(by).filter(pk=locked.pk).exists()
        if is_running and holder.get_role().level >= by.get_role().level:
            raise MayNotTakeOver(_("You cannot take over a case from somebody of your own level."))
        Case.objects.filter(pk=locked.pk).update(claimed_by=None, claimed_until=None)
        taken = queueing.claim(locked, by=by)
        auditing.record("take_over", str(locked), by=by, taken_from=str(holder))
        return taken


def forget_old_skips() -> int:
    """Delete the skips that ended; return how many."""
    return Skip.objects.filter(until__lte=Now()).delete()[0]
