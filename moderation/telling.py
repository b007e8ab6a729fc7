"""Telling people what came of their reports and appeals: notices, made in the transaction of what they tell of.

What a decision means for the author stands in the statement of reasons; `notices` mails both.
"""

from typing import assert_never

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.measures import Measure
from moderation.models import Appeal, AppealStatus, Decision, Notice, Report

BATCH = 1000


def tell_reporters(decision: Decision, *, but: User | None = None) -> None:
    """Tell everybody who reported the case what was decided, save `but`, who hears it otherwise.

    The caller holds the decision's transaction. Nothing is said of other reporters, nor what the author is told.
    """
    reports = decision.case.reports.filter(reporter__erased_at=None).select_related("reporter")
    reports = reports.exclude(reporter=but) if but else reports
    Notice.objects.bulk_create(
        (_notice_about(report, decision) for report in reports.order_by("pk").iterator(BATCH)),
        batch_size=BATCH,
    )


def _notice_about(report: Report, decision: Decision) -> Notice:
    reporter = report.reporter
    with translation.override(reporter.language):
        thing = _("a post") if decision.case.post_id else _("a profile")
        date = date_format(timezone.localtime(report.reported_at), "DATE_FORMAT")
        reported = _("On %(date)s you reported %(thing)s.") % {"date": date, "thing": thing}
        text = f"{reported} {_outcome_of_report(decision)}"
    return Notice(decision=decision, recipient=reporter, report=report, language=reporter.language, text=text)


def _outcome_of_report(decision: Decision) -> str:
    measure = decision.get_measure()
    match measure:
        case Measure.TAKE_DOWN:
            return _("A person looked at it and removed it, because it breaks our rules. Thank you.")
        case Measure.LABEL | Measure.LIMIT | Measure.LOCK:
            return _(
                "A person looked at it and did something about it, because it breaks our rules. Thank you."
            )
        case Measure.CLEAR:
            return _(
                "A person looked at it and found nothing that breaks our rules, so we leave it as it is. If you think that "
                "this is wrong, you can appeal within six months, free of charge: another person will decide. You can also "
                "turn to an out-of-court dispute settlement body or to a court."
            )
        case Measure.RESTORE:
            return _(
                "We had removed it. We looked at it again and took that back: it does not break our rules."
            )
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


def tell_appellant(appeal: Appeal) -> Notice:
    """Tell the appellant how the appeal ended and why. The caller holds the transaction in which it did."""
    appellant = appeal.appellant
    with translation.override(appellant.language):
        return Notice.objects.create(
            decision=appeal.decision,
            recipient=appellant,
            appeal=appeal,
            language=appellant.language,
            text="\n\n".join([_outcome_of_appeal(appeal), appeal.reasons, _further_redress(appeal)]),
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
