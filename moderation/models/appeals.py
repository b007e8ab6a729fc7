"""Appeals against decisions, what is said about them, and what the people concerned are told."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.models.cases import Case
from moderation.models.decisions import Decision
from moderation.models.guests import Appellant, GuestNotice
from moderation.models.reports import Report

# Six months by any calendar. The database says the same, in `guards.APPEAL_GUARD`.
TIME_TO_APPEAL = timedelta(days=184)
TIME_TO_ANSWER = timedelta(days=7)


class AppealStatus(models.TextChoices):
    OPEN = "open", _("open")
    GRANTED = "granted", _("granted")
    REJECTED = "rejected", _("rejected")


OUTCOMES = (AppealStatus.GRANTED, AppealStatus.REJECTED)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def of(self, appellant: Appellant) -> Self:
        """The appeals that somebody made."""
        if isinstance(appellant, GuestNotice):
            return self.filter(guest=appellant)
        return self.filter(appellant=appellant)

    def open(self) -> Self:
        return self.filter(status=AppealStatus.OPEN)

    def decided(self) -> Self:
        return self.filter(status__in=OUTCOMES)

    def late(self) -> Self:
        """Open, and past their due time by the database's clock."""
        return self.open().filter(due_at__lt=Now())

    def on_desk_of(self, moderator: User) -> Self:
        """What a moderator may read: no appeal of their own, and none about a case that they may not judge."""
        cases = Case.objects.decidable_by(moderator)
        return self.filter(decision__case__in=cases).exclude(appellant=moderator)

    def in_order(self) -> Self:
        """The order of work: what is due first."""
        return self.order_by("due_at", "id")

    def after(self, appeal: "Appeal") -> Self:
        """What comes after `appeal` in the order of work, for a page that begins there."""
        return self.filter(Q(due_at__gt=appeal.due_at) | Q(due_at=appeal.due_at, pk__gt=appeal.pk))

    def page_after(self, after: int | None, *, is_decided: bool) -> Self:
        """Decided ones newest first, or open ones in the order of work; from the one after the id `after` on."""
        if is_decided:
            decided = self.decided().order_by("-pk")
            return decided.filter(pk__lt=after) if after else decided
        last = Appeal.objects.filter(pk=after).first() if after else None
        waiting = self.open().in_order()
        return waiting.after(last) if last else waiting

    def with_decision(self) -> Self:
        return self.select_related(
            "appellant",
            "guest",
            "decided_by",
            "result",
            "decision__by",
            "decision__confirmed_by",
            "decision__statement",
            "decision__case__author",
            "decision__case__revision__post__author",
            "decision__case__revision__profile__user",
        )


class Appeal(models.Model):
    """Somebody says that a decision about them, or about their report, is wrong. Another person than the first decider answers."""

    id = PublicIdField()
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    appellant = models.ForeignKey(User, models.PROTECT, null=True, related_name="appeals")
    # Whoever appeals without an account, by the notice that led to nothing.
    guest = models.ForeignKey(GuestNotice, models.PROTECT, null=True, related_name="appeals")
    text = models.TextField()
    status = models.CharField(max_length=8, choices=AppealStatus, default=AppealStatus.OPEN)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now() + TIME_TO_ANSWER)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="decided_appeals")
    # Why it ended so, in the words that the appellant reads.
    reasons = models.TextField(blank=True)
    # The decision that granting it led to; there is none when nothing was left to change.
    result = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    # Rises with every message; an outcome names the version that the moderator read.
    version = models.PositiveIntegerField(default=1)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "appellant"], name="moderation_appeal_once_per_decision"
            ),
            models.UniqueConstraint(fields=["decision", "guest"], name="moderation_appeal_once_per_guest"),
            models.CheckConstraint(
                condition=Q(appellant=None, guest__isnull=False) | Q(appellant__isnull=False, guest=None),
                name="moderation_appeal_by_exactly_one",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AppealStatus.values), name="moderation_appeal_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    status=AppealStatus.OPEN, decided_at=None, decided_by=None, reasons="", result=None
                )
                | (
                    Q(status__in=OUTCOMES, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(reasons="")
                ),
                name="moderation_appeal_outcome_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(result=None) | Q(status=AppealStatus.GRANTED),
                name="moderation_appeal_only_granting_changes",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("appellant")),
                name="moderation_appeal_not_by_its_appellant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status=AppealStatus.OPEN),
                name="moderation_appeal_queue",
            )
        ]

    def __str__(self) -> str:
        return f"appeal {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:appeal", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == AppealStatus.OPEN

    @property
    def is_by_author(self) -> bool:
        """It asks for something back that was taken; otherwise a reporter asks to take something down."""
        return self.decision.get_measure().restricts

    def get_appellant(self) -> Appellant:
        """Whoever made it, with or without an account."""
        appellant = self.guest or self.appellant
        assert appellant is not None  # noqa: S101  The database knows that it is one of them; tells the type checker.
        return appellant

    def get_report(self) -> Report | None:
        """The report, or notice, that its appellant says should have led to something; None for an author's appeal."""
        reports = self.decision.case.reports.select_related("guest")
        return reports.filter(reporter=self.appellant_id, guest=self.guest_id).first()


class AppealMessage(models.Model):
    """One thing said between the appellant and the moderators about an appeal."""

    id = PublicIdField()
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="messages")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Whoever said it without an account.
    guest = models.ForeignKey(GuestNotice, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("message about an appeal")
        verbose_name_plural = _("messages about appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(by=None, guest__isnull=False) | Q(by__isnull=False, guest=None),
                name="moderation_appealmessage_by_exactly_one",
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk} about appeal {self.appeal_id}"

    @property
    def is_by_appellant(self) -> bool:
        """Otherwise a moderator said it."""
        return (self.by_id, self.guest_id) == (self.appeal.appellant_id, self.appeal.guest_id)
