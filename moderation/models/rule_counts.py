"""What rules did: counts, what they hit in the shadow, and which shipped ones a breaker narrowed."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.rule_states import Breaker
from moderation.scanning.house import PREFIX
from posts.models import Revision


class NarrowedRuleQuerySet(models.QuerySet["NarrowedRule"]):
    def acting(self) -> Self:
        return self.filter(lifted_at=None)


class NarrowedRule(models.Model):
    """A shipped rule that a breaker keeps from holding, until a person lifts that. House rules are narrowed by their state."""

    id = PublicIdField()
    name = models.CharField(max_length=100)
    why = models.CharField(max_length=7, choices=Breaker)
    at = models.DateTimeField(db_default=Now())
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = NarrowedRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("narrowed rule")
        verbose_name_plural = _("narrowed rules")
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(lifted_at=None), name="moderation_narrowedrule_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(why__in=Breaker.values), name="moderation_narrowedrule_why_is_known"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="moderation_narrowedrule_a_person_lifts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleTallyQuerySet(models.QuerySet["RuleTally"]):
    def of_shipped_rules(self) -> Self:
        """Counts of the last seven days under the names of rules that come with the ruleset file."""
        recent = self.filter(slot__gt=Now() - timedelta(days=7))
        return recent.exclude(name__startswith=PREFIX).exclude(name__startswith="(")

    def old(self, *, than: timedelta) -> Self:
        return self.filter(slot__lt=Now() - than)


class RuleTally(models.Model):
    """What a rule did within ten minutes; two names that no rule has count the texts that were judged, and read in the shadow."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100)
    slot = models.DateTimeField()
    hits = models.IntegerField(db_default=0)
    # What people made of its holds; a decision that is overturned moves from one to the other.
    cleared = models.IntegerField(db_default=0)
    upheld = models.IntegerField(db_default=0)

    objects = RuleTallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "slot"], name="moderation_ruletally_once_a_slot")
        ]
        indexes = [models.Index(fields=["slot"], name="moderation_ruletally_slot")]

    def __str__(self) -> str:
        return f"{self.name}: {self.hits}"


class ShadowHit(models.Model):
    """A rule in the shadow matched a text; nothing was done."""

    id = PublicIdField()
    name = models.CharField(max_length=100)
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "revision"], name="moderation_shadowhit_once_a_text")
        ]
        indexes = [models.Index(fields=["name", "-id"], name="moderation_shadowhit_newest")]

    def __str__(self) -> str:
        return f"{self.name}: {self.revision_id}"
