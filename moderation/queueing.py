"""The moderators' queue: cases open, join, are claimed for a time and given back."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Least, Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, comparing, ranking
from moderation.lanes import Lane, Track, find_lane
from moderation.models import (
    Case,
    CaseQuerySet,
    CaseSketch,
    CaseStatus,
    Decision,
    Imminence,
    Origin,
    Scan,
    Skip,
)
from moderation.taxonomy import Severity, Violation
from posts.models import Revision

CLAIM = timedelta(minutes=10)
IMMINENT_IN_A_ROW = 4


class NotClaimable(Exception):
    """Somebody else has the case, it is closed, or it is about the moderator."""


def open_case(
    revision: Revision,
    *,
    origin: Origin,
    violation: str = "",
    scan: Scan | None = None,
    slowest: Lane = Lane.OTHER,
) -> Case:
    """Open a case about the revision's target, or let the target's open case be about this revision too.

    Its lane is never slower than `slowest`, whatever its class. The caller holds the transaction in which the revision was held or reported, and the lock on its target.
    """
    target = Q(post=revision.post_id) if revision.post_id else Q(profile=revision.profile_id)
    severity = _severity_of(violation, origin)
    is_timed = scan is not None and scan.imminence == Imminence.BOTH
    lane = min(slowest, find_lane(violation, severity, names_time_and_place=is_timed))
    case = Case.objects.open().select_for_update().filter(target).first()
    if case is None:
        case = Case.objects.create(
            post_id=revision.post_id,
            profile_id=revision.profile_id,
            author=revision.get_author(),
            origin=origin,
            source=origin.source,
            severity=severity,
            violation=violation,
            lane=lane,
            due_at=Now() + lane.time,
            **_about(revision, scan),
        )
        comparing.keep_sketches([case])
    else:
        _join(case, revision, origin=origin, scan=scan)
        _worsen(case, severity, violation, lane)
        case.save()
    ranking.place(case)
    return case


def _severity_of(violation: str, origin: Origin) -> Severity:
    """Of what nobody says anything against, only chance, the least."""
    if violation:
        return Violation(violation).severity
    return Severity.LOW if origin == Origin.SAMPLE else Severity.MID


def _about(revision: Revision, scan: Scan | None) -> dict[str, Any]:
    """What a case says of the version under review."""
    return {
        "revision": revision,
        "scan": scan,
        "language": revision.language.partition("-")[0].lower(),
        "snapshot": revision.gated_text,
        "snapshot_sha256": revision.sha256,
    }


def _join(case: Case, revision: Revision, *, origin: Origin, scan: Scan | None) -> None:
    """A newer version takes the place of the older one: whoever judges the older one has to look again.

    A further report on the same version changes nothing that is judged, so that a crowd cannot hinder a decision.
    """
    if revision.pk > case.revision_id:
        case.origin = origin
        case.version += 1
        for name, value in _about(revision, scan).items():
            setattr(case, name, value)
        comparing.keep_sketches([case])
        return
    if case.origin == Origin.SAMPLE:
        case.origin = origin
    if revision.pk < case.revision_id and not case.reports.exists():
        case.version += 1  # From the first report on, a removal takes what is shown along with what is held.
    if origin == Origin.TRUSTED and not case.was_held:
        case.origin = origin  # So that the queue of what trusted flaggers reported has it.


def _worsen(case: Case, severity: Severity, violation: str, lane: Lane) -> None:
    """What is said later can make a case more urgent, never less."""
    if severity > case.severity or not case.violation:
        case.severity = max(severity, case.severity)
        case.violation = violation or case.violation
    if lane < case.lane:
        case.lane = lane
        case.due_at = Least(F("due_at"), Now() + lane.time)


def note_shown(revisions: Iterable[Revision]) -> None:
    """Other versions are shown now: open cases about their targets change, as a removal may take what is shown along.

    The caller holds the transaction in which they were cleared, and with it the locks on their targets.
    """
    posts = {revision.post_id for revision in revisions if revision.post_id}
    profiles = {revision.profile_id for revision in revisions if revision.profile_id}
    Case.objects.open().filter(Q(post__in=posts) | Q(profile__in=profiles)).update(version=F("version") + 1)


def claim_next(*, by: User, language: str = "", violation: str = "") -> Case | None:
    """Give the moderator the case to work on: the one already claimed, else the first in order that is free.

    Only cases in that `language` (see `in_language`) and of that class, where they are given.
    """
    held = Case.objects.claimed_by_now(by).decidable_by(by).first()
    if held is not None:
        return claim(held, by=by)
    free = Case.objects.claimable_by(by).decidable_by(by).filter(~_skipped_by(by))
    if language:
        free = free.in_language(language)
    if violation:
        free = free.filter(violation=violation)
    give_back(by)
    with transaction.atomic():
        case = _lock_first(free, by)
        return _lease(case, by=by) if case else None


def _skipped_by(moderator: User) -> Exists:
    return Exists(Skip.objects.filter(moderator=moderator, case=OuterRef("pk"), until__gt=Now()))


def _lock_first(free: CaseQuerySet, by: User) -> Case | None:
    """The first of these cases that nobody else locks at this moment.

    However many imminent cases there are, a moderator who decided IMMINENT_IN_A_ROW of them gets one of the others that is
    overdue: that costs the next imminent one seconds, and everything is reached in the end.
    """
    free = free.in_order().select_for_update(skip_locked=True, of=("self",))
    latest = Decision.objects.filter(by=by, parent=None).order_by("-id").values_list("case__lane", flat=True)
    if list(latest[:IMMINENT_IN_A_ROW]) == IMMINENT_IN_A_ROW * [Lane.IMMINENT]:
        other = free.overdue().filter(track=Track.REST).first()
        if other is not None:
            return other
    return free.first()


def claim(case: Case, *, by: User) -> Case:
    """Lease a case to `by` for CLAIM, or renew the lease. Raises NotClaimable.

    Whoever claims a case gives back the one they had: nobody holds two.
    """
    if Case.objects.claimable_by(by).filter(pk=case.pk).exists():
        give_back(by, but=case)
    with transaction.atomic():
        # The row is locked before it is asked: an UPDATE that waits for another one would judge the lease by what it was before.
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        if not Case.objects.claimable_by(by).decidable_by(by).filter(pk=case.pk).exists():
            raise NotClaimable(_("Somebody else is working on this case, or it is closed."))
        return _lease(case, by=by)


def _lease(case: Case, *, by: User) -> Case:
    """The caller holds a transaction and the lock on the case."""
    try:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(claimed_by=by, claimed_until=Now() + CLAIM)
    except IntegrityError as two_at_once:
        raise NotClaimable(_("You took another case at the same moment.")) from two_at_once
    auditing.record("claim", str(case), by=by)
    return Case.objects.with_target().get(pk=case.pk)


@transaction.atomic
def give_back(moderator: User, *, but: Case | None = None) -> None:
    """Free what the moderator has claimed besides `but`, also when that lease ran out long ago.

    A transaction of its own, before another case is locked: two moderators who swap cases do not wait for each other in a circle.
    """
    for case in Case.objects.open().filter(claimed_by=moderator):
        if case != but:
            release(case, by=moderator)


@transaction.atomic
def release(case: Case, *, by: User) -> None:
    """Give a claimed case back to the queue; without a claim nothing changes."""
    if Case.objects.open().filter(pk=case.pk, claimed_by=by).update(claimed_by=None, claimed_until=None):
        auditing.record("release", str(case), by=by)


def close(case: Case) -> None:
    """Close a decided case. The caller holds the decision's transaction and the lock on the case.

    Of an account that was erased while the case was open, the text goes now.
    """
    case.status = CaseStatus.CLOSED
    is_erased = case.author.erased_at is not None
    if is_erased:
        CaseSketch.objects.filter(case=case).delete()
    Case.objects.filter(pk=case.pk).update(
        status=CaseStatus.CLOSED,
        closed_at=Now(),
        proposed_by=None,
        claimed_by=None,
        claimed_until=None,
        snapshot="" if is_erased else case.snapshot,
    )


def reopen(case: Case, *, by: User) -> None:
    """A decision never was: the case is open again, and claimed by who made it. The caller holds the transaction and the lock on the case."""
    give_back(by, but=case)
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.OPEN, closed_at=None)
    _lease(case, by=by)


def raise_to(case: Case, level: int, *, by: User) -> None:
    """From now on only roles of `level` or above judge the case; a claim goes back to the queue. The caller holds the lock on the case."""
    Case.objects.filter(pk=case.pk).update(min_role_level=level)
    release(case, by=by)


def set_proposed(case: Case, *, by: User | None) -> None:
    """Let the case wait for somebody else than `by`, or with None for anybody again. The caller holds the transaction and the lock on the case."""
    Case.objects.filter(pk=case.pk).update(
        status=CaseStatus.PROPOSED if by else CaseStatus.OPEN,
        proposed_by=by,
        claimed_by=None,
        claimed_until=None,
    )
