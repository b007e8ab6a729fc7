"""Reports: what people say against a text; they join the open case about it."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.models.cases import Case, CaseQuerySet
from moderation.models.guests import GuestNotice
from moderation.models.reporters import TrustedFlagger
from moderation.taxonomy import Violation
from posts.models import Revision


def with_report_counts(cases: CaseQuerySet) -> CaseQuerySet:
    """With the number of their reports as `report_count`, and of those by trusted flaggers as `trusted_count`."""
    reports = Report.objects.filter(case=OuterRef("pk")).order_by().values("case")
    return cases.annotate(
        report_count=Coalesce(Subquery(reports.annotate(n=Count("pk")).values("n")), 0),
        trusted_count=Coalesce(Subquery(reports.annotate(n=Count("flagger")).values("n")), 0),
    )


class Report(models.Model):
    """Somebody, with or without an account, says that something breaks the rules."""

    id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    # The version that was to be seen.
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="reports")
    # Who they are and what they wrote stands there, and is erased there.
    guest = models.OneToOneField(GuestNotice, models.PROTECT, null=True, related_name="report")
    # By which mark of trust the reporter spoke, if by any.
    flagger = models.ForeignKey(TrustedFlagger, models.PROTECT, null=True, related_name="reports")
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    comment = models.TextField(blank=True)
    reported_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["case", "reporter"], name="moderation_report_once_per_case"),
            models.CheckConstraint(
                condition=Q(reporter=None, guest__isnull=False) | Q(reporter__isnull=False, guest=None),
                name="moderation_report_by_exactly_one",
            ),
            models.CheckConstraint(
                condition=Q(flagger=None) | Q(reporter__isnull=False),
                name="moderation_report_trusted_has_reporter",
            ),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_report_violation_is_known",
            ),
        ]
        # The latest reports of a reporter, by which their accuracy is measured.
        indexes = [models.Index(fields=["reporter", "-id"], name="moderation_report_of_reporter")]

    def __str__(self) -> str:
        return f"report {self.pk}"
