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
from moderation.models.cases import Case, Report
from moderation.models.decisions import Decision

# Six months by any calendar. The database says the same, in `guards.APPEAL_GUARD`.
TIME_TO_APPEAL = timedelta(days=184)
TIME_TO_ANSWER = timedelta(days=7)


class AppealStatus(models.TextChoices):
    OPEN = "open", _("open")
    GRANTED = "granted", _("granted")
    REJECTED = "rejected", _("rejected")


OUTCOMES = (AppealStatus.GRANTED, AppealStatus.REJECTED)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def of(self, person: User) -> Self:
        """The appeals that `person` made."""
        return self.filter(appellant=person)

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

    def with_decision(self) -> Self:
        return self.select_related(
            "appellant",
            "decided_by",
            "result",
            "decision__by",
            "decision__confirmed_by",
            "decision__statement",
            "decision__case__post__author",
            "decision__case__profile__user",
            "decision__case__revision__post__author",
            "decision__case__revision__profile__user",
        )


class Appeal(models.Model):
    """Somebody says that a decision about them, or about their report, is wrong. Another person than the first decider answers."""

    id = PublicIdField()
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals")
    appellant = models.ForeignKey(User, models.PROTECT, related_name="appeals")
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


class AppealMessage(models.Model):
    """One thing said between the appellant and the moderators about an appeal."""

    id = PublicIdField()
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="messages")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("message about an appeal")
        verbose_name_plural = _("messages about appeals")

    def __str__(self) -> str:
        return f"message {self.pk} about appeal {self.appeal_id}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_reader(self, user: User) -> Self:
        """The notices that `user` received: not those that may still be taken back, or were."""
        return self.filter(recipient=user, withdrawn_at=None, visible_from__lte=Now())

    def due(self) -> Self:
        """Not mailed yet, not leased to a sender, and not taken back."""
        return self.filter(mailed_at=None, withdrawn_at=None, due_at__lte=Now()).order_by("due_at", "id")

    def with_decision(self) -> Self:
        return self.select_related("recipient", "decision", "report__case", "appeal")


class Notice(models.Model):
    """What came of somebody's report or appeal, in their language."""

    id = PublicIdField()
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="notices")
    appeal = models.OneToOneField(Appeal, models.PROTECT, null=True, related_name="notice")
    language = models.CharField(max_length=2, choices=User.Language)
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    mailed_at = models.DateTimeField(null=True)
    # Not before its decider can take the decision back no more; never, when that happened.
    visible_from = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(report=None, appeal__isnull=False) | Q(report__isnull=False, appeal=None),
                name="moderation_notice_exactly_one_subject",
            ),
            models.UniqueConstraint(fields=["decision", "report"], name="moderation_notice_once_per_report"),
            models.CheckConstraint(
                condition=Q(language__in=User.Language.values), name="moderation_notice_language_is_known"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(mailed_at=None), name="moderation_notice_due")]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:notice", args=[self.pk])
