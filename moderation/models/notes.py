"""Notes: what moderators write down for each other, about a case or about an account. Its author never reads them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from moderation.models.cases import Case


class CaseNoteQuerySet(models.QuerySet["CaseNote"]):
    def beside(self, case: Case) -> Self:
        """What was noted on the case and on its author; pinned ones first, then the newest."""
        about = Q(case=case) | Q(account=case.author)
        return self.filter(about).select_related("by").order_by("-is_pinned", "-id")


class CaseNote(models.Model):
    """One note. Append-only: what was thought of somebody is neither polished nor lost."""

    id = PublicIdField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="notes")
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="moderators_notes")
    text = models.TextField()
    is_pinned = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(case=None, account__isnull=False) | Q(case__isnull=False, account=None),
                name="moderation_casenote_exactly_one_subject",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="moderation_casenote_says_something"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"
