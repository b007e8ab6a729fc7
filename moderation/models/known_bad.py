"""The bank of known content: what removed texts and images are known again by, never the content itself."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moderation.taxonomy import Violation


class KnownBadQuerySet(models.QuerySet["KnownBad"]):
    def acting(self) -> Self:
        """Not expired, by the database's clock."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=Now()))

    def ending_before(self, end: datetime | None) -> Self:
        """Those that end earlier than `end`; None is never."""
        ending = self.exclude(expires_at=None)
        return ending.filter(expires_at__lt=end) if end else ending

    def texts(self) -> Self:
        return self.filter(kind=KnownBad.Kind.TEXT)

    def images(self) -> Self:
        return self.filter(kind=KnownBad.Kind.IMAGE)

    def known_by_likeness(self) -> Self:
        """Those of which near copies are known as well: what is long enough."""
        return self.exclude(fingerprint=None)


class KnownBad(models.Model):
    """Content whose copies are held at once. An entry is never changed, except that it may end; its digest is its identity."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        IMAGE = "image", _("image")

    class Source(models.TextChoices):
        DECISION = "decision", _("a moderator removed it")
        OPERATOR = "operator", _("an operator added it")
        SHARED_LIST = "list", _("a shared list")

    kind = models.CharField(max_length=5, choices=Kind)
    # Of a text the sha256 of its plain view, of an image that of its perceptual hash.
    digest = models.BinaryField(max_length=32, unique=True)
    # 64 bits that near copies share for the most part, in the database's signed integers: SimHash or perceptual hash.
    fingerprint = models.BigIntegerField(null=True)
    # What confirms near copies of a text; see `scanning.near_duplicates`.
    sketch = models.BinaryField(max_length=128, default=b"")
    violation = models.CharField(max_length=3, choices=Violation)
    source = models.CharField(max_length=8, choices=Source)
    # Empty when a command added it and nobody was named.
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)

    objects = KnownBadQuerySet.as_manager()

    class Meta:
        verbose_name = _("known content")
        verbose_name_plural = _("known content")
        constraints = [
            models.CheckConstraint(
                condition=Q(violation__in=Violation.values), name="moderation_knownbad_violation_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="text", fingerprint=None, sketch=b"")
                | Q(kind="text", fingerprint__isnull=False) & ~Q(sketch=b"")
                | Q(kind="image", fingerprint__isnull=False, sketch=b""),
                name="moderation_knownbad_kind_has_its_prints",
            ),
            models.CheckConstraint(
                condition=Q(source="decision", added_by__isnull=False) | Q(source__in=["operator", "list"]),
                name="moderation_knownbad_source_is_known",
            ),
        ]

    def __str__(self) -> str:
        return bytes(self.digest).hex()
