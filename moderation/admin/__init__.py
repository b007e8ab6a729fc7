"""The moderators' desk in Django's admin: the queue, the case, appeals, referrals, legal holds, and read-only records."""

from moderation.admin import appeal_desk, authority_desk, desk, hold_desk, records, referral_desk

__all__ = ["appeal_desk", "authority_desk", "desk", "hold_desk", "records", "referral_desk"]
