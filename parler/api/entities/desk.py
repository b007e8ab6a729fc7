"""Cases, decisions and appeals as programs of the moderators know them. The OpenAPI description is made from the types."""

from datetime import datetime
from typing import Any, TypedDict

from accounts.models import User
from moderation.models import Appeal, AppealMessage, Case, Decision, GuestNotice, Scan
from moderation.reporters.weighing import Weighed
from moderation.reviewing import Review
from parler.api.wire import absolute, moment


class Target(TypedDict):
    """What a case is about: a `post`, which may be a comment, or a `profile`."""

    type: str
    id: str
    url: str


class DeskAccount(TypedDict):
    """An account, by what never changes and by its handle."""

    id: str
    handle: str


class CaseSummary(TypedDict):
    """A row of the queue. `lane`: 1 imminent, 2 manifest, 3 other; times are when it was opened and when it is or was due."""

    id: str
    status: str
    lane: int
    severity: int
    violation: str
    origin: str
    language: str
    opened_at: str
    due_at: str
    closed_at: str | None
    version: int
    report_count: int
    claimed_by: DeskAccount | None
    claimed_until: str | None
    target: Target
    author: DeskAccount


class DeskReport(TypedDict):
    """Somebody reported the target of the case. Guests have no account; `trusted_flagger` is an organisation, or empty.

    Of `decided` earlier reports of the reporter, `led` led to a measure that stands.
    """

    id: str
    reporter: DeskAccount | None
    trusted_flagger: str
    decided: int
    led: int
    violation: str
    comment: str
    reported_at: str


class DeskScan(TypedDict):
    """What the machine found. `reasons` have offsets in code points of the text of the case."""

    verdict: str
    score: float | None
    violation: str
    reasons: list[Any]
    ruleset: str
    model: str
    scanned_at: str


class DeskDecision(TypedDict):
    """What somebody decided about the target, and which decision it took back."""

    id: str
    case_id: str
    measure: str
    violation: str
    reason: str
    by: DeskAccount
    decided_at: str
    overturns: str | None


class DeskCase(CaseSummary):
    """Everything that there is to see about a case. A decision names the `version` that was seen."""

    text: str
    sha256: str
    scan: DeskScan | None
    reports: list[DeskReport]
    decisions: list[DeskDecision]


class DeskAppealSummary(TypedDict):
    """A row of the queue of appeals; `appellant` is null for somebody without an account. An outcome names the `version` that was read."""

    id: str
    status: str
    appellant: DeskAccount | None
    is_by_author: bool
    text: str
    created_at: str
    due_at: str
    version: int
    decision: DeskDecision


class DeskGuest(TypedDict):
    """Somebody without an account, by the number of their notice; name and address are empty when they left them out or are forgotten."""

    notice_id: str
    name: str
    email: str
    is_confirmed: bool


class DeskMessage(TypedDict):
    """One thing said about an appeal; `by` is null for an appellant without an account."""

    by: DeskAccount | None
    text: str
    at: str


class DeskAppeal(DeskAppealSummary):
    """An appeal with what was said about it; `why_not` says why the token's person may not decide it, and is empty otherwise."""

    case: CaseSummary
    guest: DeskGuest | None
    messages: list[DeskMessage]
    reasons: str
    decided_at: str | None
    why_not: str


def summary(case: Case) -> CaseSummary:
    """A case fetched `with_author` and `with_report_counts`."""
    return {
        "id": str(case.pk),
        "status": case.status,
        "lane": case.lane,
        "severity": case.severity,
        "violation": case.violation,
        "origin": case.origin,
        "language": case.language,
        "opened_at": moment(case.opened_at),
        "due_at": moment(case.due_at),
        "closed_at": _moment_or_none(case.closed_at),
        "version": case.version,
        "report_count": getattr(case, "report_count", 0),
        "claimed_by": _account(case.claimed_by) if case.claimed_by else None,
        "claimed_until": _moment_or_none(case.claimed_until),
        "target": {
            "type": "post" if case.post_id else "profile",
            "id": str(case.post_id or case.profile_id),
            "url": absolute(case.get_target_url()),
        },
        "author": _account(case.author),
    }


def whole(case: Case, review: Review) -> DeskCase:
    """A case fetched `with_report_counts`, and everything that was collected about it."""
    return {
        **summary(case),
        "text": case.snapshot,
        "sha256": case.snapshot_sha256,
        "scan": _scan(review.scan) if review.scan else None,
        "reports": [_report(row) for row in review.reported.rows],
        "decisions": [decision(made) for made in review.decisions],
    }


def decision(made: Decision) -> DeskDecision:
    return {
        "id": str(made.pk),
        "case_id": str(made.case_id),
        "measure": made.measure,
        "violation": made.violation,
        "reason": made.reason,
        "by": _account(made.by),
        "decided_at": moment(made.at),
        "overturns": str(made.overturns_id) if made.overturns_id else None,
    }


def appeal_summary(appeal: Appeal) -> DeskAppealSummary:
    """An appeal fetched `with_decision`."""
    return {
        "id": str(appeal.pk),
        "status": appeal.status,
        "appellant": _account(appeal.appellant) if appeal.appellant else None,
        "is_by_author": appeal.is_by_author,
        "text": appeal.text,
        "created_at": moment(appeal.created_at),
        "due_at": moment(appeal.due_at),
        "version": appeal.version,
        "decision": decision(appeal.decision),
    }


def whole_appeal(appeal: Appeal, dialogue: list[AppealMessage], *, why_not: str) -> DeskAppeal:
    """An appeal fetched `with_decision`, and what was said about it, first things first."""
    return {
        **appeal_summary(appeal),
        "case": summary(appeal.decision.case),
        "guest": _guest(appeal.guest) if appeal.guest else None,
        "messages": [_message(said) for said in dialogue],
        "reasons": appeal.reasons,
        "decided_at": _moment_or_none(appeal.decided_at),
        "why_not": why_not,
    }


def _message(said: AppealMessage) -> DeskMessage:
    return {"by": _account(said.by) if said.by else None, "text": said.text, "at": moment(said.at)}


def _guest(notice: GuestNotice) -> DeskGuest:
    return {
        "notice_id": str(notice.pk),
        "name": notice.name,
        "email": notice.email,
        "is_confirmed": notice.confirmed_at is not None,
    }


def _report(row: Weighed) -> DeskReport:
    report = row.report
    return {
        "id": str(report.pk),
        "reporter": _account(report.reporter) if report.reporter else None,
        "trusted_flagger": report.flagger.organisation if report.flagger else "",
        "decided": row.accuracy.decided if row.accuracy else 0,
        "led": row.accuracy.led if row.accuracy else 0,
        "violation": report.violation,
        "comment": row.words,
        "reported_at": moment(report.reported_at),
    }


def _scan(scan: Scan) -> DeskScan:
    return {
        "verdict": scan.verdict,
        "score": scan.score,
        "violation": scan.violation,
        "reasons": scan.reasons,
        "ruleset": scan.ruleset,
        "model": scan.model,
        "scanned_at": moment(scan.at),
    }


def _account(person: User) -> DeskAccount:
    return {"id": str(person.pk), "handle": person.handle}


def _moment_or_none(at: datetime | None) -> str | None:
    return moment(at) if at else None
