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

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=2)
BATCH = 50
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
    thing = _("your post") if decision.case.post_id else _("your profile")
    match Measure(decision.measure):
        case Measure.TAKE_DOWN:
            return _(
                "We removed %(thing)s for everybody, everywhere and for good, unless the decision is overturned."
            ) % {"thing": thing}
        case Measure.RESTORE:
            return _("We took back an earlier decision: %(thing)s is visible again as it was before.") % {
                "thing": thing
            }
        case Measure.CLEAR:
            return _(
                "We looked at %(thing)s and found nothing against the rules. It is not restricted any more."
            ) % {"thing": thing}


def _facts(decision: Decision) -> str:
    sources = {
        Origin.SCAN: _("It was held by our automatic check before others could see it."),
        Origin.ERROR: _("Our automatic check could not finish, so a person looked at it."),
        Origin.REPORT: _("Other people reported it."),
    }
    parts = [sources[Origin(decision.case.origin)]]
    if decision.violation:
        parts.append(_("It says: “%(text)s”") % {"text": decision.case.snapshot})
    if decision.reason:
        parts.append(decision.reason)
    return "\n\n".join(parts)


def _automation(decision: Decision) -> str:
    if decision.case.origin == Origin.REPORT:
        return _("No automated means were used to find it. The decision was made by a person.")
    return _("Automated means were used to find it. The decision was made by a person.")


def _ground(decision: Decision) -> str:
    if not decision.violation:
        return _("Our rules against violent incitement; nothing in it breaks them.")
    return _(
        "Our rules against violent incitement, class %(code)s: %(label)s. Our rules are part of the terms you agreed to."
    ) % {
        "code": decision.violation,
        "label": Violation(decision.violation).label,
    }


def _redress(decision: Decision) -> str:
    if not Measure(decision.measure).restricts:
        return _("There is nothing that you need to do.")
    return _(
        "If you think that this is wrong, write to %(contact)s within six months and name this statement: another moderator "
        "will look at it, free of charge. You can also turn to an out-of-court dispute settlement body or to a court."
    ) % {"contact": settings.CONTACT_EMAIL}


def send_due() -> int:
    """Mail the statements that are due; one that fails is due again later. Returns how many were sent."""
    sent = 0
    for statement in _lease():
        try:
            _mail(statement)
        except OSError:  # The mail server's edge: SMTP errors and refused connections are all OSErrors.
            logger.exception("statement_not_mailed", statement=statement.pk)
            continue
        Statement.objects.filter(pk=statement.pk).update(mailed_at=Now())
        sent += 1
    return sent


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
