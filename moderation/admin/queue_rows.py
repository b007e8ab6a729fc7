"""The rows of the queue, ready to be written: a page has many of them, and is opened all day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from moderation import times
from moderation.excerpts import shorten
from moderation.models import Case, CaseStatus, DeskSettings
from moderation.taxonomy import Severity

CHARACTERS = 140


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A case in the words of the page's reader; `due` is empty for closed ones."""

    pk: int
    address: str
    name: str
    text: str
    severity: int
    violation: str
    labels: dict[str, str]
    handle: str
    is_profile: bool
    reports: int
    is_trusted: bool
    opened: SafeString
    lane: int
    due: SafeString | str
    is_proposed: bool
    held_by: str


def rows_of(cases: list[Case], desk: DeskSettings) -> list[QueueRow]:
    """The rows of cases that were fetched `with_author` and `with_report_counts`."""
    now = timezone.now()
    # The page of a case lies below the queue (`desk.CaseAdmin`): one address is asked for, and not one a row.
    queue = reverse("admin:moderation_case_changelist")
    return [_row(case, desk, now, queue) for case in cases]


def _row(case: Any, desk: DeskSettings, now: datetime, queue: str) -> QueueRow:
    is_closed = case.status == CaseStatus.CLOSED
    return QueueRow(
        pk=case.pk,
        address=f"{queue}{case.pk}/",
        name=_("Case %(number)s") % {"number": case.pk},
        text=_text(case, desk),
        severity=case.severity,
        violation=case.violation,
        labels=case.labels,
        handle=case.author.handle,
        is_profile=case.profile_id is not None,
        reports=case.report_count,
        is_trusted=case.trusted_count > 0,
        opened=times.ago(case.opened_at, now),
        lane=case.lane,
        due="" if is_closed else times.due(case.due_at, now),
        is_proposed=case.status == CaseStatus.PROPOSED,
        held_by=_("decided") if is_closed else _holder(case, now),
    )


def _text(case: Case, desk: DeskSettings) -> str:
    if desk.hides_severe and case.severity == Severity.HIGH:
        return _("Severe: the text is hidden")
    return shorten(case.snapshot, CHARACTERS) if case.snapshot else _("(erased)")


def _holder(case: Case, now: datetime) -> str:
    if case.claimed_by and case.claimed_until and case.claimed_until > now:
        return f"@{case.claimed_by.handle}"
    return "–"
