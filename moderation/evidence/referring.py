"""Referrals: a moderator asks for one, a senior makes it, and everything that happens with it afterwards is noted.

Nothing is sent by the program: a person hands the packet over and notes how and when.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least, Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, ranking, standing
from moderation.evidence import packing, storing
from moderation.evidence.admitting import NotForYou, admit
from moderation.evidence.packing import Errand
from moderation.lanes import Lane
from moderation.models import (
    Case,
    Evidence,
    Referral,
    ReferralEntry,
    ReferralRequest,
    ReferralStatus,
)

Act = ReferralEntry.Act


class TooLate(Exception):
    """Somebody else was faster: it is asked for, answered or further on already."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened outside: how, in words, and when; `at` is None for now."""

    note: str
    at: datetime | None = None


@transaction.atomic
def ask(case: Case, *, by: User, why: str) -> ReferralRequest:
    """A moderator sees a threat to life and asks a senior to refer the case; an open case becomes imminent. Raises NotForYou and TooLate."""
    if not by.has_perm("moderation.decide_case"):
        raise NotForYou(_("You may not decide cases."))
    if refusal := standing.why_not(case.author, by=by):
        raise NotForYou(refusal)
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    request, is_new = ReferralRequest.objects.get_or_create(
        case=locked, answered_at=None, defaults={"by": by, "why": why}
    )
    if not is_new:
        raise TooLate(_("A senior moderator was asked already."))
    _make_imminent(locked)
    auditing.record("ask_referral", str(case), by=by)
    return request


def _make_imminent(case: Case) -> None:
    urgent = Case.objects.open().filter(pk=case.pk, lane__gt=Lane.IMMINENT)
    if urgent.update(lane=Lane.IMMINENT, due_at=Least(F("due_at"), Now() + Lane.IMMINENT.time)):
        case.refresh_from_db()
        ranking.place(case)


@transaction.atomic
def refuse(request: ReferralRequest, *, by: User, reason: str) -> None:
    """A senior finds that the case is none for an authority. Raises NotForYou and TooLate."""
    admit(by, about=request.case.author)
    open_one = ReferralRequest.objects.open().filter(pk=request.pk)
    if not open_one.update(answered_at=Now(), answered_by=by, refusal=reason):
        raise TooLate(_("This request was answered already."))
    auditing.record("refuse_referral", str(request.case), by=by, reason=reason)


@transaction.atomic
def refer(case: Case, errand: Errand, *, by: User) -> Referral:
    """Refer a case, open or closed: the packet is made now and never changes. Answers an open request. Raises NotForYou and ValidationError."""
    admit(by, about=case.author)
    if errand.authority.retired_at:
        raise ValidationError(_("This authority is not in the list any more."), code="authority")
    # The account is locked as erasing it does, so that the packet holds all of it or none.
    User.objects.select_for_update(no_key=True).get(pk=case.author.pk)
    now: datetime = User.objects.values_list(Now(), flat=True)[:1].get()
    packet = packing.pack(Case.objects.with_target().get(pk=case.pk), errand, at=now)
    referral = Referral.objects.create(
        case=case,
        authority=errand.authority,
        ground=errand.ground,
        urgency=errand.urgency,
        why=errand.why,
        packet=storing.keep(Evidence.Kind.PACKET, packet.body),
        made_by=by,
    )
    referral.evidence.set(packet.texts)
    ReferralRequest.objects.open().filter(case=case).update(
        answered_at=Now(), answered_by=by, referral=referral
    )
    _note(referral, Act.MADE, by, authority=str(errand.authority), packet=referral.packet.sha256)
    return referral


def read(referral: Referral, *, by: User) -> dict[str, Any]:
    """What the packet says; that somebody looked is noted. Raises NotForYou."""
    return _open_packet(referral, Act.SEEN, by)


def download(referral: Referral, *, by: User) -> bytes:
    """The packet as one file, byte for byte what its hash is of; that somebody took it is noted. Raises NotForYou."""
    _open_packet(referral, Act.DOWNLOADED, by)
    return referral.packet.body.encode()


@transaction.atomic
def _open_packet(referral: Referral, act: ReferralEntry.Act, by: User) -> dict[str, Any]:
    admit(by, about=referral.case.author)
    _note(referral, act, by, packet=referral.packet.sha256)
    content: dict[str, Any] = json.loads(referral.packet.body)
    return content


def note_sent(referral: Referral, event: Event, *, by: User) -> None:
    """A person handed the packet over. Raises NotForYou, TooLate, and ValidationError for a time that is still to come."""
    _step(referral, ReferralStatus.SENT, event, by)


def note_answer(referral: Referral, event: Event, *, by: User) -> None:
    """The authority answered. Raises as `note_sent`."""
    _step(referral, ReferralStatus.ANSWERED, event, by)


def close(referral: Referral, event: Event, *, by: User) -> None:
    """Nothing is left to do. Raises as `note_sent`."""
    _step(referral, ReferralStatus.CLOSED, event, by)


@transaction.atomic
def _step(referral: Referral, new: ReferralStatus, event: Event, by: User) -> None:
    """Compare and swap: of two who note the same step, one is told that it is done."""
    admit(by, about=referral.case.author)
    before = [status for status in ReferralStatus if new in status.next]
    if not Referral.objects.filter(pk=referral.pk, status__in=before).update(status=new):
        raise TooLate(_("This referral is further on already. Please look again."))
    if event.at and not _can_have_happened(referral, event.at):
        raise ValidationError(_("The time lies before the referral was made, or still to come."), code="time")
    _note(referral, Act(new.value), by, event)
    referral.refresh_from_db(fields=["status"])


def _can_have_happened(referral: Referral, at: datetime) -> bool:
    """After the referral was made and not later than now, by the database's clock; people name minutes, not seconds."""
    after = Referral.objects.filter(pk=referral.pk, made_at__lt=at + timedelta(minutes=1))
    return after.annotate(now=Now()).filter(now__gte=at).exists()


def _note(
    referral: Referral, act: ReferralEntry.Act, by: User, event: Event | None = None, **data: Any
) -> None:
    """Write the entry and the audit row. The caller holds the transaction of the act."""
    note, happened_at = (event.note, event.at) if event else ("", None)
    ReferralEntry.objects.create(referral=referral, act=act, by=by, note=note, happened_at=happened_at)
    auditing.record(f"referral_{act.value}", str(referral), by=by, case=str(referral.case_id), **data)
