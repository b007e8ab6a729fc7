"""What the page of a case says of its reports, in five queries at most however many there are."""

from dataclasses import dataclass, replace

from django.db.models import F

from moderation.models import Case, Crime, Report
from moderation.reporters import accuracy, crowding
from moderation.reporters.accuracy import Accuracy
from moderation.reporters.crowding import NOBODY, Crowd
from moderation.taxonomy import Violation

SHOWN = 20
"""Of a crowd the page lists so many, trusted flaggers first, and counts the others."""
READ = ("case", "violation", "comment", "reported_at", "guest", "flagger", "reporter__handle")
MANY = 5
"""From so many reports on the page counts them by class, before it lists them."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A report, and how right its reporter was before; guests have no record."""

    report: Report
    accuracy: Accuracy | None

    @property
    def says(self) -> str:
        """What is wrong, in words; see `Case.labels` for why not by Django's. Empty for "something else"."""
        if self.report.violation:
            return str(Violation(self.report.violation).label)
        return str(Crime(self.report.guest.ground).label) if self.report.guest else ""

    @property
    def words(self) -> str:
        """What was said, with or without an account."""
        return self.report.guest.reasons if self.report.guest else self.report.comment


@dataclass(frozen=True, slots=True)
class Reported:
    """The latest reports of a case, those of trusted flaggers first, and the crowd that they are part of."""

    rows: list[Weighed]
    crowd: Crowd

    @property
    def is_many(self) -> bool:
        return self.crowd.reports >= MANY

    @property
    def left_out(self) -> int:
        """How many reports are counted but not listed."""
        return self.crowd.reports - len(self.rows)


def weigh(case: Case) -> Reported:
    """The reports of `case` with what is known of who made them."""
    # Guests and flaggers are asked for where there are some.
    reports = case.reports.select_related("reporter").only(*READ).prefetch_related("guest", "flagger")
    listed = list(reports.order_by(F("flagger").asc(nulls_last=True), "-id")[:SHOWN])
    if not listed:
        return Reported([], NOBODY)
    # Of so few there is nothing to say but their number: no sign of a crowd appears below MANY.
    few = len(listed) < min(MANY, SHOWN)
    known = accuracy.measure_accuracy(each.reporter_id for each in listed if each.reporter_id)
    rows = [Weighed(each, known.get(each.reporter_id or 0)) for each in listed]
    return Reported(rows, replace(NOBODY, reports=len(listed)) if few else crowding.look_at(case))
