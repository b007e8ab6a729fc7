"""Reporters whose reports are manifestly unfounded (DSA Article 23): warned first, then muted for a time, both by a person.

What a muted person reports is stored, and neither opens a case nor weighs in one. Lifting the mute files what still stands.
"""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, standing
from moderation.measures import Measure
from moderation.models import (
    CaseStatus,
    Letter,
    LetterKind,
    Report,
    ReporterMute,
    ReporterWarning,
    SetAsideReport,
)
from moderation.reporters import filing
from moderation.reporters.accuracy import NOTHING, measure_accuracy
from posts import revising, text
from posts.models import Revision

DAYS = (7, 30, 90)
"""For how long a mute can be: "a reasonable period of time", says the law."""
MAX_REASON_CHARACTERS = 2000


class NotAllowed(Exception):
    """This person may not act on this reporter."""


class NotDue(Exception):
    """What the reporter did is not enough for this, or it was done already."""


@transaction.atomic
def warn(reporter: User, *, by: User, reason: str) -> ReporterWarning:
    """Warn somebody whose newest decided reports led to nothing. Raises NotAllowed, NotDue and ValidationError."""
    words = _check(reporter, by, reason)
    if refusal := why_no_warning(reporter):
        raise NotDue(refusal)
    warning = ReporterWarning.objects.create(reporter=reporter, by=by, reason=words)
    auditing.record("warn_reporter", f"account {reporter.pk}", by=by, warning=str(warning.pk))
    with translation.override(reporter.language):
        told = _(
            "most of what you reported of late did not break our rules. Please report only what does. If it goes on, we shall not "
            "look at your reports for a time."
        )
        _tell(reporter, _("Parler: about your reports"), told, words, _redress())
    return warning


@transaction.atomic
def withdraw(warning: ReporterWarning, *, by: User) -> None:
    """Take a warning back, and with it a mute that rests on it; harmless when repeated. Raises NotAllowed."""
    _check_allowed(warning.reporter, by)
    _lock(warning.reporter)
    if (
        not ReporterWarning.objects.standing()
        .filter(pk=warning.pk)
        .update(withdrawn_at=Now(), withdrawn_by=by)
    ):
        return
    auditing.record(
        "withdraw_reporter_warning", f"account {warning.reporter_id}", by=by, warning=str(warning.pk)
    )
    for mute in ReporterMute.objects.in_force().filter(warning=warning).select_related("reporter"):
        lift(mute, by=by)
    with translation.override(warning.reporter.language):
        told = _("we took our warning about your reports back. It does not count any more.")
        _tell(warning.reporter, _("Parler: about your reports"), told)


@transaction.atomic
def mute(reporter: User, *, by: User, days: int, reason: str) -> ReporterMute:
    """For `days` (one of DAYS), what a warned reporter reports is not looked at. Raises NotAllowed, NotDue and ValidationError."""
    words = _check(reporter, by, reason)
    if days not in DAYS:
        raise ValidationError(_("Choose how long."), code="days")
    if refusal := why_no_mute(reporter):
        raise NotDue(refusal)
    muted = ReporterMute.objects.create(
        reporter=reporter,
        warning=ReporterWarning.objects.standing().get(reporter=reporter),
        by=by,
        reason=words,
        until=Now() + timedelta(days=days),
    )
    muted.refresh_from_db()
    auditing.record("mute_reporter", f"account {reporter.pk}", by=by, mute=str(muted.pk), days=days)
    with translation.override(reporter.language):
        told = _(
            "we warned you, and you went on reporting what does not break our rules. Until %(date)s we store what you report, but "
            "do not look at it."
        ) % {"date": date_format(timezone.localtime(muted.until), "DATETIME_FORMAT")}
        _tell(reporter, _("Parler: your reports are not looked at for a time"), told, words, _redress())
    return muted


