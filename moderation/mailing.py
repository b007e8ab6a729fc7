"""Mailing statements, notices and letters: each is itself the work item, due at a time, leased and tried again like a text to be screened."""

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from moderation import announcing
from moderation.models import (
    Letter,
    LetterQuerySet,
    Notice,
    NoticeKind,
    NoticeQuerySet,
    ReferralNotice,
    Statement,
    StatementQuerySet,
)
from moderation.models.notices import MAX_ATTEMPTS
from moderation.models.referrals import ReferralNoticeQuerySet

logger = structlog.get_logger(__name__)

Mailed = StatementQuerySet | NoticeQuerySet | LetterQuerySet | ReferralNoticeQuerySet
Message = Statement | Notice | Letter | ReferralNotice

LEASE = timedelta(minutes=2)
# With settings.EMAIL_TIMEOUT, this bounds how long a mail server that hangs keeps the process from screening.
BATCH = 3
# Many may have reported one text; the process that mails also screens, and goes on with the rest at the next sweep.
MOST_A_SWEEP = 60


def send_due() -> int:
    """Mail the statements, notices and letters that are due; one that fails is due again later. Returns how many were sent.

    Ends with MOST_A_SWEEP or the first batch in which one failed, until the next sweep: the process that mails also screens, and posts do
    not wait long for a mail server that hangs.
    """
    announcing.drop_decided()
    sent = 0
    while sent < MOST_A_SWEEP and (batch := _lease()):
        delivered = sum(_deliver(message) for message in batch)
        sent += delivered
        if delivered < len(batch):
            break
    return sent


def _deliver(message: Message) -> bool:
    """Mail one message; tell whether that went well."""
    try:
        _mail(message)
    except Exception:  # One that cannot be mailed must not use up the attempts of those leased with it.
        logger.exception(f"{type(message).__name__.lower()}_not_mailed", pk=message.pk)
        return False
    with transaction.atomic():
        type(message).objects.filter(pk=message.pk).update(mailed_at=Now())
        if isinstance(message, Notice) and message.kind == NoticeKind.HOLD:
            announcing.cover_others(message)
    return True


def _lease() -> list[Any]:
    """Take what is due, statements of reasons before notices and letters."""
    return (
        _lease_of(Statement.objects.with_decision())
        or _lease_of(Notice.objects.with_decision())
        or _lease_of(Letter.objects.with_recipient())
        or _lease_of(ReferralNotice.objects.with_recipient())
    )


@transaction.atomic
def _lease_of(messages: Mailed) -> list[Any]:
    """Take due messages; the wait before the next attempt doubles."""
    due: list[Any] = list(
        messages.due()
        .filter(attempts__lt=MAX_ATTEMPTS)
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    for message in due:
        messages.model.objects.filter(pk=message.pk).update(
            attempts=F("attempts") + 1, due_at=Now() + LEASE * 2**message.attempts
        )
    return sorted(due, key=lambda message: int(message.pk))


def _mail(message: Message) -> None:
    address = message.address if isinstance(message, Letter) else message.recipient.email
    if not address:
        return
    with translation.override(message.language):
        subject, template = _letter(message)
        body = render_to_string(template, {"message": message, "site_url": settings.PARLER_URL})
        EmailMessage(subject, body, to=[address]).send()


def _letter(message: Message) -> tuple[str, str]:
    """The subject of the mail and the template of its body."""
    if isinstance(message, Letter):
        return message.subject, "emails/letter.txt"
    if isinstance(message, ReferralNotice):
        return _("Parler: we turned to an authority"), "emails/referral.txt"
    if isinstance(message, Notice):
        return f"Parler: {message.title}", "emails/notice.txt"
    if message.decision.case.post_id:
        return _("Parler: our decision about your post"), "emails/statement.txt"
    return _("Parler: our decision about your profile"), "emails/statement.txt"
