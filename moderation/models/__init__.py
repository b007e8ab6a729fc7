"""What judging leaves behind: scans, cases, reports, decisions, statements, appeals and the audit trail."""

from moderation.models.appeals import Appeal, AppealMessage, AppealQuerySet, AppealStatus, Notice
from moderation.models.batches import Batch, BatchItem
from moderation.models.cases import Case, CaseQuerySet, CaseStatus, Origin, Report
from moderation.models.decisions import AuditRow, Decision, Statement
from moderation.models.desk_settings import DeskSettings
from moderation.models.known_bad import KnownBad
from moderation.models.notes import CaseNote
from moderation.models.proposals import Proposal, ProposalStatus
from moderation.models.reasons import CannedReason
from moderation.models.scans import Imminence, Scan, Verdict
from moderation.models.sketches import CaseSketch
from moderation.models.skips import Skip
from moderation.models.trail import AuditHead

__all__ = [
    "Appeal",
    "AppealMessage",
    "AppealQuerySet",
    "AppealStatus",
    "AuditHead",
    "AuditRow",
    "Batch",
    "BatchItem",
    "CannedReason",
    "Case",
    "CaseNote",
    "CaseQuerySet",
    "CaseSketch",
    "CaseStatus",
    "Decision",
    "DeskSettings",
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
