"""Telling people that their reports arrived and what came of them and of their appeals: notices, made in the transaction of what they tell of.

What a decision means for the author stands in the statement of reasons; `mailing` mails both.
"""

from typing import assert_never

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.guests import answering
from moderation.lanes import Lane
from moderation.measures import Measure
from moderation.models import (
    Appeal,
    AppealStatus,
    Case,
    Decision,
    GuestNotice,
    Notice,
    NoticeKind,
    Report,
)
from moderation.taxonomy import Violation

BATCH = 1000


def acknowledge(report: Report, case: Case) -> Notice:
    """Give the reporter a receipt, at once. The caller holds the transaction in which the report was filed, and knows that it is new."""
    reporter = _reporter_of(report)
    expected_at = Case.objects.values_list("due_at", flat=True).get(pk=case.pk)
    with translation.override(reporter.language):
        return Notice.objects.create(
            kind=NoticeKind.RECEIPT,
            recipient=reporter,
            report=report,
            expected_at=expected_at,
            language=reporter.language,
            text=_receipt(report, case),
        )


def _receipt(report: Report, case: Case) -> str:
    """What was reported and what happens now; neither who wrote it nor what they wrote, which is the author's to erase."""
    thing = _("a post") if case.post_id else _("a profile")
    why = Violation(report.violation).label if report.violation else _("something else")
    moderators = _(
        "The moderators of Parler look at it, as a rule within %(time)s. What they decide you read here, and by e-mail."
    ) % {"time": Lane(case.lane).promise}
    return "\n\n".join(
        [
            _("On %(date)s you reported %(thing)s. The reason that you gave: %(why)s.")
            % {"date": _date_of(report), "thing": thing, "why": why},
            _("Your report has the number %(number)s.") % {"number": report.pk},
            moderators,
        ]
    )


def _date_of(report: Report) -> str:
    return date_format(timezone.localtime(report.reported_at), "DATE_FORMAT")


def tell_reporters(decision: Decision, *, but: Report | None = None) -> None:
    """Tell everybody who reported the case what was decided, save whoever made the report `but`, who hears it otherwise.

    Guests hear it too. The caller holds the decision's transaction. Nothing is said of other reporters, nor what the author is told.
    """
    answering.answer_guests(decision, but=but)
    reports = decision.case.reports.filter(reporter__isnull=False, reporter__erased_at=None)
    reports = reports.select_related("reporter")
    reports = reports.exclude(pk=but.pk) if but else reports
    Notice.objects.bulk_create(
        (_notice_about(report, decision) for report in reports.order_by("pk").iterator(BATCH)),
        batch_size=BATCH,
    )


def _reporter_of(report: Report) -> User:
    assert report.reporter is not None  # noqa: S101  Guests are told otherwise; tells the type checker.
    return report.reporter


def _notice_about(report: Report, decision: Decision) -> Notice:
    reporter = _reporter_of(report)
    with translation.override(reporter.language):
        thing = _("a post") if decision.case.post_id else _("a profile")
        reported = _("On %(date)s you reported %(thing)s.") % {"date": _date_of(report), "thing": thing}
        text = f"{reported} {_outcome_of_report(decision)}"
    return Notice(
        kind=NoticeKind.OUTCOME,
        decision=decision,
        recipient=reporter,
        report=report,
        language=reporter.language,
        text=text,
    )


def _outcome_of_report(decision: Decision) -> str:
    measure = decision.get_measure()
    match measure:
        case Measure.TAKE_DOWN:
            return _("A person looked at it and removed it, because it breaks our rules. Thank you.")
        case Measure.LABEL | Measure.LIMIT | Measure.LOCK:
            return _marked(measure)
        case Measure.CLEAR:
            return _(
                "A person looked at it and found nothing that breaks our rules, so we leave it as it is. If you think that "
                "this is wrong, you can appeal within six months, free of charge: another person will decide. You can also "
                "turn to an out-of-court dispute settlement body or to a court."
            )
        case Measure.RESTORE:
            return _taken_back(decision)
        case (
            Measure.WARN
            | Measure.STRIKE
            | Measure.READ_ONLY
            | Measure.SUSPEND
            | Measure.BAN
            | Measure.ESCALATE
        ):
            raise ValueError("reporters hear of what became of the text only")
        case _:
            assert_never(measure)


def _marked(measure: Measure) -> str:
    """What became of a text that stays up under a mark."""
    match measure:
        case Measure.LABEL:
            return _(
                "A person looked at it and marked it as sensitive: others see a warning before they read it. Thank you."
            )
        case Measure.LIMIT:
            return _(
                "A person looked at it and limited its reach: it is not recommended to others. Thank you."
            )
        case _:
            return _("A person looked at it and locked the thread: it takes no more comments. Thank you.")


def _taken_back(decision: Decision) -> str:
    if decision.overturns and decision.overturns.get_measure() == Measure.TAKE_DOWN:
        return _("We had removed it. We looked at it again and took that back: it does not break our rules.")
    return _("We had done something about it. We looked at it again and took that back.")


def tell_appellant(appeal: Appeal) -> None:
    """Tell the appellant how the appeal ended and why. The caller holds the transaction in which it did."""
    appellant = appeal.get_appellant()
    with translation.override(appellant.language):
        text = "\n\n".join([_outcome_of_appeal(appeal), appeal.reasons, _further_redress(appeal)])
    if isinstance(appellant, GuestNotice):
        answering.answer_appeal(appellant, appeal.decision, text)
        return
    Notice.objects.create(
        kind=NoticeKind.APPEAL,
        decision=appeal.decision,
        recipient=appellant,
        appeal=appeal,
        language=appellant.language,
        text=text,
    )


def _outcome_of_appeal(appeal: Appeal) -> str:
    if appeal.status == AppealStatus.REJECTED:
        if appeal.is_by_author:
            return _("We rejected your appeal: the decision about what you published stands.")
        return _("We rejected your appeal: we leave what you reported as it is.")
    if appeal.is_by_author:
        return _("We granted your appeal: the decision about what you published had been taken back already.")
    if appeal.result_id:
        return _("We granted your appeal: what you reported breaks our rules, and we removed it.")
    return _(
        "We granted your appeal: what you reported breaks our rules. There was nothing left to remove, because it was "
        "removed, withdrawn or replaced since."
    )


def _further_redress(appeal: Appeal) -> str:
    decided = _("Somebody else than the person who decided first decided about your appeal.")
    if appeal.status == AppealStatus.GRANTED:
        return decided
    return f"{decided} " + _("You can still turn to an out-of-court dispute settlement body or to a court.")
