"""The moderators' desk in Django's admin: the queue, cases, appeals, reporters, rules, figures, and read-only records."""

from moderation.admin import (
    appeal_desk,
    authority_desk,
    batch_desk,
    desk,
    figures_page,
    flagger_desk,
    hold_desk,
    proposal_desk,
    reasons_desk,
    records,
    referral_desk,
    reporter_desk,
    revert_desk,
    rule_desk,
    second_looks,
    settings_desk,
)

__all__ = [
    "appeal_desk",
    "authority_desk",
    "batch_desk",
    "desk",
    "figures_page",
    "flagger_desk",
    "hold_desk",
    "proposal_desk",
    "reasons_desk",
    "records",
    "referral_desk",
    "reporter_desk",
    "revert_desk",
    "rule_desk",
    "second_looks",
    "settings_desk",
]
