"""What a case can be, and where it came from."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from moderation.sources import Source


class CaseStatus(models.TextChoices):
    OPEN = "open", _("open")
    # Somebody proposed what to do, and a second person has to confirm it.
    PROPOSED = "proposed", _("needs a second person")
    CLOSED = "closed", _("closed")


# What still waits for people: one such case per target.
WAITING = (CaseStatus.OPEN, CaseStatus.PROPOSED)


class Origin(models.TextChoices):
    SCAN = "scan", _("held by the scanner")
    ERROR = "error", _("could not be scanned")
    REPORT = "report", _("reported")
    TRUSTED = "trusted", _("reported by a trusted flagger")
    NOTICE = "notice", _("notice from outside")
    SAMPLE = "sample", _("chosen at random")
    COPY = "copy", _("copy of another case")

    @property
    def source(self) -> Source:
        """What it is in the terms of the law."""
        return _SOURCES.get(self, Source.OWN_INITIATIVE)


_SOURCES = {
    Origin.REPORT: Source.USER_REPORT,
    Origin.TRUSTED: Source.TRUSTED_FLAGGER,
    Origin.NOTICE: Source.NOTICE,
}
