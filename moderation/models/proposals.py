"""Proposals: what one person wants to decide and a second one has to confirm."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.measures import CLOSING, ON_ACCOUNTS, RESTRICTING, Measure
from moderation.models.cases import Case
from moderation.models.decisions import Decision
from moderation.taxonomy import Violation


class ProposalStatus(models.TextChoices):
    OPEN = "open", _("open")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> Self:
        return self.filter(status=ProposalStatus.OPEN)


class Proposal(models.Model):
    """A decision that waits for a second person. It keeps what its proposer saw and chose."""

    id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals")
    measure = models.CharField(max_length=9, choices=Measure)
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    reason = models.TextField(blank=True)
    is_strike = models.BooleanField(default=False)
    # What shall happen to the account besides, and for how long; empty for nothing.
    on_account = models.CharField(max_length=9, choices=Measure, blank=True)
    duration = models.DurationField(null=True)
    # The version of the case that the proposer saw.
    version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="proposals")
    at = models.DateTimeField(db_default=Now())
    status = models.CharField(max_length=9, choices=ProposalStatus, default=ProposalStatus.OPEN)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # Why it was rejected, in words for the proposer.
    answer = models.TextField(blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="proposal")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status=ProposalStatus.OPEN),
                name="moderation_proposal_one_open_per_case",
            ),
            models.CheckConstraint(
                condition=Q(measure__in=CLOSING), name="moderation_proposal_measure_closes"
            ),
            models.CheckConstraint(
                condition=Q(on_account="") | Q(on_account__in=ON_ACCOUNTS),
                name="moderation_proposal_on_account_is_known",
            ),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_proposal_violation_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(measure__in=RESTRICTING) | ~Q(violation=""),
                name="moderation_proposal_names_rule",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ProposalStatus.values), name="moderation_proposal_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ProposalStatus.OPEN, answered_by=None, answered_at=None)
                | Q(status=ProposalStatus.WITHDRAWN, answered_by=F("by"), answered_at__isnull=False)
                | Q(
                    status__in=[ProposalStatus.CONFIRMED, ProposalStatus.REJECTED],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                )
                & ~Q(answered_by=F("by")),
                name="moderation_proposal_answered_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=ProposalStatus.CONFIRMED, decision__isnull=False)
                | ~Q(status=ProposalStatus.CONFIRMED) & Q(decision=None),
                name="moderation_proposal_confirmed_is_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}: {self.measure}"

    def get_measure(self) -> Measure:
        return Measure(self.measure)
