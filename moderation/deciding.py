"""Decisions: the only way in which a case closes and a person's text is removed or comes back.

A decision, what it does to the revisions, the statement of reasons, the bank of known texts and the audit row are one transaction.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import (
    auditing,
    claiming,
    known_bad,
    measures,
    notices,
    queueing,
    standing,
    telling,
)
from moderation.measures import Measure
from moderation.models import Case, CaseStatus, Decision
from moderation.rulebook import tallying
from posts import revising
from posts.models import Revision


class AlreadyDecided(Exception):
    """The case is closed, or the decision is overturned already."""


class CaseChanged(Exception):
    """What the case is about changed since the moderator looked."""


class NotAllowed(Exception):
    """This person may not decide this case."""


@transaction.atomic
def decide(
    case: Case, measure: Measure, *, by: User, version: int, violation: str = "", reason: str = ""
) -> Decision:
    """Close an open case with `measure`, on the `version` of it that the moderator saw.

    A removal names the `violation` and is explained to the author in a statement of reasons. Raises AlreadyDecided,
    CaseChanged, NotAllowed, ValidationError, and publishing.IllegalMove when the text moved in the meantime.
    """
    _check_allowed(case, by)
    if measure not in measures.CLOSING:
        raise ValidationError(_("This measure does not close a case."), code="measure")
    if measure.restricts and not violation:
        raise ValidationError(_("Name the rule that the text breaks."), code="violation")
    locked = _lock(case)
    if locked.status == CaseStatus.CLOSED:
        raise AlreadyDecided(_("This case is already decided."))
    if locked.version != version:
        raise CaseChanged(_("The case changed while you were looking at it. Please look again."))
    if (
        locked.claimed_by not in (None, by)
        and not Case.objects.claimable_by(by).filter(pk=locked.pk).exists()
    ):
        raise NotAllowed(claiming.describe_loss(locked))
    decision = Decision.objects.create(
        case=locked, measure=measure, violation=violation if measure.restricts else "", reason=reason, by=by
    )
    _carry_out(decision, _revisions_of(locked, measure))
    telling.tell_reporters(decision)
    queueing.close(locked)
    return decision


@transaction.atomic
def overturn(decision: Decision, *, by: User, reason: str = "") -> Decision:
    """Take a decision back: everything that it removed is up again. Raises AlreadyDecided and NotAllowed."""
    _check_allowed(decision.case, by)
    undo = Measure(decision.measure).undo
    _lock(decision.case)
    locked = Decision.objects.select_for_update(of=("self",)).select_related("case").get(pk=decision.pk)
    if undo is None or Decision.objects.filter(overturns=locked).exists():
        raise AlreadyDecided(_("There is nothing to take back."))
    restoring = Decision.objects.create(
        case=locked.case, measure=undo, overturns=locked, reason=reason, by=by
    )
    _carry_out(restoring, list(locked.revisions.with_subject().order_by("pk")))
    telling.tell_reporters(restoring)
    return restoring


@transaction.atomic
def remove_after_all(
    cleared: Decision, *, by: User, violation: str, reason: str, asked_by: User
) -> Decision | None:
    """Take down what `cleared` let stay, because a reporter, who hears of it otherwise, appealed; None when it is not shown any more.

    Raises NotAllowed, and CaseChanged while an open case waits about the same text: what came since is judged first.
    """
    _check_allowed(cleared.case, by)
    case = _lock(cleared.case)
    if Case.objects.open().filter(post=case.post_id, profile=case.profile_id).exists():
        raise CaseChanged(_("There is an open case about the same text. Please decide that one first."))
    if case.target.shown_id != case.revision_id:
        return None
    removal = Decision.objects.create(
        case=case, measure=Measure.TAKE_DOWN, violation=violation, reason=reason, by=by
    )
    _carry_out(removal, [case.revision])
    telling.tell_reporters(removal, but=asked_by)
    return removal


def _lock(case: Case) -> Case:
    """The case as it is now. Its target is locked before it, the order in which the gate and reports lock them."""
    revising.lock_subjects([case.revision])
    return Case.objects.select_for_update(of=("self",)).with_target().get(pk=case.pk)


def _check_allowed(case: Case, by: User) -> None:
    if not by.has_perm("moderation.decide_case"):
        raise NotAllowed(_("You may not decide cases."))
    if refusal := standing.why_not(case.get_author(), by=by):
        raise NotAllowed(refusal)


def _revisions_of(case: Case, measure: Measure) -> list[Revision]:
    """The version under review, and with a removal of something reported also what is shown of it, if that is another."""
    ids = {case.revision_id}
    if measure == Measure.TAKE_DOWN and case.target.shown_id and case.reports.exists():
        ids.add(case.target.shown_id)
    return list(Revision.objects.with_subject().filter(pk__in=ids).order_by("pk"))


def _carry_out(decision: Decision, revisions: list[Revision]) -> None:
    measure = Measure(decision.measure)
    decision.revisions.set(revisions)
    for revision in revisions:
        measures.apply(measure, revision, by=decision.by)
        if measure == Measure.TAKE_DOWN:
            known_bad.remember(revision, violation=decision.violation, by=decision.by)
        if measure == Measure.RESTORE:
            known_bad.forget(revision)
    if measure.restricts or decision.overturns_id or decision.case.was_held:
        notices.give_reasons(decision)
    auditing.record(
        "decide",
        str(decision.case),
        by=decision.by,
        decision=str(decision.pk),
        measure=decision.measure,
        violation=decision.violation,
        revisions={str(revision.pk): revision.sha256 for revision in revisions},
    )
    tallying.note_decision(decision)
