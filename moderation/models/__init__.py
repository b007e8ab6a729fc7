"""What judging leaves behind: scans, cases, reports, decisions, statements, appeals, figures and the audit trail."""

from moderation.models.appeals import Appeal, AppealMessage, AppealQuerySet, AppealStatus, Notice
from moderation.models.cases import Case, CaseQuerySet, CaseStatus, Origin, Report
from moderation.models.decisions import AuditRow, Decision, Statement
from moderation.models.figures import BreakSettings, DailyFigure, Kind, RolledDay
from moderation.models.known_bad import KnownBad
from moderation.models.samples import QualitySample, SecondLook
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
    "BreakSettings",
    "Case",
    "CaseQuerySet",
    "CaseStatus",
    "DailyFigure",
    "Decision",
    "Imminence",
    "Kind",
    "KnownBad",
    "Notice",
    "Origin",
    "QualitySample",
    "Report",
    "RolledDay",
    "Scan",
    "SecondLook",
    "Skip",
    "Statement",
    "Verdict",
]
