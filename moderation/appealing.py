"""Appeals: people say that a decision is wrong, and somebody else than the first decider answers.

Granting an author's appeal overturns the decision; granting a reporter's removes what was let stay. The database refuses an
outcome by the first decider whoever asks (`guards.APPEAL_GUARD`).
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, deciding, telling
from moderation.deciding import AlreadyDecided, NotAllowed
from moderation.guests import answering
from moderation.models import (
    Appeal,
    AppealMessage,
    AppealStatus,
    Appellant,
    Case,
    Decision,
    GuestNotice,
)
from moderation.models.appeals import OUTCOMES, TIME_TO_APPEAL
from posts import revising
from posts.text import clean

MAX_CHARACTERS = 4000


class NotAppealable(Exception):
    """The time to appeal is over, or the decision was taken back."""


class AlreadyAppealed(Exception):
    """This person appealed against this decision before."""


class AppealClosed(Exception):
    """The appeal is decided."""


class AppealChanged(Exception):
    """Something was said about the appeal since the moderator looked."""


class FirstDecider(NotAllowed):
    """Who decided first does not decide about the appeal."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands with a decision that concerns them: the appeal they made, or until when they can make one."""

    decision: Decision
    appeal: Appeal | None
    until: datetime
    refusal: str

    @property
    def can_appeal(self) -> bool:
        return self.appeal is None and not self.refusal


def get_standing_of(appellant: Appellant, decision: Decision) -> Standing | None:
    """Where somebody stands with `decision`; None when there is nothing in it that they could contest."""
    if not Decision.objects.contestable_by(appellant).filter(pk=decision.pk).exists():
        return None
    until = decision.at + TIME_TO_APPEAL
    if Decision.objects.filter(overturns=decision).exists():
        refusal = _("This decision was taken back.")
    elif not Decision.objects.filter(pk=decision.pk, at__gte=Now() - TIME_TO_APPEAL).exists():
        refusal = _("The time to appeal against this decision is over.")
    else:
        refusal = _why_forgotten(appellant)
    appeal = Appeal.objects.of(appellant).filter(decision=decision).first()
    return Standing(decision, appeal, until, refusal)


@transaction.atomic
def appeal(decision: Decision, *, by: Appellant, text: str) -> Appeal:
    """Appeal against `decision`, once. Raises NotAllowed, AlreadyAppealed, NotAppealable, and ValidationError for the text."""
    cleaned = _clean(text)
    by = _lock_guest(by)
    locked = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    standing = get_standing_of(by, locked)
    if standing is None:
        raise NotAllowed(_("This decision is not about you."))
    if standing.appeal:
        raise AlreadyAppealed(_("You have appealed against this decision already."))
    if standing.refusal:
        raise NotAppealable(standing.refusal)
    person, guest = _tell_apart(by)
    made = Appeal.objects.create(decision=locked, appellant=person, guest=guest, text=cleaned)
    auditing.record("appeal", str(made), by=person, decision=str(locked.pk), **_name(guest))
    made.refresh_from_db()
    return made


@transaction.atomic
def answer(appeal: Appeal, *, by: Appellant, text: str) -> AppealMessage:
    """Say something about an open appeal, as its appellant or as a moderator who may decide it.

    A guest gets what a moderator says as a letter. Raises AppealClosed, NotAllowed and ValidationError.
    """
    cleaned = _clean(text)
    by = _lock_guest(by)
    locked = Appeal.objects.select_for_update(no_key=True).get(pk=appeal.pk)
    if by != locked.get_appellant():
        _check_impartial(locked, by)
    elif refusal := _why_forgotten(by):
        raise NotAllowed(refusal)
    if not locked.is_open:
        raise AppealClosed(_("This appeal is decided."))
    Appeal.objects.filter(pk=locked.pk).update(version=F("version") + 1)
    person, guest = _tell_apart(by)
    message = AppealMessage.objects.create(appeal=locked, by=person, guest=guest, text=cleaned)
    auditing.record("answer_appeal", str(locked), by=person, message=str(message.pk), **_name(guest))
    if locked.guest and not message.is_by_appellant:
        answering.pass_on(locked.guest, locked.decision, cleaned)
    return message


