"""What judging leaves behind: scans, cases, reports, decisions, statements, appeals, house rules, figures and the audit trail."""

from moderation.case_states import CaseStatus, Origin
from moderation.models.appeals import Appeal, AppealMessage, AppealQuerySet, AppealStatus
from moderation.models.batches import Batch, BatchItem
from moderation.models.cases import Case, CaseQuerySet
from moderation.models.decisions import AuditRow, Decision
from moderation.models.desk_settings import DeskSettings
from moderation.models.figures import BreakSettings, DailyFigure, Kind, RolledDay
from moderation.models.guests import Appellant, Crime, GuestNotice, Letter, LetterKind, LetterQuerySet
from moderation.models.known_bad import KnownBad
from moderation.models.legal_holds import HoldExtension, LegalHold, LegalHoldQuerySet
from moderation.models.notes import CaseNote
from moderation.models.notices import Notice, NoticeKind, NoticeQuerySet
from moderation.models.proposals import Proposal, ProposalStatus
from moderation.models.reasons import CannedReason
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
from moderation.models.reporters import ReporterMute, ReporterWarning, SetAsideReport, TrustedFlagger
from moderation.models.reports import Report
from moderation.models.reverts import MassRevert, RevertedCase
from moderation.models.rule_counts import NarrowedRule, RuleTally, ShadowHit
from moderation.models.rules import (
    HouseRule,
    RuleBacktest,
    RuleStep,
    RuleVersion,
    RuleVersionQuerySet,
    SealedRules,
)
from moderation.models.samples import QualitySample, SecondLook
from moderation.models.scans import Imminence, Scan, Verdict
from moderation.models.sketches import CaseBand, CaseSketch
from moderation.models.skips import Skip
from moderation.models.statements import Scope, Statement, StatementQuerySet
from moderation.models.trail import AuditHead

__all__ = [
    "Appeal",
    "AppealMessage",
    "AppealQuerySet",
    "AppealStatus",
    "Appellant",
    "AuditHead",
    "AuditRow",
    "Authority",
    "Batch",
    "BatchItem",
    "BreakSettings",
    "CannedReason",
    "Case",
    "CaseBand",
    "CaseNote",
    "CaseQuerySet",
    "CaseSketch",
    "CaseStatus",
    "Crime",
    "DailyFigure",
    "Decision",
    "DeskSettings",
    "Evidence",
    "Ground",
    "GuestNotice",
    "HoldExtension",
    "HouseRule",
    "Imminence",
    "Kind",
    "KnownBad",
    "LegalHold",
    "LegalHoldQuerySet",
    "Letter",
    "LetterKind",
    "LetterQuerySet",
    "MassRevert",
    "NarrowedRule",
    "Notice",
    "NoticeKind",
    "NoticeQuerySet",
    "Origin",
    "Proposal",
    "ProposalStatus",
    "QualitySample",
    "Referral",
    "ReferralEntry",
    "ReferralNotice",
    "ReferralRequest",
    "ReferralStatus",
    "Report",
    "ReporterMute",
    "ReporterWarning",
    "RevertedCase",
    "RolledDay",
    "RuleBacktest",
    "RuleStep",
    "RuleTally",
    "RuleVersion",
    "RuleVersionQuerySet",
    "Scan",
    "Scope",
    "SealedRules",
    "SecondLook",
    "SetAsideReport",
    "ShadowHit",
    "Skip",
    "Statement",
    "StatementQuerySet",
    "TrustedFlagger",
    "Urgency",
    "Verdict",
]
