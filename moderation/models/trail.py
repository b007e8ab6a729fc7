"""Where the audit trail ends: one row, sealed, so that rows cut off at the end are missed."""

from django.db import models
from django.db.models import Q


class AuditHead(models.Model):
    """The newest row of the trail, under a seal that only Parler can make. See `moderation/sealing.py`."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    last_id = models.BigIntegerField()
    last_hash = models.CharField(max_length=64, blank=True)
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="moderation_audithead_is_one"),
        ]

    def __str__(self) -> str:
        return f"the trail up to row {self.last_id}"
