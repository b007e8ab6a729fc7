"""Quality samples: what was chosen at random to see how well judging works. None of it holds, hides or changes anything."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.case_states import CaseStatus
from moderation.measures import Measure
from moderation.models.cases import Case
from moderation.models.decisions import Decision
from moderation.taxonomy import Violation
from posts.models import Revision

RESTRICTING = [measure for measure in Measure if measure.restricts]


class QualitySampleQuerySet(models.QuerySet["QualitySample"]):
    def waiting(self) -> Self:
        """For which no case was opened yet, and could be: none is open about the same target."""
        same = Q(post=OuterRef("revision__post")) | Q(profile=OuterRef("revision__profile"))
        unfinished = Case.objects.exclude(status=CaseStatus.CLOSED).filter(same)
        return self.filter(~Exists(unfinished), case=None, lapsed_at=None)


class QualitySample(models.Model):
    """A cleared text that people look at only because chance chose it. Its verdict is the first decision about that version."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="sample")
    chosen_at = models.DateTimeField(db_default=Now())
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="samples")
    # Nobody had time for it, or it was not shown any more.
    lapsed_at = models.DateTimeField(null=True)

    objects = QualitySampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("quality sample")
        verbose_name_plural = _("quality samples")
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None) | Q(lapsed_at=None), name="moderation_qualitysample_one_end"
            )
        ]
        indexes = [
            models.Index(
                fields=["revision"],
                condition=Q(case=None, lapsed_at=None),
                name="moderation_sample_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"sample of revision {self.revision_id}"


class Chosen(models.TextChoices):
    """From what chance chose a second look: from everything that is decided, or from what the machine had held."""

    DECIDED = "decided", _("of all decisions")
    HELD = "held", _("of what was held")


class Difference(models.TextChoices):
    """How a second verdict differs from the first."""

    NONE = "none", _("the same")
    STRICTER = "stricter", _("stricter")
    LIGHTER = "lighter", _("lighter")
    OTHER = "other", _("otherwise")


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    def waiting(self) -> Self:
        """Not judged yet, and still to be judged: not what its decider took back at once, nor an erased account's."""
        taken_back = Decision.objects.filter(overturns=OuterRef("decision"), by=OuterRef("decision__by"))
        return self.filter(~Exists(taken_back), at=None).exclude(decision__case__snapshot="")

    def done(self) -> Self:
        return self.filter(at__isnull=False)

    def open_to(self, moderator: User) -> Self:
        """About cases that `moderator` may judge and has not judged in any way."""
        judged = Decision.objects.filter(case=OuterRef("decision__case"), by=moderator)
        return self.about_decidable_by(moderator).filter(~Exists(judged))

    def about_decidable_by(self, moderator: User) -> Self:
        """About cases that `moderator` may judge: not their own, nor those of somebody at or above their level."""
        return self.filter(decision__case__in=Case.objects.decidable_by(moderator))

    def claimable_by(self, moderator: User) -> Self:
        """Waiting, open to them, and with nobody else's running lease on it, by the database's clock."""
        free = Q(claimed_by=None) | Q(claimed_by=moderator) | Q(claimed_until__lte=Now())
        return self.waiting().open_to(moderator).filter(free)

    def claimed_by_now(self, moderator: User) -> Self:
        return self.filter(at=None, claimed_by=moderator, claimed_until__gt=Now())

    def by(self, moderator: User) -> Self:
        return self.done().filter(by=moderator)

    def differing(self) -> Self:
        """Those that would have taken something away where the first decision did not, or the other way round."""
        stricter = Q(measure__in=RESTRICTING) & ~Q(decision__measure__in=RESTRICTING)
        lighter = Q(decision__measure__in=RESTRICTING) & ~Q(measure__in=RESTRICTING)
        return self.done().filter(stricter | lighter)

    def with_decision(self) -> Self:
        return self.select_related("by", "claimed_by", "decision__by", "decision__case")


class SecondLook(models.Model):
    """A second person judges a decided case without knowing what was decided. It changes nothing by itself."""

    id = PublicIdField()
    decision = models.OneToOneField(Decision, models.PROTECT, related_name="second_look")
    chosen = models.CharField(max_length=7, choices=Chosen)
    chosen_at = models.DateTimeField(db_default=Now())
    claimed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="second_looks")
    at = models.DateTimeField(null=True)
    measure = models.CharField(max_length=9, choices=Measure, blank=True)
    violation = models.CharField(max_length=3, choices=Violation, blank=True)
    # For the seniors who compare; nobody else reads it.
    note = models.TextField(blank=True)

    objects = SecondLookQuerySet.as_manager()

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen__in=Chosen.values), name="moderation_secondlook_chosen_is_known"
            ),
            models.CheckConstraint(
                condition=Q(at=None, by=None, measure="", violation="", note="")
                | Q(at__isnull=False, by__isnull=False, measure__in=Measure.values, claimed_by=None),
                name="moderation_secondlook_is_open_or_done",
            ),
            models.CheckConstraint(
                condition=Q(violation="") | Q(violation__in=Violation.values),
                name="moderation_secondlook_violation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_until=None)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="moderation_secondlook_claim_has_end",
            ),
            models.UniqueConstraint(
                fields=["claimed_by"],
                condition=Q(claimed_by__isnull=False),
                name="moderation_secondlook_one_claim",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(at=None), name="moderation_secondlook_waiting"),
            models.Index(fields=["at"], condition=Q(at__isnull=False), name="moderation_secondlook_at"),
        ]

    def __str__(self) -> str:
        return f"second look {self.pk}"

    @property
    def is_done(self) -> bool:
        return self.at is not None

    @property
    def difference(self) -> Difference:
        """How a verdict that was given differs from the first decision (fetched `with_decision`)."""
        first, second = self.decision.get_measure(), Measure(self.measure)
        if first.restricts != second.restricts:
            return Difference.STRICTER if second.restricts else Difference.LIGHTER
        if first != second or self.decision.violation != self.violation:
            return Difference.OTHER
        return Difference.NONE
