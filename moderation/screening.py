"""The gate: workers judge what is pending, in batches. A machine may clear or hold; only a person removes.

1. Lease due revisions; the attempt is counted before it is made.
2. Scan them, outside any transaction: no lock is held while the processor works.
3. In one transaction, move those that are still pending and store why. Who comes second finds nothing to move.

A text that was attempted before is taken alone, so that one that kills its worker does not take others with it; after
MAX_ATTEMPTS a person gets it. Without a scanner nothing is leased, and so nothing is cleared and no attempt is lost.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from moderation import announcing, auditing, known_bad, queueing, scanner_loading
from moderation.circumstances import circumstances_of
from moderation.figures import sampling
from moderation.models import Origin, Scan
from moderation.rulebook import shadowing, tallying
from moderation.scanner_loading import Gate
from moderation.scanning.scanner import Circumstances, ScannerNotReady, Verdict
from posts import leasing, publishing, revising
from posts.models import Revision

BATCH = 128
SECOND_STAGE_BUDGET = 48
"""Texts of a batch that the scanner's second stage reads, about four times as many as everyday posts need: a flood of
suspicious texts takes no longer than 0.3 s a batch, and what is over the cap is judged more strictly (see `classifying`)."""
LEASE = timedelta(seconds=settings.PARLER_LEASE_SECONDS)
MAX_ATTEMPTS = 3

logger = structlog.get_logger(__name__)


def screen_due() -> int:
    """Judge batches until nothing is due; return how many revisions were decided.

    The scanner is asked for before each batch, so that a change of the rules acts also while there is always something due.
    """
    decided = 0
    while (gate := _get_gate()) and (leased := leasing.lease_due(limit=BATCH, lease=LEASE)):
        decided += _judge(leased, gate)
    return decided


def _get_gate() -> Gate | None:
    try:
        return scanner_loading.get_gate()
    except ScannerNotReady as reason:
        logger.critical("scanner_not_ready", reason=str(reason))
        return None


def _judge(leased: list[Revision], gate: Gate) -> int:
    exhausted = [revision for revision in leased if revision.attempts > MAX_ATTEMPTS]
    if exhausted:
        return _give_to_people(exhausted)
    texts = [revision.gated_text for revision in leased]
    around = circumstances_of(leased)
    copies = known_bad.copies_among(texts)
    verdicts = gate.scanner.scan(
        texts,
        known_bad=copies.exact,
        near_copies=copies.near,
        circumstances=around,
        unheard=gate.rules.unheard_for([revision.pk for revision in leased]),
        budget=SECOND_STAGE_BUDGET,
    )
    if any(verdict.stage == "over the cap" for verdict in verdicts):
        logger.error("second_stage_over_budget", texts=len(texts), budget=SECOND_STAGE_BUDGET)
    decided = _settle(leased, verdicts, around)
    shadowing.watch(leased, gate.rules.watcher)
    return decided


@transaction.atomic
def _settle(leased: Sequence[Revision], verdicts: Sequence[Verdict], around: Sequence[Circumstances]) -> int:
    around_of = {revision.pk: one for revision, one in zip(leased, around, strict=True)}
    verdict_of = {revision.pk: verdict for revision, verdict in zip(leased, verdicts, strict=True)}
    revising.lock_subjects(leased)
    cleared = publishing.clear_pending(r for r in leased if verdict_of[r.pk].verdict == "clear")
    held = publishing.hold_pending(r for r in leased if verdict_of[r.pk].verdict == "hold")
    queueing.note_shown(cleared)
    sampling.sample_cleared(cleared)
    scans = Scan.objects.bulk_create(
        _scan(revision, verdict_of[revision.pk], around_of[revision.pk]) for revision in [*cleared, *held]
    )
    # The database makes the ids of scans, and a bulk insertion does not bring them back: cases need those of what is held.
    stored = {scan.revision_id: scan for scan in Scan.objects.filter(revision__in=held)} if held else {}
    for revision in held:
        scan = stored[revision.pk]
        origin = Origin.ERROR if verdict_of[revision.pk].is_error else Origin.SCAN
        queueing.open_case(revision, origin=origin, violation=scan.violation, scan=scan)
    announcing.announce(held)
    if scans:
        _audit("scan", cleared=cleared, held=held, model=scans[0].model, ruleset=scans[0].ruleset)
        tallying.count_batch(len(scans), [scan.reasons for scan in stored.values()])
    return len(scans)


def _scan(revision: Revision, verdict: Verdict, circumstances: Circumstances) -> Scan:
    return Scan(
        revision=revision,
        sha256=revision.sha256,
        verdict=verdict.verdict,
        score=None if verdict.is_error else verdict.score,
        violation=verdict.klass,
        imminence=verdict.imminence,
        target=verdict.target,
        is_new_account=circumstances.is_new_account,
        is_heated_thread=circumstances.is_heated_thread,
        is_capped=verdict.stage == "over the cap",
        reasons=[
            {
                "kind": reason.kind,
                "name": reason.name,
                "start": reason.start,
                "end": reason.end,
                "score": reason.score,
                "role": reason.role,
            }
            for reason in verdict.reasons
        ],
        ruleset=verdict.ruleset,
        model=verdict.model,
        thresholds=verdict.thresholds,
    )


@transaction.atomic
def _give_to_people(exhausted: list[Revision]) -> int:
    """Hold what no worker survived or finished."""
    held = publishing.hold_pending(exhausted)
    for revision in held:
        logger.error("scan_gave_up", revision=revision.pk, attempts=MAX_ATTEMPTS)
        queueing.open_case(revision, origin=Origin.ERROR)
    announcing.announce(held)
    if held:
        _audit("give_up", cleared=[], held=held)
    return len(held)


def _audit(verb: str, *, cleared: list[Revision], held: list[Revision], **versions: str) -> None:
    """One row a batch: every revision with the hash of what was judged."""
    auditing.record(
        verb,
        f"{len(cleared) + len(held)} revisions",
        by=None,
        cleared={str(revision.pk): revision.sha256 for revision in cleared},
        held={str(revision.pk): revision.sha256 for revision in held},
        **versions,
    )
