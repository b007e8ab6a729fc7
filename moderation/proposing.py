"""Proposals: what needs two people is proposed by one and confirmed, or rejected, by another. The database knows that they differ."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, deciding, queueing
from moderation.choosing import Choice
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed, Ruling
from moderation.measures import Measure
from moderation.models import Case, Decision, Proposal, ProposalStatus


@transaction.atomic
def propose(
    case: Case, choice: Choice, *, by: User, version: int, violation: str = "", reason: str = ""
) -> Proposal:
    """Ask for a second person; until one answers, the case waits. Raises what `deciding.decide` raises."""
    locked = deciding.check(case, choice, by=by, version=version, violation=violation)
    if not choice.needs_second(locked):
        raise NotAllowed(_("This needs no second person: decide it."))
    proposal = Proposal.objects.create(
        case=locked,
        measure=choice.measure,
        violation=violation if choice.measure.restricts else "",
        reason=reason,
        is_strike=choice.is_strike,
        on_account=choice.on_account or "",
        duration=choice.duration,
        version=version,
        by=by,
    )
    queueing.set_proposed(locked, by=by)
    auditing.record(
        "propose",
        str(locked),
        by=by,
        proposal=str(proposal.pk),
        measure=proposal.measure,
        on_account=proposal.on_account,
    )
    return proposal


@transaction.atomic
def confirm(proposal: Proposal, *, by: User) -> Decision:
    """Decide as proposed, as the second person. Raises NotAllowed, AlreadyDecided, CaseChanged and publishing.IllegalMove."""
    locked, case = _lock(proposal, by)
    choice = choice_of(locked)
    deciding.check_allowed(case, by, choice)
    if case.version != locked.version:
        raise CaseChanged(
            _("The case changed since this was proposed. Reject it, and look at the case afresh.")
        )
    decision = deciding.carry_out(
        case,
        Ruling(
            choice=choice, violation=locked.violation, reason=locked.reason, by=locked.by, confirmed_by=by
        ),
    )
    _answer(locked, ProposalStatus.CONFIRMED, by=by, decision=decision)
    return decision


@transaction.atomic
def reject(proposal: Proposal, *, by: User, reason: str) -> None:
    """Say no, as the second person: the case waits for anybody again. Raises NotAllowed and AlreadyDecided."""
    locked, case = _lock(proposal, by)
    queueing.set_proposed(case, by=None)
    _answer(locked, ProposalStatus.REJECTED, by=by, answer=reason)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> None:
    """Take one's own proposal back before it is answered. Raises NotAllowed and AlreadyDecided."""
    case = deciding.lock(proposal.case)
    locked = _lock_open(proposal)
    if locked.by != by:
        raise NotAllowed(_("Only who proposed this can withdraw it."))
    queueing.set_proposed(case, by=None)
    _answer(locked, ProposalStatus.WITHDRAWN, by=by)


def choice_of(proposal: Proposal) -> Choice:
    """What the proposer chose."""
    return Choice(
        proposal.get_measure(),
        is_strike=proposal.is_strike,
        on_account=Measure(proposal.on_account) if proposal.on_account else None,
        duration=proposal.duration,
    )


def _lock(proposal: Proposal, by: User) -> tuple[Proposal, Case]:
    """The proposal and its case, for somebody who may answer as the second person."""
    case = deciding.lock(proposal.case)
    locked = _lock_open(proposal)
    if locked.by == by:
        raise NotAllowed(_("You proposed this: somebody else confirms it."))
    deciding.check_allowed(case, by)
    return locked, case


def _lock_open(proposal: Proposal) -> Proposal:
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("by").get(pk=proposal.pk)
    if locked.status != ProposalStatus.OPEN:
        raise AlreadyDecided(_("This proposal is answered already."))
    return locked


def _answer(
    proposal: Proposal,
    status: ProposalStatus,
    *,
    by: User,
    answer: str = "",
    decision: Decision | None = None,
) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(
        status=status, answered_by=by, answered_at=Now(), answer=answer, decision=decision
    )
    auditing.record(
        "answer_proposal", str(proposal.case), by=by, proposal=str(proposal.pk), status=status.value
    )
