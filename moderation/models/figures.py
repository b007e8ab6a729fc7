"""Figures by day: what the dashboard reads instead of counting cases and decisions itself; and breaks of those who judge."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role


class Kind(models.TextChoices):
    """What the rows of a day are about; each says what its key, `count` and `hits` are."""

    # By lane.
    OPENED = "opened", _("cases opened")
    CLOSED = "closed", _("cases closed")
    BACKLOG = "backlog", _("open cases at the end of the day")
    # Seconds since 1970 at which the oldest of them was opened.
    OLDEST = "oldest", _("opening of the oldest open case")
    # By lane and bucket of `sketching`: cases closed after about so long.
    ACTION = "action", _("time to action")
    # By rule, and by version of the model: held texts that were decided; hits: a person thought otherwise.
    RULE = "rule", _("held by rule")
    MODEL = "model", _("held by model")
    # By id of who decided: decisions; hits: somebody else took one back.
    DECIDER = "decider", _("decisions by moderator")
    # By id of who decided first: second looks; hits: the same measure again.
    LOOKED_AT = "looked_at", _("second looks by first moderator")
    # By how it was chosen, first and second measure ("decided:clear:take_down"); hits: under the same rule.
    AGREEMENT = "agreement", _("second looks by measures")
    # By what it is ("post", "profile"): samples of cleared texts that were judged; hits: something was taken from the author.
    SAMPLE = "sample", _("samples of cleared texts")


PERSONAL = (Kind.DECIDER, Kind.LOOKED_AT)
"""Kinds whose key is a moderator's id."""
BY_DAY = (Kind.OPENED, Kind.CLOSED, Kind.BACKLOG, Kind.OLDEST)
"""Kinds that are shown day by day; of the others a page shows the sum."""


class DailyFigureQuerySet(models.QuerySet["DailyFigure"]):
    def since(self, day: date) -> Self:
        return self.filter(day__gte=day)

    def readable_by(self, moderator: User) -> Self:
        """Everything for seniors and administrators; of other people's own figures nothing for anybody else."""
        if moderator.get_role().level >= Role.SENIOR_MODERATOR.level:
            return self
        return self.exclude(Q(kind__in=PERSONAL) & ~Q(key=str(moderator.pk)))

    def summed(self) -> "models.QuerySet[Any, Any]":
        """`kind`, `key`, `bucket`, and the sums over the days as `counted` and `hit`, of what can be summed."""
        kept = self.exclude(kind__in=BY_DAY).order_by().values("kind", "key", "bucket")
        return kept.annotate(counted=Sum("count"), hit=Sum("hits"))

    def by_day(self) -> Self:
        return self.filter(kind__in=BY_DAY).order_by("day", "kind", "key")


class DailyFigure(models.Model):
    """One number of one day (of UTC). `rolling_up` makes all rows of a day anew; nothing else writes them."""

    day = models.DateField()
    kind = models.CharField(max_length=9, choices=Kind)
    key = models.CharField(max_length=100, blank=True)
    bucket = models.PositiveSmallIntegerField(db_default=0)
    count = models.BigIntegerField()
    hits = models.BigIntegerField(db_default=0)

    objects = DailyFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "kind", "key", "bucket"], name="moderation_dailyfigure_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="moderation_dailyfigure_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.key}"


class RolledDay(models.Model):
    """A day whose figures were made, and when last, by the database's clock."""

    day = models.DateField(primary_key=True)
    rolled_at = models.DateTimeField(db_default=Now())
    # Nothing that belongs to the day can be missing any more: it is not made again.
    is_final = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return f"figures of {self.day}"


class BreakAfter(models.IntegerChoices):
    """Minutes of continuous work after which somebody wants to be reminded."""

    NEVER = 0, _("never")
    HALF_AN_HOUR = 30, _("after 30 minutes")
    AN_HOUR = 60, _("after 60 minutes")
    USUAL = 90, _("after 90 minutes")
    TWO_HOURS = 120, _("after 120 minutes")


class BreakSettings(models.Model):
    """After how much work somebody wants to be reminded of a break; without a row, after the usual time."""

    moderator = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="+")
    after = models.PositiveSmallIntegerField(choices=BreakAfter, default=BreakAfter.USUAL)
    # "Not now": no reminder before this.
    quiet_until = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(after__in=BreakAfter.values), name="moderation_breaksettings_after_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"breaks of {self.moderator_id}"
