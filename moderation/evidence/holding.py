"""Legal holds: placed and released by seniors, ended by the database's clock, and every look at what they keep is noted.

The triggers of `evidence_guards` refuse to erase what a hold keeps; this module answers those who ask before they try.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.keeping import Kept
from accounts.models import User
from moderation import auditing
from moderation.evidence.admitting import NotForYou, admit
from moderation.models import (
    Appeal,
    Case,
    Decision,
    HoldExtension,
    LegalHold,
    Referral,
    Report,
    Scan,
    Statement,
)
from moderation.models.legal_holds import ONE_PERSON_TIME, USUAL_TIME
from posts.models import Post, Profile, Revision


class HoldEnded(Exception):
    """The hold is not in force any more, or the extension is settled."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which reference and why something is held, for how long, and whether the person concerned may know."""

    reference: str
    reason: str
    time: timedelta = USUAL_TIME
    may_be_told: bool = False


@transaction.atomic
def place(target: User | Post, terms: Terms, *, by: User) -> LegalHold:
    """Hold an account with all its data, or one post. Raises NotForYou, and ValidationError for more than ONE_PERSON_TIME."""
    owner = target if isinstance(target, User) else target.author
    admit(by, about=owner)
    if not timedelta(0) < terms.time <= ONE_PERSON_TIME:
        raise ValidationError(_("A legal hold begins with a year at most."), code="time")
    # Erasing locks the account as well: it is either done before, or it sees this hold.
    if User.objects.select_for_update(no_key=True).get(pk=owner.pk).erased_at:
        raise ValidationError(_("The account is erased: nothing is left to hold."), code="erased")
    hold = LegalHold.objects.create(
        user=target if isinstance(target, User) else None,
        post=target if isinstance(target, Post) else None,
        reference=terms.reference,
        reason=terms.reason,
        may_be_told=terms.may_be_told,
        by=by,
        until=Now() + terms.time,
    )
    hold.refresh_from_db()
    auditing.record(
        "hold", str(hold), by=by, target=hold.target, reference=hold.reference, until=hold.until.isoformat()
    )
    return hold


@transaction.atomic
def extend(hold: LegalHold, time: timedelta, *, by: User, reason: str) -> HoldExtension:
    """Let a hold last `time` from now; beyond ONE_PERSON_TIME from its start, once a second person agrees.

    Raises NotForYou, HoldEnded, and ValidationError when that is not longer than it lasts anyway.
    """
    locked = _lock(hold, by)
    extension = HoldExtension.objects.create(hold=locked, until=Now() + time, reason=reason, asked_by=by)
    longer = HoldExtension.objects.filter(pk=extension.pk, until__gt=F("hold__until"))
    if not longer.filter(until__lte=Now() + ONE_PERSON_TIME).exists():
        raise ValidationError(
            _("It has to last longer than it does, and a year from now at most."), code="time"
        )
    alone = longer.filter(until__lte=F("hold__since") + ONE_PERSON_TIME)
    is_effective = bool(alone.update(effective_at=Now()))
    extension.refresh_from_db()
    if is_effective:
        LegalHold.objects.filter(pk=locked.pk).update(until=extension.until)
    auditing.record(
        "extend_hold" if is_effective else "ask_hold_extension",
        str(hold),
        by=by,
        until=extension.until.isoformat(),
        reason=reason,
    )
    return extension


@transaction.atomic
def confirm(extension: HoldExtension, *, by: User) -> None:
    """A second person agrees to an extension. Raises NotForYou (the one who asked, too) and HoldEnded."""
    locked = _lock(extension.hold, by)
    if extension.asked_by == by:
        raise NotForYou(_("Somebody else than the person who asked for it has to agree."))
    waiting = HoldExtension.objects.filter(
        pk=extension.pk, effective_at=None, until__gt=F("hold__until"), hold=locked
    )
    if not waiting.update(confirmed_by=by, effective_at=Now()):
        raise HoldEnded(_("This extension is settled already."))
    LegalHold.objects.filter(pk=locked.pk).update(until=extension.until)
    auditing.record("extend_hold", str(locked), by=by, until=extension.until.isoformat())


@transaction.atomic
def release(hold: LegalHold, *, by: User | None, reason: str) -> None:
    """End a hold now; what waited for it is erased by the next sweep. `by` is None for an operator. Raises NotForYou and HoldEnded."""
    locked = _lock(hold, by)
    LegalHold.objects.filter(pk=locked.pk).update(released_at=Now(), released_by=by, release_reason=reason)
    auditing.record("release_hold", str(locked), by=by, target=locked.target, reason=reason)


def _lock(hold: LegalHold, by: User | None) -> LegalHold:
    """The hold as it is now, in force. The caller holds a transaction."""
    if by is not None:
        admit(by, about=hold.get_owner())
    locked = LegalHold.objects.in_force().select_for_update(of=("self",)).filter(pk=hold.pk).first()
    if locked is None:
        raise HoldEnded(_("This legal hold is not in force any more."))
    return locked


def find_kept(*, user: User, **_signal: Any) -> Kept:
    """What of an account must be kept now; the answer to `accounts.keeping`.

    The end is said only where every hold may be known: otherwise it would say that there is another one.
    """
    holds = list(LegalHold.objects.in_force().of(user))
    told = [hold.until for hold in holds if hold.may_be_told]
    return Kept(
        account=any(hold.user_id for hold in holds),
        posts=frozenset(hold.post_id for hold in holds if hold.post_id),
        until=max(told) if told and len(told) == len(holds) else None,
    )


def note_look(*, record: Model, by: User, **_signal: Any) -> None:
    """Somebody of the staff looks at `record`: note it when a hold keeps that.

    Listens to `accounts.signals.looked_at`; the desk's own pages call it.
    """
    user, post = _belongs_to(record)
    if user is None:
        return
    holds = LegalHold.objects.in_force().covering(user=user, post=post).order_by("pk")
    if names := [str(pk) for pk in holds.values_list("pk", flat=True)]:
        with transaction.atomic():
            auditing.record("view_held", f"{type(record).__name__.lower()} {record.pk}", by=by, holds=names)


# What a record is about, step by step up to a text or an account.
_LEADS_TO: dict[type[Model], str] = {
    Scan: "revision",
    Decision: "case",
    Referral: "case",
    Report: "case",
    Statement: "decision",
    Appeal: "decision",
}


def _belongs_to(record: Model) -> tuple[int | None, int | None]:
    """The account whose data a record is, and the post that it is of; neither for what is no text and no account."""
    while type(record) in _LEADS_TO:
        record = getattr(record, _LEADS_TO[type(record)])
    match record:
        case User():
            return record.pk, None
        case Post():
            return record.author_id, record.pk
        case Profile():
            return record.user_id, None
        case Revision():
            return record.get_author().pk, record.post_id
        case Case():
            return record.author_id, record.post_id
        case _:
            return None, None
