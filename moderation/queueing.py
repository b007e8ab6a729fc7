"""The moderators' queue: cases open, join, are claimed for a time and given back."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing
from moderation.models import Case, CaseStatus, Origin, Scan
from moderation.taxonomy import Severity, Violation
from posts.models import Revision

CLAIM = timedelta(minutes=10)


class NotClaimable(Exception):
    """Somebody else has the case, it is closed, or it is about the moderator."""


def open_case(revision: Revision, *, origin: Origin, violation: str = "", scan: Scan | None = None) -> Case:
    """Open a case about the revision's target, or let the target's open case be about this revision too.

    The caller holds the transaction in which the revision was held or reported, and the lock on its target.
    """
    target = Q(post=revision.post_id) if revision.post_id else Q(profile=revision.profile_id)
    severity = Violation(violation).severity if violation else Severity.MID
    case = Case.objects.open().select_for_update().filter(target).first()
    if case is None:
        return Case.objects.create(
            post_id=revision.post_id,
            profile_id=revision.profile_id,
            revision=revision,
            scan=scan,
            origin=origin,
            severity=severity,
            violation=violation,
            snapshot=revision.gated_text,
            snapshot_sha256=revision.sha256,
        )
    if revision.pk > case.revision_id:
        _replace(case, revision, origin=origin, scan=scan)
    elif revision.pk < case.revision_id and not case.reports.exists():
        case.version += 1  # From the first report on, a removal takes what is shown along with what is held.
    if severity > case.severity or not case.violation:
        case.severity = max(severity, case.severity)
        case.violation = violation or case.violation
    case.save()
    return case


def _replace(case: Case, revision: Revision, *, origin: Origin, scan: Scan | None) -> None:
    """A newer version takes the place of the older one: whoever judges the older one has to look again.

    A further report on the same version changes nothing that is judged, so that a crowd cannot hinder a decision.
    """
    case.revision = revision
    case.scan = scan
    case.origin = origin
    case.snapshot = revision.gated_text
    case.snapshot_sha256 = revision.sha256
    case.version += 1


def note_shown(revisions: Iterable[Revision]) -> None:
    """Other versions are shown now: open cases about their targets change, as a removal may take what is shown along.

    The caller holds the transaction in which they were cleared, and with it the locks on their targets.
    """
    posts = {revision.post_id for revision in revisions if revision.post_id}
    profiles = {revision.profile_id for revision in revisions if revision.profile_id}
    Case.objects.open().filter(Q(post__in=posts) | Q(profile__in=profiles)).update(version=F("version") + 1)


@transaction.atomic
def claim_next(*, by: User) -> Case | None:
    """Give the moderator the case to work on: the one already claimed, else the first in order that is free."""
    held = Case.objects.claimed_by_now(by).decidable_by(by).in_order().first()
    if held is not None:
        return claim(held, by=by)
    free = (
        Case.objects.claimable_by(by)
        .decidable_by(by)
        .in_order()
        .select_for_update(skip_locked=True, of=("self",))
    )
    case = free.first()
    return claim(case, by=by) if case else None


@transaction.atomic
def claim(case: Case, *, by: User) -> Case:
    """Lease a case to `by` for CLAIM, or renew the lease. Raises NotClaimable."""
    # The row is locked before it is asked: an UPDATE that waits for another one would judge the lease by what it was before.
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    if not Case.objects.claimable_by(by).decidable_by(by).filter(pk=case.pk).exists():
        raise NotClaimable(_("Somebody else is working on this case, or it is closed."))
    Case.objects.filter(pk=case.pk).update(claimed_by=by, claimed_until=Now() + CLAIM)
    fresh = Case.objects.with_target().get(pk=case.pk)
    auditing.record("claim", str(case), by=by)
    return fresh


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
    Case.objects.filter(pk=case.pk).update(
        status=CaseStatus.CLOSED,
        closed_at=Now(),
        claimed_by=None,
        claimed_until=None,
        snapshot="" if case.get_author().erased_at else case.snapshot,
    )
