"""Decisions: the only way in which a case closes and a person's text is removed or comes back.

A decision, what it does to texts and the account, the statement of reasons, the bank of known texts and the audit row are one
transaction. `proposing` is the way for what needs a second person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import (
    auditing,
    choosing,
    claiming,
    effects,
    notices,
    queueing,
    standing,
    telling,
    withholding,
)
from moderation.choosing import Choice
from moderation.figures import sampling
from moderation.measures import ON_ACCOUNTS, Measure
from moderation.models import Case, CaseStatus, Decision, Report
from moderation.rulebook import tallying
from moderation.withholding import UNDO
from posts import revising
from posts.models import Revision


class AlreadyDecided(Exception):
    """The case is closed, or the decision is overturned already."""


class CaseChanged(Exception):
    """What the case is about changed since the moderator looked."""


class NotAllowed(Exception):
    """This person may not decide this case."""


class SecondNeeded(NotAllowed):
    """Nobody decides this alone: it can be proposed, see `proposing`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided, under which rule and why, by whom, and who confirmed it."""

    choice: Choice
    violation: str
    reason: str
    by: User
    confirmed_by: User | None = None

    @property
    def actor(self) -> User:
        """Who acts now."""
        return self.confirmed_by or self.by


@transaction.atomic
def decide(
    case: Case, measure: Measure | Choice, *, by: User, version: int, violation: str = "", reason: str = ""
) -> Decision:
    """Close an open case with `measure`, on the `version` of it that the moderator saw; or escalate it.

    With a Choice, a strike and a measure on the account (a child of the decision) go with it; a plain removal is a strike. What restricts names the
    `violation` and is explained to the author in a statement of reasons. Raises AlreadyDecided, CaseChanged, NotAllowed,
    SecondNeeded, ValidationError, and publishing.IllegalMove when the text moved in the meantime.
    """
    choice = measure if isinstance(measure, Choice) else Choice.of(measure)
    locked = check(case, choice, by=by, version=version, violation=violation)
    if choice.needs_second(locked):
        raise SecondNeeded(_("This takes a second person: propose it, and somebody else confirms."))
    return carry_out(locked, Ruling(choice=choice, violation=violation, reason=reason, by=by))


def check(case: Case, choice: Choice, *, by: User, version: int, violation: str) -> Case:
    """The case, locked, when `by` may decide it so; raises what `decide` does. The caller holds a transaction."""
    check_allowed(case, by)
    choosing.refuse_nonsense(choice, case, violation)
    locked = lock(case)
    # The roles as they are now: an account that was promoted in the meantime is locked with the case.
    check_allowed(locked, by, choice)
    if locked.status == CaseStatus.CLOSED:
        raise AlreadyDecided(_("This case is already decided."))
    if locked.version != version:
        raise CaseChanged(_("The case changed while you were looking at it. Please look again."))
    if locked.status == CaseStatus.PROPOSED:
        raise NotAllowed(_("Somebody proposed what to do. Confirm or reject that first."))
    _check_claim(locked, by)
    return locked


def carry_out(case: Case, ruling: Ruling) -> Decision:
    """Do what is decided, in the transaction and under the locks of the caller, who has checked that it may be."""
    measure = ruling.choice.measure
    revisions = _revisions_of(case, measure)
    decision = _record(case, ruling, measure, effects.note(case, revisions))
    decision.revisions.set(revisions)
    children = [_record_child(decision, ruling)] if ruling.choice.on_account else []
    effects.apply(decision, revisions)
    _tell(decision, revisions, children, by=ruling.actor)
    if measure.terms.closes:
        telling.tell_reporters(decision)
        sampling.sample_decision(decision)
        queueing.close(case)
    withholding.withhold(decision)
    return decision


@transaction.atomic
def overturn(decision: Decision, *, by: User, reason: str = "") -> Decision:
    """Take a decision back, and what went with it: what it removed is up again. Raises AlreadyDecided and NotAllowed.

    The measure on the account beside a decision is taken back alone, by whoever may take it: the rest stands.
    """
    check_allowed(lock(decision.case), by)
    locked = _lock_decision(decision)
    if not locked.get_measure().terms.overturnable:
        raise AlreadyDecided(_("There is nothing to take back."))
    if locked.parent_id and (refusal := choosing.why_not(Choice(locked.get_measure()), by=by)):
        raise NotAllowed(refusal)
    revisions = list(locked.revisions.with_subject().order_by("pk"))
    restoring = _record_undo(locked, by=by, reason=reason)
    restoring.revisions.set(revisions)
    effects.undo(locked, revisions, by=by)
    _undo_children(locked, restoring, by=by)
    _tell(restoring, revisions, [], by=by)
    if locked.get_measure().terms.closes:
        telling.tell_reporters(restoring)
    return restoring


@transaction.atomic
def take_back(decision: Decision, *, by: User) -> Decision:
    """Within UNDO of deciding: everything is as before, nobody is told, and the case is open again and claimed by `by`.

    Only who decided or confirmed does that; afterwards there is `overturn`. Raises NotAllowed, AlreadyDecided, CaseChanged and
    publishing.IllegalMove.
    """
    case = lock(decision.case)
    locked = _lock_decision(decision)
    if by not in (locked.by, locked.confirmed_by):
        raise NotAllowed(_("Only who decided can take this back."))
    withholding.withdraw(locked)
    _check_can_be_taken_back(locked, case, by)
    revisions = list(locked.revisions.with_subject().order_by("pk"))
    restoring = _record_undo(locked, by=by, is_take_back=True)
    restoring.revisions.set(revisions)
    effects.put_back(locked, revisions, by=by)
    _undo_children(locked, restoring, by=by)
    queueing.reopen(case, by=by)
    auditing.record("take_back", str(case), by=by, decision=str(locked.pk), measure=locked.measure)
    return restoring


@transaction.atomic
def remove_after_all(
    cleared: Decision, *, by: User, violation: str, reason: str, report: Report | None
) -> Decision | None:
    """Take down what `cleared` let stay, because whoever made `report`, and hears of it otherwise, appealed; None when it is not shown any more.

    Raises NotAllowed, and CaseChanged while an open case waits about the same text: what came since is judged first.
    """
    case = lock(cleared.case)
    check_allowed(case, by)
    if Case.objects.open().filter(post=case.post_id, profile=case.profile_id).exists():
        raise CaseChanged(_("There is an open case about the same text. Please decide that one first."))
    if case.target.shown_id != case.revision_id:
        return None
    choice = Choice.of(Measure.TAKE_DOWN)
    removal = _record(
        case, Ruling(choice=choice, violation=violation, reason=reason, by=by), choice.measure, {}
    )
    removal.revisions.set([case.revision])
    effects.apply(removal, [case.revision])
    _tell(removal, [case.revision], [], by=by)
    telling.tell_reporters(removal, but=report)
    return removal


def lock(case: Case) -> Case:
    """The case as it is now. Its author is locked first, as by erasing; then its target, the order in which the gate and reports lock."""
    User.objects.select_for_update(no_key=True).get(pk=case.author.pk)
    revising.lock_subjects([case.revision])
    return Case.objects.select_for_update(of=("self",)).with_target().get(pk=case.pk)


def _lock_decision(decision: Decision) -> Decision:
    """Raises AlreadyDecided for one that is taken back or overturned already."""
    locked = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("case", "by", "confirmed_by")
        .get(pk=decision.pk)
    )
    if locked.get_measure().undo is None or Decision.objects.filter(overturns=locked).exists():
        raise AlreadyDecided(_("There is nothing to take back."))
    return locked


def check_allowed(case: Case, by: User, choice: Choice | None = None) -> None:
    """Raise NotAllowed when `by` may not judge the case at all, or not make this choice."""
    if not by.has_perm("moderation.decide_case"):
        raise NotAllowed(_("You may not decide cases."))
    if refusal := standing.why_not(case.author, by=by) or standing.why_too_low(case, by=by):
        raise NotAllowed(refusal)
    if choice and (refusal := choosing.why_not(choice, by=by)):
        raise NotAllowed(refusal)


def _check_claim(case: Case, by: User) -> None:
    if case.claimed_by in (None, by) or Case.objects.claimable_by(by).filter(pk=case.pk).exists():
        return
    raise NotAllowed(claiming.describe_loss(case))


def _check_can_be_taken_back(decision: Decision, case: Case, by: User) -> None:
    """The words of the decision are locked: who mails them waits, and time is asked of the database afterwards."""
    in_time = Decision.objects.filter(pk=decision.pk, at__gt=Now() - UNDO).exists()
    if not in_time or not decision.before or decision.appeals.exists() or case.author.erased_at:
        raise AlreadyDecided(
            _("It is too late to undo this. You can still take the decision back, with reasons.")
        )
    if not decision.get_measure().terms.closes:
        _check_claim(case, by)
        if case.status != CaseStatus.OPEN:
            raise CaseChanged(_("Somebody of a higher role went on with this case."))
    elif Case.objects.open().filter(post=case.post_id, profile=case.profile_id).exists():
        raise CaseChanged(_("There is an open case about the same text. Please decide that one first."))


def _revisions_of(case: Case, measure: Measure) -> list[Revision]:
    """The version under review, and with a removal of something reported also what is shown of it, if that is another."""
    ids = {case.revision_id} if measure.terms.closes else set()
    if measure == Measure.TAKE_DOWN and case.target.shown_id and case.reports.exists():
        ids.add(case.target.shown_id)
    return list(Revision.objects.with_subject().filter(pk__in=ids).order_by("pk"))


def _record(case: Case, ruling: Ruling, measure: Measure, before: dict[str, object]) -> Decision:
    return Decision.objects.create(
        case=case,
        measure=measure,
        violation=ruling.violation if measure.restricts else "",
        reason=ruling.reason,
        is_strike=ruling.choice.is_strike,
        by=ruling.by,
        confirmed_by=ruling.confirmed_by,
        before=before,
    )


def _record_child(parent: Decision, ruling: Ruling) -> Decision:
    """The measure on the account, and with it the restriction that it is."""
    measure = ruling.choice.on_account
    assert measure is not None  # noqa: S101  The caller asked; tells the type checker.
    return Decision.objects.create(
        case=parent.case,
        parent=parent,
        measure=measure,
        violation=parent.violation,
        is_strike=measure == Measure.STRIKE,
        restriction=effects.restrict(measure, parent.case.author, ruling.choice.duration),
        by=ruling.by,
        confirmed_by=ruling.confirmed_by,
    )


def _record_undo(
    decision: Decision,
    *,
    by: User,
    reason: str = "",
    is_take_back: bool = False,
    parent: Decision | None = None,
) -> Decision:
    return Decision.objects.create(
        case=decision.case,
        measure=Measure.RESTORE,
        overturns=decision,
        parent=parent,
        reason=reason,
        is_take_back=is_take_back,
        by=by,
    )


def _undo_children(decision: Decision, restoring: Decision, *, by: User) -> None:
    for child in decision.children.standing().select_related("case", "restriction"):
        _record_undo(child, by=by, is_take_back=restoring.is_take_back, parent=restoring)
        effects.undo(child, [], by=by)


def _tell(
    decision: Decision, revisions: Iterable[Revision], children: Iterable[Decision], *, by: User
) -> None:
    """The statement of reasons, where there is one to give, and the audit row."""
    measure = decision.get_measure()
    concerns_author = decision.overturns.get_measure() if decision.overturns else measure
    is_told = concerns_author.terms.closes or concerns_author in ON_ACCOUNTS
    if is_told and (measure.restricts or decision.overturns_id or decision.case.was_held):
        notices.give_reasons(decision)
    auditing.record(
        "decide",
        str(decision.case),
        by=by,
        decision=str(decision.pk),
        measure=decision.measure,
        violation=decision.violation,
        revisions={str(revision.pk): revision.sha256 for revision in revisions},
        strike=decision.is_strike,
        children={str(child.pk): child.measure for child in children},
        decided_by=str(decision.by),
    )
    if concerns_author not in ON_ACCOUNTS:
        tallying.note_decision(decision)
