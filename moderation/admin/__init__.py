"""The moderators' desk in Django's admin: the queue, the case, appeals, reporters, and read-only records."""

from moderation.admin import (
    appeal_desk,
    batch_desk,
    desk,
    flagger_desk,
    proposal_desk,
    reasons_desk,
    records,
    reporter_desk,
    settings_desk,
)

__all__ = [
    "appeal_desk",
    "batch_desk",
    "desk",
    "flagger_desk",
    "proposal_desk",
    "reasons_desk",
    "records",
    "reporter_desk",
    "settings_desk",
]
