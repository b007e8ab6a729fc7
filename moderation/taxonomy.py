"""What counts as violent incitement: one vocabulary for rules, labels, reports, decisions and statements."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Severity(IntegerChoices):
    """How bad it is if it is true; the queue's first order."""

    LOW = 1, _("low")
    MID = 2, _("medium")
    HIGH = 3, _("high")


class Violation(TextChoices):
    """The classes of violations, and the words in which people are told."""

    CALL_TO_ACTION = "V1", _("call to violence")
    INCITEMENT_GROUP = "V2", _("incitement against a protected group")
    THREAT_DIRECT = "V3", _("threat")
    THREAT_CONDITIONAL = "V4", _("conditional threat")
    THREAT_VEILED = "V5", _("veiled threat")
    WISH_OF_HARM = "V6", _("wish of harm")
    GLORIFICATION = "V7", _("glorification of violence")
    LOGISTICS = "V8", _("planning of violence")
    RECRUITMENT = "V9", _("recruitment for violence")
    INSTRUCTIONS = "V10", _("instructions for violence")
    TARGET_LIST = "V11", _("publishing a target's personal data")
    ELECTION_VIOLENCE = "V12", _("violence around an election")
    ADMISSION = "V13", _("claim of serious violence")

    @property
    def severity(self) -> Severity:
        return Severity.MID if self in _MID else Severity.HIGH


_MID = frozenset(
    {Violation.THREAT_VEILED, Violation.WISH_OF_HARM, Violation.GLORIFICATION, Violation.ADMISSION}
)
