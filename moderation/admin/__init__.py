"""The moderators' desk in Django's admin: the queue, the case, and read-only records."""

from moderation.admin import desk, records

__all__ = ["desk", "records"]
