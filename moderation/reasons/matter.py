"""What there is to say of a decision."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from moderation.measures import Measure
from moderation.models import Decision, Scan
from moderation.sources import Source
from moderation.taxonomy import Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What there is to say of a decision, as it was when the decision was made.

    `account` is the measure on the account beside it, or of the decision that it overturns; `ends_at` is when that measure ends by
    itself, `strike_ends_at` when the strike does; `appeal_until` is empty for a decision that takes nothing.
    """

    decision: Decision
    source: Source
    overturned: Measure | None
    account: Measure | None
    ends_at: datetime | None
    strike_ends_at: datetime | None
    appeal_until: datetime | None
    violation: Violation | None
    scan: Scan | None
    is_shown: bool
    is_cleared: bool
    is_reported: bool
    is_erased: bool


def say_day(moment: datetime) -> str:
    """The day in the active language."""
    return date_format(timezone.localtime(moment), "DATE_FORMAT")


def say_moment(moment: datetime) -> str:
    """Day and hour, with the time zone: a measure ends at one instant everywhere."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
