"""Decisions, the reasons given for them, and the trail that nobody can edit."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import Restriction, User
from moderation.acting import Via
from moderation.measures import ON_ACCOUNTS, RESTRICTING, Measure
from moderation.models.cases import Case
from moderation.models.guests import Appellant, GuestNotice
from moderation.models.reports import Report
from moderation.taxonomy import Violation
from posts.models import Revision


class DecisionQuerySet(models.QuerySet["Decision"]):
    def standing(self) -> Self:
        """Neither taken back nor overturned."""
        return self.filter(overturned_by=None).exclude(measure=Measure.RESTORE)

    def about(self, account: User) -> Self:
        """On cases about a text of `account`."""
        return self.filter(case__author=account)

    def contestable_by(self, appellant: Appellant) -> Self:
        """What somebody may have something against: a measure against their own text, or that their report or notice led to none."""
        reports = Report.objects.filter(case=OuterRef("case"))
        if isinstance(appellant, GuestNotice):
            return self.filter(Exists(reports.filter(guest=appellant)), measure=Measure.CLEAR)
        return self.filter(
            Q(case__author=appellant, measure__in=RESTRICTING, parent=None)
            | Q(Exists(reports.filter(reporter=appellant)), measure=Measure.CLEAR)
        )


class Decision(models.Model):
    """A person decided a case, or overturned an earlier decision. Append-only."""

    id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    measure = models.CharField(max_length=9, choices=Measure)
    # Every revision that the measure was applied to.
    revisions = models.ManyToManyField(Revision, related_name="decisions")
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    # The moderator's reasons, in the words that the author reads.
    reason = models.TextField(blank=True)
    overturns = models.OneToOneField("self", models.PROTECT, null=True, related_name="overturned_by")
    # Its own decider took the overturned decision back at once: it never was.
    is_take_back = models.BooleanField(db_default=False)
    # A measure on the account stands beside the decision about the text, and goes with it.
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    # It counts against the author, see `striking`.
    is_strike = models.BooleanField(db_default=False)
    restriction = models.OneToOneField(Restriction, models.PROTECT, null=True, related_name="decision")
    # What it changed, as it was: see `effects`.
    before = models.JSONField(default=dict, db_default={})
    by = models.ForeignKey(User, models.PROTECT, related_name="decisions")
    # The second person, where one was needed.
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="confirmed_decisions")
    at = models.DateTimeField(db_default=Now())

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(measure__in=Measure.values), name="moderation_decision_measure_is_known"
            ),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_decision_violation_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(measure__in=RESTRICTING) | ~Q(violation=""),
                name="moderation_decision_removal_names_rule",
            ),
            models.CheckConstraint(
                condition=Q(is_strike=True, measure__in=RESTRICTING)
                | Q(is_strike=False) & ~Q(measure=Measure.STRIKE),
                name="moderation_decision_strike_is_against_somebody",
            ),
            models.CheckConstraint(
                condition=Q(measure=Measure.RESTORE)
                | Q(measure__in=ON_ACCOUNTS, parent__isnull=False)
                | ~Q(measure__in=ON_ACCOUNTS) & Q(parent=None),
                name="moderation_decision_account_measure_has_parent",
            ),
            models.CheckConstraint(
                condition=Q(
                    measure__in=[m for m in Measure if m.terms.restriction], restriction__isnull=False
                )
                | ~Q(measure__in=[m for m in Measure if m.terms.restriction]) & Q(restriction=None),
                name="moderation_decision_has_its_restriction",
            ),
            models.CheckConstraint(
                condition=Q(is_take_back=False) | Q(measure=Measure.RESTORE),
                name="moderation_decision_take_back_restores",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")),
                name="moderation_decision_second_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(measure__in=[m for m in Measure if m.terms.needs_second])
                | Q(confirmed_by__isnull=False),
                name="moderation_decision_second_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(measure=Measure.RESTORE, overturns__isnull=False)
                | (~Q(measure=Measure.RESTORE) & Q(overturns=None)),
                name="moderation_decision_restore_overturns",
            ),
        ]
        # The figures of a day.
        indexes = [models.Index(fields=["at"], name="moderation_decision_at")]

    def __str__(self) -> str:
        return f"decision {self.pk}: {self.measure}"

    def get_measure(self) -> Measure:
        return Measure(self.measure)


AT_WORK = ("claim", "decide", "claim_second_look", "look_again", "answer_appeal", "decide_appeal")
"""The acts of somebody who judges: between two of them lies work, or a break."""


class AuditRowQuerySet(models.QuerySet["AuditRow"]):
    def made_between(self, since: datetime | None, until: datetime | None) -> Self:
        """Rows from `since` on and before `until`; None leaves an end open."""
        rows = self.filter(at__gte=since) if since else self.all()
        return rows.filter(at__lt=until) if until else rows


class AuditRow(models.Model):
    """One act of a person or a machine. The database numbers and chains the rows and refuses to change them."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    # Plain values, no foreign keys: the trail outlives what it tells of.
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=100)
    # Empty in rows from before ways were noted.
    via = models.CharField(max_length=7, choices=Via, blank=True, db_default="")
    verb = models.CharField(max_length=50)
    subject = models.CharField(max_length=100)
    data = models.JSONField(default=dict)
    # The database computes both; the defaults make Django read them back.
    previous_hash = models.CharField(max_length=64, blank=True, db_default="")
    hash = models.CharField(max_length=64, blank=True, unique=True, db_default="")

    objects = AuditRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit row")
        verbose_name_plural = _("audit trail")
        constraints = [
            models.CheckConstraint(
                condition=Q(via="") | Q(via__in=Via.values), name="moderation_auditrow_via_is_known"
            )
        ]
        # The filters of the page, each in the order of the page.
        indexes = [
            models.Index(fields=["actor", "-id"], name="moderation_auditrow_by_actor"),
            models.Index(fields=["verb", "-id"], name="moderation_auditrow_by_verb"),
            models.Index(fields=["at"], name="moderation_auditrow_by_time"),
            # What a moderator does at the desk, for breaks; the rows of workers are not in it.
            models.Index(
                fields=["actor_id", "at"],
                condition=Q(verb__in=AT_WORK),
                name="moderation_auditrow_at_work",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject}"
