"""Second looks: somebody else judges a decided case blindly, and nothing changes by it. See also `blinding`.

Like cases, second looks are claimed for ten minutes, one at a time. The database refuses one by the first decider whoever asks
(`guards.SECOND_LOOK_GUARD`).
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, measures, standing
from moderation.measures import Measure
from moderation.models import Decision, SecondLook
from posts.text import clean

CLAIM = timedelta(minutes=10)
MAX_NOTE_CHARACTERS = 2000


class MayNotLook(Exception):
    """This person judged the case before, or may not judge it at all."""


class LookTaken(Exception):
    """Somebody else has it, it is done, or the claim ran out and somebody else took it."""


def claim_next(*, by: User) -> SecondLook | None:
    """The one that `by` has already, else the oldest that is free and that they may judge; None when there is none. Raises LookTaken."""
    held = SecondLook.objects.claimed_by_now(by).first()
    if held is not None:
        return claim(held, by=by)
    _give_back(by)
    with transaction.atomic():
        free = SecondLook.objects.claimable_by(by).order_by("pk")
        first = free.select_for_update(skip_locked=True, of=("self",)).first()
        return _lease(first, by=by) if first else None


def claim(look: SecondLook, *, by: User) -> SecondLook:
    """Lease a second look to `by`, or renew the lease; what else they had is free again. Raises MayNotLook and LookTaken."""
    _check_may_look(look, by)
    _give_back(by, but=look)
    with transaction.atomic():
        _lock_free(look, by)
        return _lease(look, by=by)


def _give_back(moderator: User, *, but: SecondLook | None = None) -> None:
    """By itself, before another one is locked: two who swap theirs do not wait for each other in a circle."""
    for look in SecondLook.objects.filter(at=None, claimed_by=moderator):
        if look != but:
            release(look, by=moderator)


def _lock_free(look: SecondLook, by: User) -> None:
    """Lock it before it is asked whether it is free, as `queueing.claim` does. Raises LookTaken."""
    SecondLook.objects.select_for_update(no_key=True).get(pk=look.pk)
    if not SecondLook.objects.claimable_by(by).filter(pk=look.pk).exists():
        raise LookTaken(_("Somebody else is looking at this, or it is done."))


def _lease(look: SecondLook, *, by: User) -> SecondLook:
    """The caller holds a transaction and the lock on the second look."""
    try:
        with transaction.atomic():
            SecondLook.objects.filter(pk=look.pk).update(claimed_by=by, claimed_until=Now() + CLAIM)
    except IntegrityError as two_at_once:
        raise LookTaken(_("You took another one at the same moment.")) from two_at_once
    taken = SecondLook.objects.with_decision().get(pk=look.pk)
    auditing.record("claim_second_look", str(taken.decision.case), by=by, second_look=str(look.pk))
    return taken


@transaction.atomic
def release(look: SecondLook, *, by: User) -> None:
    """Give a claimed second look back; without a claim nothing changes."""
    mine = SecondLook.objects.filter(pk=look.pk, at=None, claimed_by=by)
    if mine.update(claimed_by=None, claimed_until=None):
        auditing.record("release_second_look", str(look), by=by)


@transaction.atomic
def judge(look: SecondLook, measure: Measure, *, by: User, violation: str = "", note: str = "") -> SecondLook:
    """Give the second verdict. Raises MayNotLook, LookTaken, and ValidationError for a verdict that would not close a case.

    A claim that ran out does not matter as long as nobody else has it.
    """
    _check_may_look(look, by)
    if measure not in measures.CLOSING:
        raise ValidationError(_("This measure does not close a case."), code="measure")
    if measure.restricts and not violation:
        raise ValidationError(_("Name the rule that the text breaks."), code="violation")
    _lock_free(look, by)
    SecondLook.objects.filter(pk=look.pk).update(
        measure=measure,
        violation=violation if measure.restricts else "",
        note=clean(note, limit=MAX_NOTE_CHARACTERS),
        by=by,
        at=Now(),
        claimed_by=None,
        claimed_until=None,
    )
    auditing.record("look_again", str(look), by=by, measure=measure.value, violation=violation)
    return SecondLook.objects.with_decision().get(pk=look.pk)


def why_not(look: SecondLook, moderator: User) -> str:
    """Why this moderator may not judge; empty for those who may."""
    if not moderator.has_perm("moderation.decide_case"):
        return _("You may not decide cases.")
    if refusal := standing.why_not(look.decision.case.author, by=moderator):
        return refusal
    if Decision.objects.filter(case=look.decision.case_id, by=moderator).exists():
        return _("You have judged this case already: a second look is somebody else's.")
    return ""


def _check_may_look(look: SecondLook, by: User) -> None:
    if refusal := why_not(look, by):
        raise MayNotLook(refusal)
