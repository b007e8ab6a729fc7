"""What judging leaves behind: scans, cases, reports, decisions, statements, appeals, house rules and the audit trail."""

from moderation.models.appeals import Appeal, AppealMessage, AppealQuerySet, AppealStatus, Notice
from moderation.models.cases import Case, CaseQuerySet, CaseStatus, Origin, Report
from moderation.models.decisions import AuditRow, Decision, Statement
from moderation.models.known_bad import KnownBad
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
    "Case",
    "CaseQuerySet",
    "CaseStatus",
    "Decision",
    "HouseRule",
    "Imminence",
    "KnownBad",
    "MassRevert",
    "NarrowedRule",
    "Notice",
    "Origin",
    "Report",
    "RevertedCase",
    "RuleBacktest",
    "RuleStep",
    "RuleTally",
    "RuleVersion",
    "RuleVersionQuerySet",
    "Scan",
    "SealedRules",
    "ShadowHit",
    "Skip",
    "Statement",
    "Verdict",
]
