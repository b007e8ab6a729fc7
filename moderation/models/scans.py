"""What the machine found: append-only, with everything needed to explain and replay it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from moderation.taxonomy import Violation
from posts.models import Revision


class Verdict(models.TextChoices):
    CLEAR = "clear", _("clear")
    HOLD = "hold", _("hold")


class Imminence(models.TextChoices):
    TIME = "time", _("names a time")
    PLACE = "place", _("names a place")
    BOTH = "time and place", _("names a time and a place")


class Target(models.TextChoices):
    PERSON = "person", _("a person")
    PUBLIC_FIGURE = "public figure", _("a public figure")
    GROUP = "group", _("a group")
    PLACE = "place", _("a place")


class Scan(models.Model):
    """The one scan that decided a revision."""

    id = PublicIdField()
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="scan")
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=5, choices=Verdict)
    # Calibrated probability of a violation; empty when the text could not be scored.
    score = models.FloatField(null=True)
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    imminence = models.CharField(max_length=14, choices=Imminence, blank=True)
    target = models.CharField(max_length=13, choices=Target, blank=True)
    # What made the scanner more careful here; with the text and the versions it reproduces the verdict.
    is_new_account = models.BooleanField(db_default=False)
    is_heated_thread = models.BooleanField(db_default=False)
    # The second stage should have read the text, but its budget for the batch was spent; a stricter threshold judged it.
    is_capped = models.BooleanField(db_default=False)
    # [{kind, name, start, end, score, role}], offsets in code points of the revision's `gated_text`.
    reasons = models.JSONField(default=list)
    ruleset = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=64, blank=True)
    thresholds = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="moderation_scan_verdict_is_known"
            ),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_scan_violation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(imminence="") | Q(imminence__in=Imminence.values),
                name="moderation_scan_imminence_is_known",
            ),
            models.CheckConstraint(
                condition=Q(target="") | Q(target__in=Target.values), name="moderation_scan_target_is_known"
            ),
        ]
        # Which texts a rule held; what was cleared has no reasons.
        indexes = [
            GinIndex(
                fields=["reasons"],
                opclasses=["jsonb_path_ops"],
                condition=Q(verdict=Verdict.HOLD),
                name="moderation_scan_held_for",
            )
        ]

    def __str__(self) -> str:
        return f"scan of revision {self.revision_id}: {self.verdict}"
