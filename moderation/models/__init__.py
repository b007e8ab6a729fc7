"""What judging leaves behind: scans, cases, reports, decisions, statements, appeals and the audit trail."""

from moderation.models.appeals import Appeal, AppealMessage, AppealQuerySet, AppealStatus
from moderation.models.batches import Batch, BatchItem
from moderation.models.cases import Case, CaseQuerySet, CaseStatus, Origin, Report
from moderation.models.decisions import AuditRow, Decision
from moderation.models.desk_settings import DeskSettings
from moderation.models.guests import Crime, GuestNotice, Letter, LetterKind, LetterQuerySet
from moderation.models.known_bad import KnownBad
from moderation.models.notes import CaseNote
from moderation.models.notices import Notice, NoticeKind, NoticeQuerySet
from moderation.models.proposals import Proposal, ProposalStatus
from moderation.models.reasons import CannedReason
from moderation.models.reporters import ReporterMute, ReporterWarning, SetAsideReport, TrustedFlagger
from moderation.models.scans import Imminence, Scan, Verdict
from moderation.models.sketches import CaseSketch
from moderation.models.skips import Skip
from moderation.models.statements import Scope, Statement, StatementQuerySet
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
    "Crime",
    "Decision",
    "DeskSettings",
    "GuestNotice",
    "Imminence",
    "KnownBad",
    "Letter",
    "LetterKind",
    "LetterQuerySet",
    "Notice",
    "NoticeKind",
    "NoticeQuerySet",
    "Origin",
    "Proposal",
    "ProposalStatus",
    "Report",
    "ReporterMute",
    "ReporterWarning",
    "Scan",
    "Scope",
    "SetAsideReport",
    "Skip",
    "Statement",
    "StatementQuerySet",
    "TrustedFlagger",
    "Verdict",
]
