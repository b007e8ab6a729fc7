"""The reports of a case, ready to be written: a crowd's are many, and the page is opened all day."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from moderation import times
from moderation.models import GuestNotice
from moderation.reporters.accuracy import Accuracy
from moderation.reporters.weighing import Reported, Weighed


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report in the words of the page's reader. `address` and `handle` are empty for guests, `guest` for everybody else."""

    address: str
    handle: str
    organisation: str
    guest: GuestNotice | None
    reported: SafeString
    accuracy: str
    is_poor: bool
    code: str
    says: str
    words: str


def rows_of(reported: Reported, now: datetime) -> list[ReportRow]:
    """One row for each listed report."""
    return [_row(one, now) for one in reported.rows]


def _row(one: Weighed, now: datetime) -> ReportRow:
    report = one.report
    reporter = report.reporter
    return ReportRow(
        address=reverse("admin:moderation_reporterwarning_about", args=[reporter.pk]) if reporter else "",
        handle=reporter.handle if reporter else "",
        organisation=report.flagger.organisation if report.flagger else "",
        guest=report.guest,
        reported=times.ago(report.reported_at, now),
        accuracy=_say(one.accuracy) if reporter else "",
        is_poor=one.accuracy is not None and one.accuracy.is_poor,
        code=report.violation,
        says=one.says or _("Something else"),
        words=one.words,
    )


def _say(accuracy: Accuracy | None) -> str:
    """How right the reporter was before."""
    if accuracy is None:
        return _("nothing decided yet")
    figures = {"led": accuracy.led, "decided": accuracy.decided}
    return _("right in %(led)s of %(decided)s reports") % figures
