"""What judging leaves behind: scans, cases, reports, decisions, statements, appeals and the audit trail."""

from moderation.models.appeals import Appeal, AppealMessage, AppealQuerySet, AppealStatus, Notice
from moderation.models.cases import Case, CaseQuerySet, CaseStatus, Origin, Report
from moderation.models.decisions import AuditRow, Decision, Statement
from moderation.models.known_bad import KnownBad
from moderation.models.proposals import Proposal, ProposalStatus
from moderation.models.reasons import CannedReason
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
    "CannedReason",
    "Case",
    "CaseQuerySet",
    "CaseStatus",
    "Decision",
    "Imminence",
    "KnownBad",
    "Notice",
    "Origin",
    "Proposal",
    "ProposalStatus",
    "Report",
    "Scan",
    "Skip",
    "Statement",
    "Verdict",
]
