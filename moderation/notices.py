"""Statements of reasons: made in the decision's transaction, shown to the author, and mailed."""

from datetime import timedelta

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
from moderation.models import Decision, Origin, Statement
from moderation.taxonomy import Violation
from posts.statuses import Status

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
# With settings.EMAIL_TIMEOUT, this bounds how long a mail server that hangs keeps the process from screening.
BATCH = 3
MAX_ATTEMPTS = 10


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
    return words % thing


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
        "If you think that this is wrong, write to %(contact)s within six months and name this statement: another moderator "
        "will look at it, free of charge. You can also turn to an out-of-court dispute settlement body or to a court."
    ) % {"contact": settings.CONTACT_EMAIL}


def send_due() -> int:
    """Mail the statements that are due; one that fails is due again later. Returns how many were sent.

    Ends with the first batch in which one failed, until the next sweep: the process that mails also screens, and posts do
    not wait long for a mail server that hangs.
    """
    sent = 0
    while batch := _lease():
        delivered = sum(_deliver(statement) for statement in batch)
        sent += delivered
        if delivered < len(batch):
            break
    return sent


def _deliver(statement: Statement) -> bool:
    """Mail one statement; tell whether that went well."""
    try:
        _mail(statement)
    except Exception:  # One that cannot be mailed must not use up the attempts of those leased with it.
        logger.exception("statement_not_mailed", statement=statement.pk)
        return False
    Statement.objects.filter(pk=statement.pk).update(mailed_at=Now())
    return True


@transaction.atomic
def _lease() -> list[Statement]:
    """Take due statements; the wait before the next attempt doubles."""
    due = list(
        Statement.objects.due().filter(attempts__lt=MAX_ATTEMPTS).select_for_update(skip_locked=True)[:BATCH]
    )
    for statement in due:
        Statement.objects.filter(pk=statement.pk).update(
            attempts=F("attempts") + 1, due_at=Now() + LEASE * 2**statement.attempts
        )
    return list(Statement.objects.with_decision().filter(pk__in=[statement.pk for statement in due]))


def _mail(statement: Statement) -> None:
    if not statement.recipient.email:
        return
    with translation.override(statement.language):
        body = render_to_string(
            "emails/statement.txt", {"statement": statement, "site_url": settings.PARLER_URL}
        )
        subject = (
            _("Parler: our decision about your post")
            if statement.decision.case.post_id
            else _("Parler: our decision about your profile")
        )
        EmailMessage(subject, body, to=[statement.recipient.email]).send()
