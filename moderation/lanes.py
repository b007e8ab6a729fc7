"""Lanes: how soon somebody has to look at a case."""

from datetime import timedelta
from enum import IntEnum

from django.db.models import IntegerChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.taxonomy import Severity, Violation


class Lane(IntegerChoices):
    """The most urgent lane has the smallest number."""

    IMMINENT = 1, _("imminent")
    MANIFEST = 2, _("manifest")
    OTHER = 3, _("other")

    @property
    def time(self) -> timedelta:
        """Within which a case of this lane should be decided, counted from when it came into the lane."""
        match self:
            case Lane.IMMINENT:
                return timedelta(minutes=15)
            case Lane.MANIFEST:
                return timedelta(hours=24)
            case Lane.OTHER:
                return timedelta(days=7)

    @property
    def promise(self) -> str:
        """The same in the words of the active language, for those who wait."""
        match self:
            case Lane.IMMINENT:
                return gettext("15 minutes")
            case Lane.MANIFEST:
                return gettext("24 hours")
            case Lane.OTHER:
                return gettext("7 days")


class Track(IntEnum):
    """Harm that may happen today goes before everything else; within a track, `rank_at` is the order."""

    IMMINENT = 0
    REST = 1


IMMINENT_VIOLATIONS = (Violation.LOGISTICS, Violation.TARGET_LIST)
"""Somebody arranges an act, or says where its victim is to be found."""


def find_lane(violation: str, severity: int, *, names_time_and_place: bool) -> Lane:
    """The lane of what a scan or a report says about a text."""
    if names_time_and_place or violation in IMMINENT_VIOLATIONS:
        return Lane.IMMINENT
    return Lane.MANIFEST if severity == Severity.HIGH else Lane.OTHER
