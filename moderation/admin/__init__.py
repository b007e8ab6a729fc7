"""The moderators' desk in Django's admin: the queue, the case, appeals, and read-only records."""

from moderation.admin import (
    appeal_desk,
    batch_desk,
    desk,
    proposal_desk,
    reasons_desk,
    records,
    settings_desk,
)

__all__ = [
    "appeal_desk",
    "batch_desk",
    "desk",
    "proposal_desk",
    "reasons_desk",
    "records",
    "settings_desk",
]
