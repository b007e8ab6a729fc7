"""Notices from people without an account (DSA Article 16), and letters to them and to reporters."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.taxonomy import Violation


class Crime(models.TextChoices):
    """What is against the law besides what our rules forbid."""

    MINORS = "minors", _("sexual abuse or exploitation of minors")
    OTHER = "illegal", _("something else that is illegal")


GROUNDS = [*Violation.choices, *Crime.choices]
"""What a guest can say is wrong: a class of our rules, or a crime."""
MAY_BE_ANONYMOUS = (Crime.MINORS,)
"""Article 16(2)(c): name and e-mail address may be left out for offences of Articles 3 to 7 of Directive 2011/93/EU."""


def make_token() -> str:
    """256 bits that nobody guesses: whoever has them may read the notice that they belong to."""
    return secrets.token_urlsafe(32)


class GuestNotice(models.Model):
    """Somebody without an account says what is wrong with something that everybody can see.

    Nobody gives one without having stated their good faith; the form refuses it.
    """

    id = PublicIdField()
    token = models.CharField(max_length=43, unique=True, default=make_token)
    address = models.CharField(max_length=500)
    ground = models.CharField(max_length=7, choices=GROUNDS)
    reasons = models.TextField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=User.Language)
    filed_at = models.DateTimeField(db_default=Now())
    # Somebody who reads the mail of that address said that the notice is theirs.
    confirmed_at = models.DateTimeField(null=True)
    # From then on name, address and reasons are gone.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice from outside")
        verbose_name_plural = _("notices from outside")
        constraints = [
            models.CheckConstraint(
                condition=Q(ground__in=[*Violation.values, *Crime.values]),
                name="moderation_guestnotice_ground_is_known",
            ),
            models.CheckConstraint(
                condition=Q(language__in=User.Language.values),
                name="moderation_guestnotice_language_is_known",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=MAY_BE_ANONYMOUS)
                | Q(erased_at__isnull=False)
                | (~Q(name="") & ~Q(email="")),
                name="moderation_guestnotice_says_who",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name="", email="", reasons=""),
                name="moderation_guestnotice_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["filed_at"], condition=Q(erased_at=None), name="moderation_guest_to_erase")
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"

    @property
    def violation(self) -> str:
        """The class of the taxonomy; empty for a crime that has none."""
        return self.ground if self.ground in Violation.values else ""

    def get_outcome(self) -> "Letter | None":
        """The newest of what its guest was told came of it."""
        return self.letters.outcomes().order_by("-pk").first()

    def get_absolute_url(self) -> str:
        return reverse("moderation:guest_notice", args=[self.token])


Appellant = User | GuestNotice
"""Whoever can contest a decision: somebody with an account, or the guest of a notice."""


class LetterKind(models.TextChoices):
    RECEIPT = "receipt", _("receipt for a notice")
    OUTCOME = "outcome", _("outcome of a notice")
    REPORTING = "reporting", _("about somebody's reports")
    APPEAL = "appeal", _("outcome of an appeal")
    MESSAGE = "message", _("message about an appeal")


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> Self:
        """Not mailed yet, not leased to a sender, and not taken back."""
        return self.filter(mailed_at=None, withdrawn_at=None, due_at__lte=Now()).order_by("due_at", "id")

    def outcomes(self) -> Self:
        """What came of notices: not what may still be taken back, or was."""
        return self.filter(kind=LetterKind.OUTCOME, withdrawn_at=None, visible_from__lte=Now())

    def with_recipient(self) -> Self:
        return self.select_related("recipient", "guest")


_ABOUT_APPEALS = (LetterKind.APPEAL, LetterKind.MESSAGE)


class Letter(models.Model):
    """What a guest, or an account about how it reports, is told; it is mailed with a greeting, which its text has not."""

    id = PublicIdField()
    kind = models.CharField(max_length=9, choices=LetterKind)
    recipient = models.ForeignKey(User, models.PROTECT, null=True, related_name="letters")
    guest = models.ForeignKey(GuestNotice, models.PROTECT, null=True, related_name="letters")
    # Of what it tells, where it was a decision.
    decision = models.ForeignKey("moderation.Decision", models.PROTECT, null=True, related_name="letters")
    language = models.CharField(max_length=2, choices=User.Language)
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    mailed_at = models.DateTimeField(null=True)
    # Not before its decider can take the decision back no more; never, when that happened.
    visible_from = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient=None, guest__isnull=False) | Q(recipient__isnull=False, guest=None),
                name="moderation_letter_exactly_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LetterKind.values), name="moderation_letter_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=User.Language.values), name="moderation_letter_language_is_known"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(mailed_at=None), name="moderation_letter_due")]

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @property
    def address(self) -> str:
        """Where it is mailed to; empty when that is not known, or not any more.

        What is said about an appeal goes only to an address that was confirmed: the guest reads it on their page.
        """
        if self.recipient is not None:
            return str(self.recipient.email)
        if self.guest is None or (self.kind in _ABOUT_APPEALS and self.guest.confirmed_at is None):
            return ""
        return self.guest.email

    @property
    def link(self) -> str:
        """The page on Parler that says the same."""
        page = (
            reverse("moderation:reporter_standing") if self.guest is None else self.guest.get_absolute_url()
        )
        return f"{settings.PARLER_URL}{page}"
