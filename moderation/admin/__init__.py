"""The moderators' desk in Django's admin: the queue, the case, appeals, second looks, figures, and read-only records."""

from moderation.admin import appeal_desk, desk, figures_page, records, second_looks

__all__ = ["appeal_desk", "desk", "figures_page", "records", "second_looks"]
