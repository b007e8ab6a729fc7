"""The moderators' desk in Django's admin: the queue, the case, appeals, reporters, second looks, figures, and read-only records."""

from moderation.admin import (
    appeal_desk,
    desk,
    figures_page,
    flagger_desk,
    proposal_desk,
    reasons_desk,
    records,
    reporter_desk,
    second_looks,
)

__all__ = [
    "appeal_desk",
    "desk",
    "figures_page",
    "flagger_desk",
    "proposal_desk",
    "reasons_desk",
    "records",
    "reporter_desk",
    "second_looks",
]
