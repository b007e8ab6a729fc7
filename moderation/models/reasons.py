"""Canned reasons: what moderators would otherwise write again and again, in every language of the authors."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.measures import RESTRICTING, Measure
from moderation.taxonomy import Violation


class CannedReasonQuerySet(models.QuerySet["CannedReason"]):
    def current(self) -> Self:
        """Those that are offered, by rule."""
        return self.filter(is_current=True).order_by("violation", "measure", "id")


class CannedReason(models.Model):
    """A reason in the words that authors read. What was given as a reason once stands in the decision itself."""

    id = PublicIdField()
    violation = models.CharField(_("rule"), max_length=3, choices=Violation, blank=True)
    measure = models.CharField(
        _("measure"), max_length=9, choices=[(m.value, m.label) for m in RESTRICTING], blank=True
    )
    text_en = models.TextField(_("reason in English"))
    text_de = models.TextField(_("reason in German"))
    is_current = models.BooleanField(_("is offered"), default=True)
    changed_at = models.DateTimeField(db_default=Now())

    objects = CannedReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("canned reason")
        verbose_name_plural = _("canned reasons")
        constraints = [
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_cannedreason_violation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(measure__in=Measure.values),
                name="moderation_cannedreason_measure_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(text_en="") & ~Q(text_de=""), name="moderation_cannedreason_is_in_every_language"
            ),
        ]

    def __str__(self) -> str:
        return f"canned reason {self.pk}"

    def get_text(self, language: str) -> str:
        """Its words in `language`, one of the languages that accounts have."""
        return self.text_de if language == User.Language.GERMAN else self.text_en
