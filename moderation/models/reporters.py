"""What is known of those who report: marks of trust, warnings, mutes, and what muted people reported."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.taxonomy import Violation
from posts.models import Revision


class TrustedFlaggerQuerySet(models.QuerySet["TrustedFlagger"]):
    def in_force(self) -> Self:
        """Neither taken back nor run out, by the database's clock."""
        return self.filter(ended_at=None).filter(Q(until=None) | Q(until__gt=Now()))


class TrustedFlagger(models.Model):
    """An account speaks for an organisation whose reports go first (DSA Article 22)."""

    id = PublicIdField()
    account = models.ForeignKey(User, models.PROTECT, related_name="flagger_marks")
    organisation = models.CharField(max_length=200)
    # What the organisation knows about, in the words of its award.
    area = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)
    # Nobody, where an operator's command gave it.
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = TrustedFlaggerQuerySet.as_manager()

    class Meta:
        verbose_name = _("trusted flagger")
        verbose_name_plural = _("trusted flaggers")
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at=None), name="moderation_flagger_one_mark_an_account"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="moderation_flagger_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(given_by=None) | ~Q(given_by=F("account")),
                name="moderation_flagger_not_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation


class ReporterWarningQuerySet(models.QuerySet["ReporterWarning"]):
    def standing(self) -> Self:
        """Warnings that nobody took back."""
        return self.filter(withdrawn_at=None)


class ReporterWarning(models.Model):
    """A moderator told somebody that they report without reason again and again (DSA Article 23)."""

    id = PublicIdField()
    reporter = models.ForeignKey(User, models.PROTECT, related_name="reporter_warnings")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # In the words that the reporter reads.
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ReporterWarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("warning of a reporter")
        verbose_name_plural = _("warnings of reporters")
        constraints = [
            models.UniqueConstraint(
                fields=["reporter"],
                condition=Q(withdrawn_at=None),
                name="moderation_reporterwarning_one_stands",
            ),
            models.CheckConstraint(
                condition=~Q(by=F("reporter")), name="moderation_reporterwarning_by_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"warning {self.pk}"


class ReporterMuteQuerySet(models.QuerySet["ReporterMute"]):
    def in_force(self) -> Self:
        """Neither lifted nor over, by the database's clock."""
        return self.filter(lifted_at=None, until__gt=Now())


class ReporterMute(models.Model):
    """Until a time, what somebody reports is stored but not looked at. A warning comes before it."""

    id = PublicIdField()
    reporter = models.ForeignKey(User, models.PROTECT, related_name="reporter_mutes")
    warning = models.ForeignKey(ReporterWarning, models.PROTECT, related_name="mutes")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # In the words that the reporter reads.
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())
    until = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = ReporterMuteQuerySet.as_manager()

    class Meta:
        verbose_name = _("mute of a reporter")
        verbose_name_plural = _("mutes of reporters")
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="moderation_reportermute_ends_later"),
            models.CheckConstraint(
                condition=~Q(by=F("reporter")), name="moderation_reportermute_by_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"mute {self.pk}"


class SetAsideReport(models.Model):
    """What somebody reported while muted: no case knows of it, unless the mute is lifted."""

    id = PublicIdField()
    mute = models.ForeignKey(ReporterMute, models.PROTECT, related_name="set_aside")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    comment = models.TextField(blank=True)
    reported_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("report set aside")
        verbose_name_plural = _("reports set aside")
        constraints = [
            models.UniqueConstraint(fields=["mute", "revision"], name="moderation_setasidereport_once"),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_setasidereport_violation_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"report set aside {self.pk}"
