"""Notices: what people are told besides statements of reasons, in their language and kept as it was said."""

from datetime import timedelta
from typing import Self, assert_never

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.models.appeals import Appeal
from moderation.models.decisions import Decision
from moderation.models.reports import Report
from posts.models import Revision
from posts.statuses import Status

HOLD_MAILS_EVERY = timedelta(hours=1)
"""Whoever publishes much that is held hears of it once in this time by mail; the page says it at once."""


MAX_ATTEMPTS = 10
"""After so many failures a message is mailed no more; the page still shows it."""


class NoticeKind(models.TextChoices):
    HOLD = "hold", _("a text waits for a person")
    RECEIPT = "receipt", _("receipt for a report")
    OUTCOME = "outcome", _("outcome of a report")
    APPEAL = "appeal", _("outcome of an appeal")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_reader(self, user: User) -> Self:
        """The notices that `user` received: not those that may still be taken back, or were."""
        return self.filter(recipient=user, withdrawn_at=None, visible_from__lte=Now())

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def of_holds(self) -> Self:
        return self.filter(kind=NoticeKind.HOLD)

    def still_held(self) -> Self:
        """About texts that wait for a person now."""
        return self.of_holds().filter(revision__status=Status.HELD)

    def to_mail(self) -> Self:
        """Not mailed yet, and to be: now, later, or again after a failure."""
        return self.filter(mailed_at=None, withdrawn_at=None, due_at__isnull=False, attempts__lt=MAX_ATTEMPTS)

    def due(self) -> Self:
        """Not mailed yet, not leased to a sender, and not taken back.

        Of holds, one at a time for each account and one mail in HOLD_MAILS_EVERY: the earliest tells of the others too.
        """
        of_account = Notice.objects.of_holds().filter(recipient=OuterRef("recipient"))
        earlier = of_account.to_mail().filter(pk__lt=OuterRef("pk"))
        recent = of_account.filter(mailed_at__gt=Now() - HOLD_MAILS_EVERY)
        rests = Q(kind=NoticeKind.HOLD) & (Exists(earlier) | Exists(recent))
        return self.to_mail().filter(~rests, due_at__lte=Now()).order_by("due_at", "id")

    def with_decision(self) -> Self:
        return self.select_related("recipient", "decision", "report__case__author", "appeal")

    def with_held(self) -> Self:
        return self.select_related("revision__post__author", "revision__profile__user")


class Notice(models.Model):
    """Something that somebody is told: that their text waits, that their report arrived, what came of a report or an appeal."""

    id = PublicIdField()
    kind = models.CharField(max_length=7, choices=NoticeKind)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices", db_index=False)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="notices")
    report = models.ForeignKey(Report, models.PROTECT, null=True, related_name="notices")
    appeal = models.OneToOneField(Appeal, models.PROTECT, null=True, related_name="notice")
    # The version that is held.
    revision = models.OneToOneField(Revision, models.PROTECT, null=True, related_name="notice")
    # By when a person should have looked at it, as it was said.
    expected_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, choices=User.Language)
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    # Empty when there is nothing to mail any more.
    due_at = models.DateTimeField(null=True, db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    # Not before its decider can take the decision back no more; never, when that happened.
    visible_from = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=NoticeKind.HOLD, revision__isnull=False, report=None, appeal=None, decision=None
                )
                | Q(kind=NoticeKind.RECEIPT, revision=None, report__isnull=False, appeal=None, decision=None)
                | Q(
                    kind=NoticeKind.OUTCOME,
                    revision=None,
                    report__isnull=False,
                    appeal=None,
                    decision__isnull=False,
                )
                | Q(
                    kind=NoticeKind.APPEAL,
                    revision=None,
                    report=None,
                    appeal__isnull=False,
                    decision__isnull=False,
                ),
                name="moderation_notice_exactly_one_subject",
            ),
            models.UniqueConstraint(fields=["decision", "report"], name="moderation_notice_once_per_report"),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(kind=NoticeKind.RECEIPT),
                name="moderation_notice_one_receipt_per_report",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NoticeKind.values), name="moderation_notice_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=User.Language.values), name="moderation_notice_language_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(mailed_at=None, due_at__isnull=False),
                name="moderation_notice_due",
            ),
            models.Index(fields=["recipient", "-id"], name="moderation_notice_received"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="moderation_notice_unread"),
            models.Index(
                fields=["recipient", "mailed_at"],
                condition=Q(kind=NoticeKind.HOLD),
                name="moderation_notice_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("moderation:notice", args=[self.pk])

    @property
    def is_hold(self) -> bool:
        return self.kind == NoticeKind.HOLD

    @property
    def is_receipt(self) -> bool:
        return self.kind == NoticeKind.RECEIPT

    @property
    def is_still_held(self) -> bool:
        """Its text waits now. Needs `with_held`."""
        return self.revision is not None and self.revision.status == Status.HELD

    @property
    def title(self) -> str:
        """What it is about, in the active language."""
        match NoticeKind(self.kind):
            case NoticeKind.HOLD:
                return gettext("your text waits for a person")
            case NoticeKind.RECEIPT:
                return gettext("we received your report")
            case NoticeKind.OUTCOME:
                return gettext("your report")
            case NoticeKind.APPEAL:
                return gettext("your appeal")
            case kind:
                assert_never(kind)
