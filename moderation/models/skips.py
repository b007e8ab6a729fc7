"""Skips: a moderator would rather not judge this case now, and need not say why."""

from django.db import models

from accounts.models import User
from moderation.models.cases import Case


class Skip(models.Model):
    """Until then, `claim_next` does not offer the case to this moderator. It is no mark against anybody and is deleted when it ended."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="skips")
    moderator = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            # The moderator first: the queue asks for what one moderator skipped.
            models.UniqueConstraint(fields=["moderator", "case"], name="moderation_skip_once_per_case")
        ]

    def __str__(self) -> str:
        return f"{self.moderator_id} skips {self.case_id}"
