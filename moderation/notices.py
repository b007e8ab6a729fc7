"""Statements of reasons: made in the decision's transaction, shown to the author, and mailed, as are the notices of `telling`."""

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

from moderation.measures import Measure
from moderation.models import Decision, Notice, Origin, Statement
from moderation.models.appeals import NoticeQuerySet
from moderation.models.decisions import StatementQuerySet
from moderation.taxonomy import Violation
from posts.statuses import Status

logger = structlog.get_logger(__name__)

Mailed = StatementQuerySet | NoticeQuerySet

LEASE = timedelta(minutes=2)
# With settings.EMAIL_TIMEOUT, this bounds how long a mail server that hangs keeps the process from screening.
BATCH = 3
MAX_ATTEMPTS = 10
# Many may have reported one text; the process that mails also screens, and goes on with the rest at the next sweep.
MOST_A_SWEEP = 60


def give_reasons(decision: Decision) -> Statement:
    """Write the statement of reasons for the author, in the author's language. The caller holds the decision's transaction."""
    author = decision.case.get_author()
    with translation.override(author.language):
        return Statement.objects.create(
            decision=decision,
            recipient=author,
            language=author.language,
            measure=_measure(decision),
            facts=_facts(decision),
            automation=_automation(decision),
            ground=_ground(decision),
            redress=_redress(decision),
        )


def _measure(decision: Decision) -> str:
    """Block 1: what we did, where and for how long."""
    case = decision.case
    thing = {"thing": _("your post") if case.post_id else _("your profile")}
    case.target.refresh_from_db(fields=["shown"])
    is_shown = case.target.shown_id is not None
    match Measure(decision.measure):
        case Measure.TAKE_DOWN if is_shown:
            words = _(
                "We do not publish the new version of %(thing)s, in any country and without an end date. "
                "The version that was visible before stays visible."
            )
        case Measure.TAKE_DOWN:
            words = _(
                "We removed %(thing)s: nobody but you can see it, in any country and without an end date, unless the "
                "decision is overturned."
            )
        case Measure.RESTORE if is_shown:
            words = _("We took back an earlier decision: %(thing)s is visible again.")
        case Measure.RESTORE:
            words = _(
                "We took back an earlier decision about %(thing)s. It does not become visible by this, because you took it "
                "back yourself."
            )
        case Measure.CLEAR if decision.revisions.filter(status=Status.CLEARED).exists():
            words = _("We looked at %(thing)s and found nothing against the rules. Others can see it now.")
        case Measure.CLEAR:
            words = _(
                "We looked at a version of %(thing)s that you have replaced or withdrawn since, and found nothing against the "
                "rules."
            )
        case measure:
            words = _measure_beside(measure)
    return words % thing


def _measure_beside(measure: Measure) -> str:
    """Block 1 for a text that stays up under a mark."""
    match measure:
        case Measure.LABEL:
            return _("We marked %(thing)s as sensitive: others open it before they read it.")
        case Measure.LIMIT:
            return _("We limited the reach of %(thing)s: it stays visible, and is not recommended.")
        case Measure.LOCK:
            return _("We locked the thread below %(thing)s: it takes no more comments.")
        case _:
            raise ValueError("what is about an account or a case is told of in another statement")


def _facts(decision: Decision) -> str:
    """Block 2: what it is about and how it came to us; who reported it is nobody's business."""
    case = decision.case
    parts = []
    if case.was_held:
        parts.append(
            _("Our automatic check held it before others could see it.")
            if case.origin == Origin.SCAN
            else _("Our automatic check could not judge it, so a person looked at it.")
        )
    if case.reports.exists():
        parts.append(_("Other people reported it."))
    if decision.violation and not case.get_author().erased_at:
        parts.append(_("It says: “%(text)s”") % {"text": case.snapshot})
    return "\n\n".join(parts)


def _automation(decision: Decision) -> str:
    """Block 3: which part machines had in finding it and in deciding."""
    if decision.case.was_held:
        return _("Automated means were used to find it. The decision was made by a person.")
    return _("No automated means were used to find it. The decision was made by a person.")


def _ground(decision: Decision) -> str:
    """Blocks 4 and 5: the legal or the contractual ground, and why it applies. Ours is contractual."""
    if decision.violation:
        violation = Violation(decision.violation)
        parts = [
            _(
                "The decision rests on our community rules, which are part of the terms you agreed to, and not on a law. "
                "Rule %(code)s, %(label)s: %(definition)s"
            )
            % {"code": violation.value, "label": violation.label, "definition": violation.definition}
        ]
    else:
        parts = [_("Our community rules against violent incitement: we find nothing in it that breaks them.")]
    if decision.reason:
        parts.append(decision.reason)
    return "\n\n".join(parts)


def _redress(decision: Decision) -> str:
    """Block 6: what the person can do about it."""
    if not Measure(decision.measure).restricts:
        return _("There is nothing that you need to do.")
    return _(
        "If you think that this is wrong, you can appeal on the page of this statement within six months, free of charge: "
        "somebody else than the person who decided will look at it. You can also write to %(contact)s, or turn to an "
        "out-of-court dispute settlement body or to a court."
    ) % {"contact": settings.CONTACT_EMAIL}


def send_due() -> int:
    """Mail the statements and notices that are due; one that fails is due again later. Returns how many were sent.

    Ends with MOST_A_SWEEP or the first batch in which one failed, until the next sweep: the process that mails also screens, and posts do
    not wait long for a mail server that hangs.
    """
    sent = 0
    while sent < MOST_A_SWEEP and (batch := _lease()):
        delivered = sum(_deliver(message) for message in batch)
        sent += delivered
        if delivered < len(batch):
            break
    return sent


def _deliver(message: Statement | Notice) -> bool:
    """Mail one message; tell whether that went well."""
    try:
        _mail(message)
    except Exception:  # One that cannot be mailed must not use up the attempts of those leased with it.
        logger.exception(f"{type(message).__name__.lower()}_not_mailed", pk=message.pk)
        return False
    type(message).objects.filter(pk=message.pk).update(mailed_at=Now())
    return True


def _lease() -> list[Statement] | list[Notice]:
    """Take what is due, statements of reasons before notices."""
    return _lease_of(Statement.objects.all()) or _lease_of(Notice.objects.all())


@transaction.atomic
def _lease_of(messages: Mailed) -> list[Any]:
    """Take due messages; the wait before the next attempt doubles."""
    due: list[Any] = list(
        messages.due().filter(attempts__lt=MAX_ATTEMPTS).select_for_update(skip_locked=True)[:BATCH]
    )
    for message in due:
        messages.filter(pk=message.pk).update(
            attempts=F("attempts") + 1, due_at=Now() + LEASE * 2**message.attempts
        )
    return list(messages.with_decision().filter(pk__in=[message.pk for message in due]))


def _mail(message: Statement | Notice) -> None:
    if not message.recipient.email:
        return
    with translation.override(message.language):
        subject, template = _letter(message)
        body = render_to_string(template, {"message": message, "site_url": settings.PARLER_URL})
        EmailMessage(subject, body, to=[message.recipient.email]).send()


def _letter(message: Statement | Notice) -> tuple[str, str]:
    """The subject of the mail and the template of its body."""
    if isinstance(message, Notice):
        subject = _("Parler: your appeal") if message.appeal_id else _("Parler: your report")
        return subject, "emails/notice.txt"
    if message.decision.case.post_id:
        return _("Parler: our decision about your post"), "emails/statement.txt"
    return _("Parler: our decision about your profile"), "emails/statement.txt"
