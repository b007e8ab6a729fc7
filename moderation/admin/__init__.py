"""The moderators' desk in Django's admin: the queue, the case, appeals, house rules, and read-only records."""

from moderation.admin import appeal_desk, desk, records, revert_desk, rule_desk

__all__ = ["appeal_desk", "desk", "records", "revert_desk", "rule_desk"]
