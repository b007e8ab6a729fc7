"""The packet of a referral: everything that is handed over, and nothing besides.

Its parts are listed here one by one: what a model gains later does not get into a packet by itself. Of other people it holds the
public posts above the one referred, without saying who wrote them. It holds nothing of readers, nothing of reporters but what they said it
was and when, and no key to the account.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import User
from moderation.evidence import storing
from moderation.models import Authority, Case, Decision, Evidence, Ground, Report, Scan, Urgency
from posts import threads
from posts.models import Post, Revision
from posts.statuses import Status

FORMAT = "parler-referral/1"
ANCESTORS = 20
MOST_VERSIONS = 100
MOST_DECISIONS = 50
MOST_REPORTS = 200


@dataclass(frozen=True, slots=True)
class Errand:
    """Who refers what to whom, on what ground, how urgently and why."""

    authority: Authority
    ground: Ground
    urgency: Urgency
    why: str


@dataclass(slots=True)
class Packet:
    """The canonical text of a packet, and the texts that it names by their hashes."""

    body: str = ""
    texts: list[Evidence] = field(default_factory=list)

    def keep(self, text: str) -> str:
        """Keep a text as evidence; the hash under which it lies."""
        evidence = storing.keep(Evidence.Kind.TEXT, text)
        if evidence not in self.texts:
            self.texts.append(evidence)
        return evidence.sha256


def pack(case: Case, errand: Errand, *, at: datetime) -> Packet:
    """Make the packet about `case` (fetched `with_target`) as things stand in this transaction; `at` is the database's time."""
    packet = Packet()
    packet.body = encode(
        {
            "format": FORMAT,
            "platform": settings.PARLER_URL,
            "made_at": _time(at),
            "referral": {
                "ground": errand.ground.value,
                "urgency": errand.urgency.value,
                "why": errand.why,
                "case": str(case.pk),
            },
            "recipient": {
                "name": errand.authority.name,
                "country": errand.authority.country,
                "contact": errand.authority.contact,
            },
            "account": _account(case.author),
            "content": _content(case),
            "versions": _versions(case, packet),
            "thread": _thread(case, packet),
            "scans": _scans(case),
            "decisions": _decisions(case),
            "reports": _reports(case),
        }
    )
    return packet


def encode(content: dict[str, Any]) -> str:
    """Canonical JSON: keys sorted, no blanks, every character itself. The same content always has the same hash."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _account(author: User) -> dict[str, Any]:
    return {
        "id": str(author.pk),
        "handle": author.handle,
        "email": author.email,
        "joined_at": _time(author.joined_at),
        "last_log_in_at": _time(author.last_login),
    }


def _content(case: Case) -> dict[str, Any]:
    return {
        "kind": "post" if case.post else "profile",
        "id": str(case.target.pk),
        "address": f"{settings.PARLER_URL}{case.get_target_url()}",
        "visibility": case.post.visibility if case.post else "public",
        "withdrawn_at": _time(case.post.withdrawn_at) if case.post else None,
        "is_shown": case.target.shown_id is not None,
    }


def _versions(case: Case, packet: Packet) -> list[dict[str, Any]]:
    """Every version, the newest ones where there are too many, oldest first, and when each was shown."""
    newest = case.target.revisions.order_by("-number").prefetch_related("transitions")[:MOST_VERSIONS]
    return [_version(revision, case, packet) for revision in reversed(newest)]


def _version(revision: Revision, case: Case, packet: Packet) -> dict[str, Any]:
    steps = sorted(revision.transitions.all(), key=lambda step: step.pk)
    # An account that was erased leaves the version under review in its open case only.
    text = revision.gated_text or (case.snapshot if revision.pk == case.revision_id else "")
    return {
        "number": revision.number,
        "is_referred": revision.pk == case.revision_id,
        "text": text,
        "evidence": packet.keep(text) if text else None,
        "judged_sha256": revision.sha256,
        "language": revision.language,
        "status": revision.status,
        "submitted_at": _time(revision.created_at),
        "shown_from": [_time(step.at) for step in steps if step.new == Status.CLEARED],
        "shown_until": [_time(step.at) for step in steps if step.old == Status.CLEARED],
        "erased_at": _time(revision.erased_at),
    }


def _thread(case: Case, packet: Packet) -> list[dict[str, Any]]:
    """The posts above, first one first. What not everybody may read is not said, nor who else wrote."""
    if case.post is None:
        return []
    above = Post.objects.filter(pk__in=threads.above(case.post, limit=ANCESTORS)).select_related("shown")
    return [_ancestor(post, case, packet) for post in above.order_by("pk")]


def _ancestor(post: Post, case: Case, packet: Packet) -> dict[str, Any]:
    text = post.shown.gated_text if post.shown and post.is_public else ""
    return {
        "by": "the same account" if post.author_id == case.author.pk else "another account",
        "submitted_at": _time(post.shown.created_at) if post.shown else None,
        "is_public": post.is_public,
        "is_shown": post.shown_id is not None,
        "text": text,
        "evidence": packet.keep(text) if text else None,
    }


def _scans(case: Case) -> list[dict[str, Any]]:
    scans = Scan.objects.filter(revision__in=case.target.revisions.all()).order_by("-pk")[:MOST_VERSIONS]
    return [
        {
            "at": _time(scan.at),
            "sha256": scan.sha256,
            "verdict": scan.verdict,
            "class": scan.violation,
            "probability": scan.score,
            "imminence": scan.imminence,
            "target": scan.target,
            "ruleset": scan.ruleset,
            "model": scan.model,
        }
        for scan in reversed(scans)
    ]


def _decisions(case: Case) -> list[dict[str, Any]]:
    """What people decided about this content; the moderators are not named."""
    decisions = Decision.objects.filter(case__post=case.post_id, case__profile=case.profile_id)
    return [
        {"at": _time(decision.at), "measure": decision.measure, "class": decision.violation}
        for decision in reversed(decisions.order_by("-pk")[:MOST_DECISIONS])
    ]


def _reports(case: Case) -> list[dict[str, Any]]:
    reports = Report.objects.filter(case=case).order_by("-pk")[:MOST_REPORTS]
    return [{"at": _time(report.reported_at), "class": report.violation} for report in reversed(reports)]
