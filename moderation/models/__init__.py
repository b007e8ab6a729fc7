"""What judging leaves behind: scans, cases, reports, decisions, statements, appeals, referrals, legal holds and the audit trail."""

from moderation.models.appeals import Appeal, AppealMessage, AppealQuerySet, AppealStatus, Notice
from moderation.models.cases import Case, CaseQuerySet, CaseStatus, Origin, Report
from moderation.models.decisions import AuditRow, Decision, Statement
from moderation.models.known_bad import KnownBad
from moderation.models.legal_holds import HoldExtension, LegalHold, LegalHoldQuerySet
from moderation.models.referrals import (
    Authority,
    Evidence,
    Ground,
    Referral,
    ReferralEntry,
    ReferralNotice,
    ReferralRequest,
    ReferralStatus,
    Urgency,
)
from moderation.models.scans import Imminence, Scan, Verdict
from moderation.models.skips import Skip
from moderation.models.trail import AuditHead

__all__ = [
    "Appeal",
    "AppealMessage",
    "AppealQuerySet",
    "AppealStatus",
    "AuditHead",
    "AuditRow",
    "Authority",
    "Case",
    "CaseQuerySet",
    "CaseStatus",
    "Decision",
    "Evidence",
    "Ground",
    "HoldExtension",
    "Imminence",
    "KnownBad",
    "LegalHold",
    "LegalHoldQuerySet",
    "Notice",
    "Origin",
    "Referral",
    "ReferralEntry",
    "ReferralNotice",
    "ReferralRequest",
    "ReferralStatus",
    "Report",
    "Scan",
    "Skip",
    "Statement",
    "Urgency",
    "Verdict",
]
