"""Batches: one moderator decided many cases alike, and can take all of it back at once."""

from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.measures import CLOSING, Measure
from moderation.models.cases import Case
from moderation.models.decisions import Decision
from moderation.taxonomy import Violation


class BatchQuerySet(models.QuerySet["Batch"]):
    def with_counts(self) -> Self:
        """With how many of its cases were `decided`, and how many of those decisions still `stand`."""
        decided = Q(items__decision__isnull=False)
        return self.select_related("by").annotate(
            decided=Count("items", filter=decided),
            stand=Count("items", filter=decided & Q(items__decision__overturned_by=None)),
        )


class Batch(models.Model):
    """The one choice that was made for all of its cases. Append-only; what became of each case stands in its items."""

    id = PublicIdField()
    measure = models.CharField(max_length=9, choices=Measure)
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    reason = models.TextField(blank=True)
    # How many cases it was chosen for.
    count = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="batches")
    at = models.DateTimeField(db_default=Now())

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__in=CLOSING), name="moderation_batch_measure_closes_cases"
            ),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_batch_violation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1, count__lte=200), name="moderation_batch_is_bounded"
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("admin:moderation_batch_change", args=[self.pk])

    def get_measure(self) -> Measure:
        return Measure(self.measure)


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def standing(self) -> Self:
        """Whose decisions nobody took back or overturned."""
        undone = Decision.objects.filter(overturns=OuterRef("decision"))
        return self.filter(~Exists(undone), decision__isnull=False)

    def with_case(self) -> Self:
        return self.select_related("case__author", "decision__overturned_by").order_by("id")


class BatchItem(models.Model):
    """What became of one case of a batch: the decision, or why there is none."""

    id = PublicIdField()
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="batch_items")
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="batch_item")
    # In the words, and the language, in which it was refused.
    refusal = models.TextField(blank=True)

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "case"], name="moderation_batchitem_once_per_case"),
            models.CheckConstraint(
                condition=Q(decision=None) & ~Q(refusal="") | Q(decision__isnull=False, refusal=""),
                name="moderation_batchitem_decided_or_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} in batch {self.batch_id}"