@transaction.atomic
def decide_appeal(
    appeal: Appeal, outcome: AppealStatus, *, by: User, version: int, reasons: str, violation: str = ""
) -> Appeal:
    """End an appeal with GRANTED or REJECTED, on the `version` of it that the moderator read, and tell the appellant why.

    Granting a reporter's appeal names the `violation`. Raises FirstDecider, NotAllowed, AppealClosed, AppealChanged,
    deciding.CaseChanged, publishing.IllegalMove and ValidationError.
    """
    cleaned = _clean(reasons)
    if outcome not in OUTCOMES:
        raise ValidationError(_("An appeal is granted or rejected."), code="outcome")
    locked = _lock(appeal)
    _check_impartial(locked, by)
    if not locked.is_open:
        raise AppealClosed(_("This appeal is decided."))
    if locked.version != version:
        raise AppealChanged(
            _("Something was written while you were looking at the appeal. Please look again.")
        )
    result = None
    if outcome == AppealStatus.GRANTED:
        result = _grant(locked, by=by, reasons=cleaned, violation=violation)
    _end(locked, outcome, by=by, reasons=cleaned, result=result)
    return locked


def why_not(appeal: Appeal, moderator: User) -> str:
    """Why this moderator may not decide the appeal; empty for those who may."""
    try:
        _check_impartial(appeal, moderator)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def _tell_apart(appellant: Appellant) -> tuple[User | None, GuestNotice | None]:
    """The person or the guest that it is, for the two columns of which one is filled."""
    return (None, appellant) if isinstance(appellant, GuestNotice) else (appellant, None)


def _name(guest: GuestNotice | None) -> dict[str, str]:
    """What the trail says of somebody without an account: the number of the notice."""
    return {"notice": str(guest.pk)} if guest else {}


def _why_forgotten(appellant: Appellant) -> str:
    """Why nobody says anything more for a guest whose notice is erased; empty for everybody else."""
    if isinstance(appellant, GuestNotice) and appellant.erased_at:
        return _("This notice is erased: there is nobody whom we could answer.")
    return ""


def _lock_guest(appellant: Appellant) -> Appellant:
    """A guest as they are now, locked before everything else as by forgetting: who is forgotten says no more."""
    if isinstance(appellant, GuestNotice):
        return GuestNotice.objects.select_for_update(no_key=True).get(pk=appellant.pk)
    return appellant


def _lock(appeal: Appeal) -> Appeal:
    """The appeal as it is now. What it is about is locked before it, the order in which everybody locks."""
    revising.lock_subjects([appeal.decision.case.revision])
    return Appeal.objects.with_decision().select_for_update(of=("self",), no_key=True).get(pk=appeal.pk)


def _check_impartial(appeal: Appeal, by: Appellant) -> None:
    if isinstance(by, GuestNotice) or not by.has_perm("moderation.decide_case"):
        raise NotAllowed(_("You may not decide about appeals."))
    if (
        appeal.appellant == by
        or not Case.objects.decidable_by(by).filter(pk=appeal.decision.case_id).exists()
    ):
        raise NotAllowed(_("This appeal concerns you: somebody else decides about it."))
    if by in (appeal.decision.by, appeal.decision.confirmed_by):
        raise FirstDecider(
            _(
                "You decided this first. Somebody else decides about the appeal, so that it is looked at afresh."
            )
        )


def _grant(appeal: Appeal, *, by: User, reasons: str, violation: str) -> Decision | None:
    """Change what was decided; None when it has changed by itself in the meantime."""
    if not appeal.is_by_author:
        if not violation:
            raise ValidationError(_("Name the rule that the text breaks."), code="violation")
        return deciding.remove_after_all(
            appeal.decision, by=by, violation=violation, reason=reasons, report=appeal.get_report()
        )
    try:
        return deciding.overturn(appeal.decision, by=by, reason=reasons)
    except AlreadyDecided:
        return None


def _end(appeal: Appeal, outcome: AppealStatus, *, by: User, reasons: str, result: Decision | None) -> None:
    appeal.status, appeal.decided_by, appeal.reasons, appeal.result = outcome, by, reasons, result
    Appeal.objects.filter(pk=appeal.pk).update(
        status=outcome, decided_by=by, decided_at=Now(), reasons=reasons, result=result
    )
    # An author whose text is back reads the reasons in the statement that came with it.
    if not (result and appeal.is_by_author):
        telling.tell_appellant(appeal)
    auditing.record(
        "decide_appeal",
        str(appeal),
        by=by,
        outcome=outcome.value,
        decision=str(appeal.decision_id),
        result=str(result.pk) if result else "",
    )


def _clean(words: str) -> str:
    cleaned = clean(words, limit=MAX_CHARACTERS)
    if not cleaned:
        raise ValidationError(_("Write why."), code="empty")
    return cleaned