@transaction.atomic
def lift(mute: ReporterMute, *, by: User) -> None:
    """End a mute before its time and file what was set aside and is still shown; harmless when repeated. Raises NotAllowed."""
    _check_allowed(mute.reporter, by)
    if not ReporterMute.objects.in_force().filter(pk=mute.pk).update(lifted_at=Now(), lifted_by=by):
        return
    aside = {each.revision_id: each for each in mute.set_aside.select_related("revision").order_by("pk")}
    revising.lock_subjects([each.revision for each in aside.values()])
    is_shown = Q(post__shown=F("pk")) | Q(profile__shown=F("pk"))
    for revision in Revision.objects.with_subject().filter(is_shown, pk__in=aside).order_by("pk"):
        said = aside[revision.pk]
        filing.file(revision, by=mute.reporter, violation=said.violation, comment=said.comment)
    auditing.record("unmute_reporter", f"account {mute.reporter_id}", by=by, mute=str(mute.pk))
    with translation.override(mute.reporter.language):
        told = _("we look at your reports again, also at those that you sent meanwhile.")
        _tell(mute.reporter, _("Parler: about your reports"), told)


def find_mute(reporter: User) -> ReporterMute | None:
    """The mute that is in force, locked so that nobody lifts it before what is reported now is set aside.

    Whoever locks a mute locks it before what is reported.
    """
    muted = ReporterMute.objects.in_force().filter(reporter=reporter)
    return muted.select_for_update(no_key=True).order_by("pk").first()


def set_aside(mute: ReporterMute, revision: Revision, *, violation: str, comment: str) -> SetAsideReport:
    """Store what a muted person reports, in the transaction of the caller."""
    said = {"violation": violation, "comment": comment}
    stored, _new = SetAsideReport.objects.update_or_create(mute=mute, revision=revision, defaults=said)
    auditing.record("set_report_aside", str(mute), by=mute.reporter, report=str(stored.pk))
    return stored


def why_no_warning(reporter: User) -> str:
    """Why nobody can warn this reporter now; empty when somebody can."""
    if ReporterWarning.objects.standing().filter(reporter=reporter).exists():
        return _("This reporter is warned already.")
    if not measure_accuracy([reporter.pk]).get(reporter.pk, NOTHING).is_poor:
        return _("Too few of the newest reports were without reason for a warning.")
    return ""


def why_no_mute(reporter: User) -> str:
    """Why nobody can mute this reporter now; empty when somebody can."""
    warning = ReporterWarning.objects.standing().filter(reporter=reporter).first()
    if warning is None:
        return _("A warning comes before a mute.")
    if ReporterMute.objects.in_force().filter(reporter=reporter).exists():
        return _("This reporter is muted already.")
    rejected = Report.objects.filter(case__status=CaseStatus.CLOSED, case__decisions__measure=Measure.CLEAR)
    if not rejected.filter(reporter=reporter, reported_at__gt=warning.at).exists():
        return _("Since the warning nothing that this reporter reported was rejected.")
    if not measure_accuracy([reporter.pk]).get(reporter.pk, NOTHING).is_poor:
        return _("Too few of the newest reports were without reason for a mute.")
    return ""


def _check(reporter: User, by: User, reason: str) -> str:
    """The reason, cleaned; the reporter is locked, so that of two who act at once one comes after the other."""
    _check_allowed(reporter, by)
    words = text.clean(reason, limit=MAX_REASON_CHARACTERS)
    if not words:
        raise ValidationError(_("Say why."), code="empty")
    _lock(reporter)
    return words


def _lock(reporter: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=reporter.pk)


def _check_allowed(reporter: User, by: User) -> None:
    if not by.has_perm("moderation.decide_case"):
        raise NotAllowed(_("You may not decide cases."))
    if standing.why_not(reporter, by=by):
        raise NotAllowed(_("This person's role is as high as yours or higher, or it is you."))


def _redress() -> str:
    return _(
        "If you think that this is wrong, write to %(contact)s: another moderator will look at it. You can also turn to an "
        "out-of-court dispute settlement body or to a court."
    ) % {"contact": settings.CONTACT_EMAIL}


def _tell(reporter: User, subject: str, *paragraphs: str) -> None:
    """In the language of the reporter, in which the caller speaks."""
    if reporter.erased_at is None:
        Letter.objects.create(
            kind=LetterKind.REPORTING,
            recipient=reporter,
            language=reporter.language,
            subject=subject,
            text="\n\n".join(paragraphs),
        )
