"""Many cases decided alike: chosen together, decided one by one, taken back together.

Every case is decided by `deciding.decide` in a transaction of its own, with its own statement, notices and checks; so a batch of
two hundred never holds the audit trail's lock for seconds, and whatever interrupts it leaves whole decisions behind. What could
not be decided is named in the batch. Asked again, the rest follows: what is decided already is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, choosing, deciding
from moderation.choosing import Choice
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed
from moderation.models import Batch, BatchItem, CannedReason, Case, CaseStatus, Decision
from moderation.queueing import NotClaimable
from posts.revising import IllegalMove

MOST = 200
"""Cases in one batch: what a person can still look through before deciding."""

REFUSALS = (AlreadyDecided, CaseChanged, NotAllowed, IllegalMove, ValidationError)


class TooMany(Exception):
    """More cases than one batch may have."""


@dataclass(frozen=True, slots=True)
class Joint:
    """What is decided about every case of a batch."""

    choice: Choice
    violation: str = ""
    reason: str = ""
    canned: CannedReason | None = None

    def reason_for(self, author: User) -> str:
        """The canned reason in the author's language, then the moderator's own words."""
        words = [self.canned.get_text(author.language)] if self.canned else []
        return "\n\n".join([*words, *filter(None, [self.reason])])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could be decided with others, and why it cannot; `why_not` is empty when it can."""

    case: Case
    why_not: str


def examine(cases: Sequence[Case], joint: Joint, *, by: User) -> list[Candidate]:
    """What would become of each of these cases, which `by` may judge; in as many queries for many as for one. Deciding asks again."""
    free = Case.objects.claimable_by(by).filter(pk__in=[case.pk for case in cases])
    free_ids = set(free.values_list("pk", flat=True))
    too_much = choosing.why_not(joint.choice, by=by)
    return [Candidate(case, too_much or _why_not(case, joint, is_free=case.pk in free_ids)) for case in cases]


def _why_not(case: Case, joint: Joint, *, is_free: bool) -> str:
    if case.status == CaseStatus.CLOSED:
        return _("This case is already decided.")
    if case.status == CaseStatus.PROPOSED:
        return _("Somebody proposed what to do. Confirm or reject that first.")
    if not is_free:
        return _("Somebody else is working on this case.")
    if joint.choice.needs_second(case):
        return _("This takes a second person: propose it, and somebody else confirms.")
    try:
        choosing.refuse_nonsense(joint.choice, case, joint.violation)
    except ValidationError as refusal:
        return _say(refusal)
    return ""


def decide_together(seen: Iterable[tuple[Case, int]], joint: Joint, *, by: User) -> Batch:
    """Decide each case, on the version of it that was seen, and return what came of it. Raises TooMany.

    Cases that `by` may not decide, or that changed, are left out and named in the batch.
    """
    cases = list(seen)
    if not 1 <= len(cases) <= MOST:
        raise TooMany(_("Choose between 1 and %(most)s cases.") % {"most": MOST})
    batch = _open(len(cases), joint, by)
    for case, version in cases:
        try:
            with transaction.atomic():
                decision = deciding.decide(
                    case,
                    joint.choice,
                    by=by,
                    version=version,
                    violation=joint.violation,
                    reason=joint.reason_for(case.author),
                )
                BatchItem.objects.create(batch=batch, case=case, decision=decision)
        except REFUSALS as refusal:
            BatchItem.objects.create(batch=batch, case=case, refusal=_say(refusal))
    return batch


@transaction.atomic
def _open(count: int, joint: Joint, by: User) -> Batch:
    batch = Batch.objects.create(
        measure=joint.choice.measure,
        violation=joint.violation if joint.choice.measure.restricts else "",
        reason=joint.reason,
        count=count,
        by=by,
    )
    auditing.record("decide_together", str(batch), by=by, measure=batch.measure, cases=count)
    return batch


def take_back(batch: Batch, *, by: User, reason: str = "") -> list[str]:
    """Take every decision of the batch back that still stands; return, in sentences, what could not be.

    Within the first seconds a decision never was, afterwards it is overturned, with a statement. Each is a transaction of its own;
    what was interrupted is gone on with by asking again.
    """
    with transaction.atomic():
        auditing.record("take_back_together", str(batch), by=by)
    items = batch.items.standing().select_related("decision__case").order_by("id")
    decisions = [item.decision for item in items if item.decision]
    refusals = [(decision, _take_back_one(decision, by=by, reason=reason)) for decision in decisions]
    return [f"{decision.case}: {refusal}" for decision, refusal in refusals if refusal]


def _take_back_one(decision: Decision, *, by: User, reason: str) -> str:
    try:
        deciding.take_back(decision, by=by)
    except (AlreadyDecided, NotAllowed, NotClaimable, CaseChanged):
        return _overturn(decision, by=by, reason=reason)
    except IllegalMove as refusal:
        return str(refusal)
    return ""


def _overturn(decision: Decision, *, by: User, reason: str) -> str:
    try:
        deciding.overturn(decision, by=by, reason=reason)
    except REFUSALS as refusal:
        return _say(refusal)
    return ""


def _say(refusal: Exception) -> str:
    return " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
