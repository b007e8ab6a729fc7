"""House rules: what people write on top of the shipped ruleset, in versions that never change, and what they did."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.rule_states import HOLDING, PREPARING, RUNNING, Breaker, RuleState
from moderation.scanning.house import PREFIX
from moderation.scanning.rulesets import LONGEST_WRITTEN
from moderation.taxonomy import Violation

NAME = r"^[a-z][a-z0-9_]{2,39}$"


class HouseRule(models.Model):
    """A rule by name; what it says stands in its versions."""

    id = PublicIdField()
    name = models.CharField(max_length=40, unique=True, validators=[RegexValidator(NAME)])
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("house rule")
        verbose_name_plural = _("house rules")
        permissions = [("write_rule", "Can write house rules")]
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=NAME), name="moderation_houserule_name_is_plain")
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersionQuerySet(models.QuerySet["RuleVersion"]):
    def running(self) -> Self:
        return self.filter(state__in=RUNNING)

    def holding(self) -> Self:
        return self.filter(state__in=HOLDING)

    def preparing(self) -> Self:
        """Not running yet."""
        return self.filter(state__in=PREPARING)

    def ending_by_now(self) -> Self:
        """Holding, past their end by the database's clock."""
        return self.holding().filter(expires_at__lte=Now())

    def to_go_back_to(self) -> Self:
        """Withdrawn after they were live, so that they still have their approval; the latest first."""
        return self.filter(state=RuleState.WITHDRAWN, approved_by__isnull=False).order_by("-since", "-id")

    def with_people(self) -> Self:
        return self.select_related("rule", "author", "approved_by")


class RuleVersion(models.Model):
    """One wording of a rule. Its text never changes; where it stands does, one legal step at a time."""

    class Severity(models.TextChoices):
        MID = "mid", _("medium")
        HIGH = "high", _("high")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        GERMAN = "de", _("German")
        ANY = "any", _("any language")

    id = PublicIdField()
    rule = models.ForeignKey(HouseRule, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())
    violation = models.CharField(max_length=3, choices=Violation)
    severity = models.CharField(max_length=4, choices=Severity)
    language = models.CharField(max_length=3, choices=Language)
    # As written; see `scanning.rulesets` for what macros, spaces and umlauts in it mean.
    pattern = models.CharField(max_length=LONGEST_WRITTEN)
    # Frames of the shipped ruleset in which a match is excused.
    exceptions = ArrayField(models.CharField(max_length=40), default=list)
    # One example a line: what it must hit, and what it must not.
    positive = models.TextField()
    negative = models.TextField()
    note = models.TextField(blank=True)
    # Over what the scanner reads of it.
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=RuleState, default=RuleState.DRAFT)
    since = models.DateTimeField(db_default=Now())
    # Who let it hold; never its author.
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # The percentage of posts that a canary holds.
    share = models.PositiveSmallIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    # Why the machine narrowed it, until a person decides how it goes on.
    narrowed = models.CharField(max_length=7, choices=Breaker, blank=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a house rule")
        verbose_name_plural = _("versions of house rules")
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="moderation_ruleversion_number_once"),
            models.UniqueConstraint(
                fields=["rule", "state"],
                condition=Q(state__in=HOLDING),
                name="moderation_ruleversion_one_of_a_rule_holds",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RuleState.values), name="moderation_ruleversion_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(violation__in=Violation.values), name="moderation_ruleversion_violation_is_known"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["mid", "high"]), name="moderation_ruleversion_severity_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "de", "any"]), name="moderation_ruleversion_language_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HOLDING)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("author"))),
                name="moderation_ruleversion_two_people_let_it_hold",
            ),
            models.CheckConstraint(
                condition=Q(state=RuleState.CANARY, share__gte=1, share__lte=99)
                | (~Q(state=RuleState.CANARY) & Q(share=None)),
                name="moderation_ruleversion_canary_has_share",
            ),
            models.CheckConstraint(
                condition=Q(state__in=HOLDING, expires_at__isnull=False)
                | (~Q(state__in=HOLDING) & Q(expires_at=None)),
                name="moderation_ruleversion_holding_ends",
            ),
            models.CheckConstraint(
                condition=Q(narrowed="") | Q(narrowed__in=Breaker.values, state=RuleState.SHADOW),
                name="moderation_ruleversion_narrowed_is_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="moderation_ruleversion_state")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name by which scans, counters and the trail know this version."""
        return f"{PREFIX}{self.rule.name}#{self.number}"

    @property
    def entry(self) -> dict[str, Any]:
        """What the scanner reads: an entry as in a ruleset file."""
        return {
            "name": self.label,
            "class": str(self.violation),
            "severity": str(self.severity),
            "language": str(self.language),
            "pattern": self.pattern,
            "exceptions": list(self.exceptions),
            "positive": self.positive.splitlines(),
            "negative": self.negative.splitlines(),
        }


class RuleStep(models.Model):
    """A version came from one state into another. Append-only; `by` is empty for the machine."""

    id = PublicIdField()
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="steps")
    old = models.CharField(max_length=10, choices=RuleState)
    new = models.CharField(max_length=10, choices=RuleState)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("step of a house rule")
        verbose_name_plural = _("steps of house rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(old__in=RuleState.values) & Q(new__in=RuleState.values),
                name="moderation_rulestep_states_are_known",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(new__in=[RuleState.SHADOW, RuleState.EXPIRED]),
                name="moderation_rulestep_machine_only_narrows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"

    @property
    def reason(self) -> str:
        """Why, in words; the machine notes which breaker it was."""
        is_breaker = self.by_id is None and self.why in Breaker.values
        return str(Breaker(self.why).label) if is_breaker else self.why


class RuleBacktest(models.Model):
    """What a version would have hit among stored texts. Append-only; texts are named, not copied, so that erasing reaches them."""

    id = PublicIdField()
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="backtests")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    days = models.PositiveSmallIntegerField()
    # Recent texts that were read, and hit; `is_cut` when the budget ended before they did.
    texts = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()
    is_cut = models.BooleanField()
    # Hit texts that people decided, and how many of them they removed.
    decided = models.PositiveIntegerField()
    upheld = models.PositiveIntegerField()
    sample = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = _("backtest of a house rule")
        verbose_name_plural = _("backtests of house rules")

    def __str__(self) -> str:
        return f"{self.hits} of {self.texts}"

    @property
    def per_thousand(self) -> float | None:
        """Hits in a thousand texts; None when there was none to read."""
        return 1000 * self.hits / self.texts if self.texts else None

    @property
    def agreement(self) -> float | None:
        """The share of the decided texts that people removed; None when none was decided."""
        return self.upheld / self.decided if self.decided else None


class SealedRules(models.Model):
    """Everything that people and breakers put on top of the shipped ruleset at one moment, under its hash. Append-only.

    Workers use the newest; a scan's ruleset names its hash, so that it can be replayed.
    """

    id = models.BigAutoField(primary_key=True)
    digest = models.CharField(max_length=64)
    content = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("sealed set of house rules")
        verbose_name_plural = _("sealed sets of house rules")

    def __str__(self) -> str:
        return self.digest[:12]
