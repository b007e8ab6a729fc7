"""The moderators' desk in Django's admin: the queue, the case, appeals, and read-only records."""

from moderation.admin import appeal_desk, desk, proposal_desk, reasons_desk, records

__all__ = ["appeal_desk", "desk", "proposal_desk", "reasons_desk", "records"]
