"""Mass reverts: what a bad rule held within a time is cleared by a person, case by case, under one record."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.models.cases import Case
from moderation.models.decisions import Decision


class MassRevert(models.Model):
    """A senior moderator confirmed that what this rule alone held between two moments is cleared."""

    id = PublicIdField()
    # The label of a version of a house rule, or the name of a shipped rule.
    rule = models.CharField(max_length=100)
    since = models.DateTimeField()
    until = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The reason in the words that the authors read.
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("mass revert")
        verbose_name_plural = _("mass reverts")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="moderation_massrevert_period_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"mass revert of {self.rule}"


class RevertedCaseQuerySet(models.QuerySet["RevertedCase"]):
    def waiting(self) -> Self:
        return self.filter(outcome=RevertedCase.Outcome.WAITING)


class RevertedCase(models.Model):
    """One case of a mass revert, in the version that the preview showed."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("waits")
        CLEARED = "cleared", _("cleared")
        LEFT = "left", _("left to a person")

    id = PublicIdField()
    revert = models.ForeignKey(MassRevert, models.PROTECT, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=7, choices=Outcome, default=Outcome.WAITING)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="+")
    # Why it was left, in the words of the refusal.
    why = models.TextField(blank=True)

    objects = RevertedCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case of a mass revert")
        verbose_name_plural = _("cases of mass reverts")
        constraints = [
            models.UniqueConstraint(fields=["revert", "case"], name="moderation_revertedcase_once"),
            models.CheckConstraint(
                condition=Q(outcome="cleared", decision__isnull=False)
                | Q(outcome__in=["waiting", "left"], decision=None),
                name="moderation_revertedcase_cleared_by_decision",
            ),
        ]
        indexes = [
            models.Index(
                fields=["revert", "id"], condition=Q(outcome="waiting"), name="moderation_revertedcase_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.outcome}"
