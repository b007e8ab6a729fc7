"""What is known of one reporter, for the moderator who thinks of warning or muting them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from moderation.measures import Measure
from moderation.models import Case, Decision, Report, ReporterMute, ReporterWarning
from moderation.reporters import muting
from moderation.reporters.accuracy import NOTHING, Accuracy, measure_accuracy

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Record:
    """How somebody reports: `reports` have `led`, whether a measure stands because of what they named."""

    reporter: User
    accuracy: Accuracy
    reports: list[Report]
    warnings: list[ReporterWarning]
    mutes: list[ReporterMute]
    # Why there can be no warning, or no mute, now; empty when there can.
    no_warning: str
    no_mute: str


def recall(reporter: User, *, seen_by: User) -> Record:
    """The record of `reporter`, in a number of queries that does not depend on its length.

    Without reports about texts that the moderator may not judge: who reported a moderator is nothing that moderator should learn.
    """
    restricting = [measure for measure in Measure if measure.restricts]
    standing = Decision.objects.filter(
        case=OuterRef("case"), measure__in=restricting, overturned_by__isnull=True
    )
    judged = Case.objects.decidable_by(seen_by)
    reports = Report.objects.filter(reporter=reporter, case__in=judged).select_related("case", "flagger")
    return Record(
        reporter=reporter,
        accuracy=measure_accuracy([reporter.pk]).get(reporter.pk, NOTHING),
        reports=list(reports.annotate(led=Exists(standing)).order_by("-id")[:SHOWN]),
        warnings=list(
            reporter.reporter_warnings.select_related("by", "withdrawn_by").order_by("-id")[:SHOWN]
        ),
        mutes=list(reporter.reporter_mutes.select_related("by", "lifted_by").order_by("-id")[:SHOWN]),
        no_warning=muting.why_no_warning(reporter),
        no_mute=muting.why_no_mute(reporter),
    )
