"""Referrals: what is handed to an authority because a life or somebody's safety is threatened, and everything done with it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.models.cases import Case


class Evidence(models.Model):
    """A content under its own hash, once however often it is referred to. Append-only; the database checks the hash."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        PACKET = "packet", _("packet")

    id = PublicIdField()
    # Of the body in UTF-8.
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=6, choices=Kind)
    body = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(fields=["sha256", "kind"], name="moderation_evidence_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["text", "packet"]), name="moderation_evidence_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.sha256}"


class Authority(models.Model):
    """Somebody to whom a threat is referred: police, a prosecutor, a single point of contact."""

    id = PublicIdField()
    name = models.CharField(_("name"), max_length=200)
    # ISO 3166-1 alpha-2, in capitals.
    country = models.CharField(_("country"), max_length=2)
    # Where a person hands the packet over: the program sends nothing.
    contact = models.TextField(_("contact address"))
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        constraints = [
            models.UniqueConstraint(fields=["country", "name"], name="moderation_authority_once"),
            models.CheckConstraint(
                condition=Q(country__regex="^[A-Z]{2}$"), name="moderation_authority_country_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"


class Ground(models.TextChoices):
    """The legal bases on which data may go to an authority."""

    THREAT = "dsa-18", _("Article 18 DSA: suspicion of an offence that threatens life or safety")
    VITAL = "gdpr-6-1-d", _("Article 6(1)(d) GDPR: to protect somebody's vital interests")
    ORDER = "dsa-10", _("Article 10 DSA: an order to provide information")


class Urgency(models.TextChoices):
    NOW = "now", _("now: the danger is present")
    TODAY = "today", _("today")
    USUAL = "usual", _("in the usual time")


class ReferralStatus(models.TextChoices):
    """`next` is the whole machine; the database's trigger is generated from it."""

    MADE = "made", _("made")
    SENT = "sent", _("handed over")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")

    @property
    def next(self) -> frozenset["ReferralStatus"]:
        match self:
            case ReferralStatus.MADE:
                return frozenset({ReferralStatus.SENT, ReferralStatus.CLOSED})
            case ReferralStatus.SENT:
                return frozenset({ReferralStatus.ANSWERED, ReferralStatus.CLOSED})
            case ReferralStatus.ANSWERED:
                return frozenset({ReferralStatus.CLOSED})
            case ReferralStatus.CLOSED:
                return frozenset()


LEGAL_STEPS = [(old.value, new.value) for old in ReferralStatus for new in ReferralStatus if new in old.next]


class ReferralQuerySet(models.QuerySet["Referral"]):
    def open(self) -> Self:
        return self.exclude(status=ReferralStatus.CLOSED)

    def closed(self) -> Self:
        return self.filter(status=ReferralStatus.CLOSED)

    def on_desk_of(self, moderator: User) -> Self:
        """About cases that the moderator may judge."""
        return self.filter(case__in=Case.objects.decidable_by(moderator))

    def with_all(self) -> Self:
        about = ("case__author",)
        return self.select_related("authority", "packet", "made_by", "notice__by", *about)


class Referral(models.Model):
    """A case is referred to an authority: which packet, to whom, on what ground. The packet never changes."""

    id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="referrals")
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="referrals")
    ground = models.CharField(max_length=10, choices=Ground)
    urgency = models.CharField(max_length=5, choices=Urgency)
    why = models.TextField()
    status = models.CharField(max_length=8, choices=ReferralStatus, default=ReferralStatus.MADE)
    packet = models.ForeignKey(Evidence, models.PROTECT, related_name="referrals")
    # The texts that the packet names by their hashes.
    evidence = models.ManyToManyField(Evidence, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReferralStatus.values), name="moderation_referral_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ground__in=Ground.values), name="moderation_referral_ground_is_known"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="moderation_referral_urgency_is_known"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="moderation_referral_says_why"),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("admin:moderation_referral_change", args=[self.pk])

    @property
    def steps(self) -> frozenset[ReferralStatus]:
        """What may happen to it next."""
        return ReferralStatus(self.status).next


class ReferralEntry(models.Model):
    """One thing that somebody did with a referral. Append-only."""

    class Act(models.TextChoices):
        MADE = "made", _("made")
        SEEN = "seen", _("looked at")
        DOWNLOADED = "downloaded", _("downloaded")
        SENT = "sent", _("handed over")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")
        TOLD = "told", _("released to the author")

    id = PublicIdField()
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="entries")
    act = models.CharField(max_length=10, choices=Act)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    # When it happened outside, where that is not the moment of the entry: handed over, answered.
    happened_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = _("entry about a referral")
        verbose_name_plural = _("entries about referrals")
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["made", "seen", "downloaded", "sent", "answered", "closed", "told"]),
                name="moderation_referralentry_act_is_known",
            ),
            models.CheckConstraint(
                condition=Q(happened_at=None) | Q(happened_at__lte=models.F("at")),
                name="moderation_referralentry_happened_before",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} referral {self.referral_id}"


class ReferralRequestQuerySet(models.QuerySet["ReferralRequest"]):
    def open(self) -> Self:
        return self.filter(answered_at=None)

    def on_desk_of(self, moderator: User) -> Self:
        """About cases that the moderator may judge."""
        return self.filter(case__in=Case.objects.decidable_by(moderator))


class ReferralRequest(models.Model):
    """A moderator sees a threat to life and asks a senior to refer the case. A referral answers it, or a refusal with its reason."""

    id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="referral_requests")
    why = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, null=True, related_name="requests")
    # Why the case is not referred; empty when it was.
    refusal = models.TextField(blank=True)

    objects = ReferralRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a referral")
        verbose_name_plural = _("requests for referrals")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at=None), name="moderation_referralrequest_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, referral=None, refusal="")
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False)
                    & (Q(referral__isnull=False, refusal="") | (Q(referral=None) & ~Q(refusal="")))
                ),
                name="moderation_referralrequest_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"request for a referral of case {self.case_id}"


class ReferralNoticeQuerySet(models.QuerySet["ReferralNotice"]):
    def for_reader(self, user: User) -> Self:
        """The notices that `user` received."""
        return self.filter(recipient=user)

    def due(self) -> Self:
        """Not mailed yet and not leased to a sender."""
        return self.filter(mailed_at=None, due_at__lte=Now()).order_by("due_at", "id")

    def with_recipient(self) -> Self:
        return self.select_related("recipient")


class ReferralNotice(models.Model):
    """The person concerned is told of a referral, because a senior released that. Without one they are not told."""

    id = PublicIdField()
    referral = models.OneToOneField(Referral, models.PROTECT, related_name="notice")
    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, choices=User.Language)
    text = models.TextField()
    # Why it may be said now; the recipient does not read that.
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    mailed_at = models.DateTimeField(null=True)

    objects = ReferralNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of a referral")
        verbose_name_plural = _("notices of referrals")
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=User.Language.values),
                name="moderation_referralnotice_language_is_known",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(mailed_at=None), name="moderation_referralnotice_due")
        ]

    def __str__(self) -> str:
        return f"notice of referral {self.referral_id}"
