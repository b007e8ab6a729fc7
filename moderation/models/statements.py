"""Statements of reasons: what DSA Article 17(3) asks for, kept as it was said (`guards.STATEMENT_GUARD`)."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation import dsa
from moderation.measures import ON_ACCOUNTS, Measure
from moderation.models.decisions import Decision
from moderation.taxonomy import Violation


class Scope(models.TextChoices):
    """Where a measure holds."""

    EVERYWHERE = "everywhere", _("everywhere")


class StatementQuerySet(models.QuerySet["Statement"]):
    def for_reader(self, user: User) -> Self:
        """The statements that `user` received: not those that may still be taken back, or were."""
        return self.filter(recipient=user, withdrawn_at=None, visible_from__lte=Now())

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def due(self) -> Self:
        """Not mailed yet, not leased to a sender, and not taken back."""
        return self.filter(mailed_at=None, withdrawn_at=None, due_at__lte=Now()).order_by("due_at", "id")

    def with_decision(self) -> Self:
        return self.select_related("decision__case__author", "recipient")


def _each_has(column: str, values: dict[Measure, Any], *, of: str) -> Q:
    """`column` says of each measure in the column `of` what the mapping says; nothing of those that it says nothing of."""
    named = Q(**{column: ""}) & ~Q(**{f"{of}__in": [m for m, value in values.items() if value]})
    for measure, value in values.items():
        if value:
            named |= Q(**{of: measure, column: value})
    return named


_SUBJECTS = {dsa.subject_of(violation) for violation in Violation}
_SUBJECT_IS_KNOWN = Q(category="", keyword="")
for _category, _keyword in sorted((one.category.value, one.keyword.value) for one in _SUBJECTS):
    _SUBJECT_IS_KNOWN |= Q(category=_category, keyword=_keyword)


class Statement(models.Model):
    """The statement of reasons for a decision: its six blocks in the recipient's language, and beside them what programs read."""

    id = PublicIdField()
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="statement")
    recipient = models.ForeignKey(User, models.PROTECT, related_name="statements", db_index=False)
    language = models.CharField(max_length=2, choices=User.Language)
    # Block (a): the measure.
    measure = models.TextField()
    measure_taken = models.CharField(max_length=9, choices=Measure)
    account_measure = models.CharField(max_length=9, choices=Measure, blank=True)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.EVERYWHERE)
    starts_at = models.DateTimeField()
    # Of the measure on the account; those on texts have no end, nor has a ban.
    ends_at = models.DateTimeField(null=True)
    decision_visibility = models.CharField(max_length=60, choices=dsa.Visibility, blank=True)
    decision_provision = models.CharField(max_length=60, choices=dsa.Provision, blank=True)
    decision_account = models.CharField(max_length=60, choices=dsa.AccountDecision, blank=True)
    # Block (b): facts, circumstances and source.
    facts = models.TextField()
    source_type = models.CharField(max_length=30, choices=dsa.SourceType)
    # Block (c): automated means.
    automation = models.TextField()
    automated_detection = models.BooleanField()
    automated_decision = models.CharField(max_length=40, choices=dsa.Automation)
    # Blocks (d) and (e): the ground in law and in our rules, with the matched passages.
    legal_ground = models.TextField()
    ground = models.TextField()
    category = models.CharField(max_length=60, choices=dsa.Category, blank=True)
    keyword = models.CharField(max_length=60, choices=dsa.Keyword, blank=True)
    # Block (f): redress.
    redress = models.TextField()
    appeal_until = models.DateTimeField(null=True)

    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    # Not before its decider can take the decision back no more; never, when that happened.
    visible_from = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of reasons")
        verbose_name_plural = _("statements of reasons")
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=User.Language.values), name="moderation_statement_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(measure_taken__in=Measure.values), name="moderation_statement_measure_is_known"
            ),
            models.CheckConstraint(
                condition=Q(account_measure="") | Q(account_measure__in=ON_ACCOUNTS),
                name="moderation_statement_account_measure_is_known",
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="moderation_statement_scope_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None)
                | Q(
                    ends_at__gt=F("starts_at"), account_measure__in=[m for m in Measure if m.terms.durations]
                ),
                name="moderation_statement_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=False)
                | ~Q(account_measure__in=[m for m in Measure if m.terms.durations]),
                name="moderation_statement_says_until_when",
            ),
            models.CheckConstraint(
                condition=_each_has(
                    "decision_visibility", {m: dsa.visibility_of(m) for m in Measure}, of="measure_taken"
                ),
                name="moderation_statement_visibility_fits",
            ),
            models.CheckConstraint(
                condition=_each_has(
                    "decision_provision", {m: dsa.provision_of(m) for m in Measure}, of="account_measure"
                ),
                name="moderation_statement_provision_fits",
            ),
            models.CheckConstraint(
                condition=_each_has(
                    "decision_account", {m: dsa.account_decision_of(m) for m in Measure}, of="account_measure"
                ),
                name="moderation_statement_account_fits",
            ),
            models.CheckConstraint(
                condition=Q(source_type__in=dsa.SourceType.values),
                name="moderation_statement_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(automated_decision__in=dsa.Automation.values),
                name="moderation_statement_automation_is_known",
            ),
            models.CheckConstraint(condition=_SUBJECT_IS_KNOWN, name="moderation_statement_subject_is_known"),
            models.CheckConstraint(
                condition=Q(appeal_until=None) | ~Q(category=""),
                name="moderation_statement_contestable_names_rule",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(mailed_at=None), name="moderation_statement_due"),
            models.Index(fields=["recipient", "-id"], name="moderation_statement_received"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="moderation_statement_unread"),
        ]

    def __str__(self) -> str:
        return f"statement {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:statement", args=[self.pk])
