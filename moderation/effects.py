"""What each measure does, and what undoes it: in the words of `posts` and `accounts`, never in rows of theirs."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, assert_never

from accounts import restricting
from accounts.models import Restriction, User
from accounts.roles import Role
from moderation import known_bad, queueing
from moderation.measures import CLEARING, MARKING, Measure
from moderation.models import Case, Decision, KnownBad
from moderation.scanning.scanner import known_bad_digest
from posts import marking, publishing
from posts.models import Revision
from posts.statuses import Status

_MARKS: dict[Measure, Callable[..., object]] = {
    Measure.LABEL: marking.label,
    Measure.LIMIT: marking.limit,
    Measure.LOCK: marking.lock,
}
_UNMARKS: dict[Measure, Callable[..., object]] = {
    Measure.LABEL: marking.unlabel,
    Measure.LIMIT: marking.unlimit,
    Measure.LOCK: marking.unlock,
}


def note(case: Case, revisions: Iterable[Revision]) -> dict[str, Any]:
    """How things are before an open case is decided: what `put_back` needs. The caller holds the locks."""
    revisions = list(revisions)
    known = KnownBad.objects.filter(
        digest__in=[known_bad_digest(revision.gated_text) for revision in revisions]
    ).values_list("digest", flat=True)
    known_digests = {bytes(digest) for digest in known}
    return {
        "statuses": {str(revision.pk): revision.status for revision in revisions},
        "shown": case.target.shown_id,
        "known": [
            revision.pk for revision in revisions if known_bad_digest(revision.gated_text) in known_digests
        ],
        "min_role_level": case.min_role_level,
    }


def restrict(measure: Measure, account: User, duration: timedelta | None) -> Restriction | None:
    """Put the account under what `measure` says; None for one that restricts nothing."""
    kind = measure.terms.restriction
    return restricting.restrict(account, kind, duration=duration) if kind else None


def apply(decision: Decision, revisions: Iterable[Revision]) -> None:
    """Do what a decision says. Raises IllegalMove when a text has moved in the meantime."""
    measure, by = decision.get_measure(), decision.by
    match measure:
        case Measure.CLEAR | Measure.LABEL | Measure.LIMIT | Measure.LOCK:
            _clear(revisions, by=by)
            _mark(decision, measure, by=by)
        case Measure.TAKE_DOWN:
            _take_down(decision, revisions)
        case Measure.ESCALATE:
            queueing.raise_to(decision.case, max(Role.SENIOR_MODERATOR.level, by.get_role().level + 1), by=by)
        case Measure.WARN | Measure.STRIKE | Measure.READ_ONLY | Measure.SUSPEND | Measure.BAN:
            pass  # Words, a mark in the record, or the restriction that the decision was made with.
        case Measure.RESTORE:
            raise ValueError("a decision is undone by `undo` or `put_back`")
        case _:
            assert_never(measure)


def undo(decision: Decision, revisions: Iterable[Revision], *, by: User) -> None:
    """Take back what a decision did, as things are now: found to be in order, what was removed is shown."""
    measure = decision.get_measure()
    match measure:
        case Measure.TAKE_DOWN:
            for revision in revisions:
                _restore(revision, by=by)
                known_bad.forget(revision)
        case Measure.LABEL | Measure.LIMIT | Measure.LOCK:
            _unmark(decision, measure, by=by)
        case Measure.READ_ONLY | Measure.SUSPEND | Measure.BAN:
            _lift(decision)
        case Measure.ESCALATE:
            queueing.raise_to(decision.case, decision.before.get("min_role_level", 0), by=by)
        case Measure.CLEAR | Measure.WARN | Measure.STRIKE | Measure.RESTORE:
            pass  # They did nothing, or nothing but count.
        case _:
            assert_never(measure)


def put_back(decision: Decision, revisions: Iterable[Revision], *, by: User) -> None:
    """Let everything be as it was before a decision: held texts are held again. Raises IllegalMove when one moved since."""
    before = decision.before
    measure = decision.get_measure()
    if measure == Measure.TAKE_DOWN or measure in CLEARING:
        for revision in revisions:
            old = Status(before["statuses"][str(revision.pk)])
            publishing.put_back(revision, old, shown_id=before["shown"], by=by)
            if measure == Measure.TAKE_DOWN and revision.pk not in before["known"]:
                known_bad.forget(revision)
    if measure != Measure.TAKE_DOWN:
        undo(decision, revisions, by=by)


def _clear(revisions: Iterable[Revision], *, by: User) -> None:
    for revision in revisions:
        # What is up already stays so; what its author took back stays gone.
        if revision.status not in (Status.CLEARED, Status.WITHDRAWN):
            publishing.clear(revision, by=by)


def _take_down(decision: Decision, revisions: Iterable[Revision]) -> None:
    for revision in revisions:
        publishing.take_down(revision, by=decision.by)
        known_bad.remember(revision, violation=decision.violation, by=decision.by)


def _restore(revision: Revision, *, by: User) -> None:
    removal = revision.transitions.filter(new=Status.REMOVED).order_by("-id").first()
    was_withdrawn = removal is not None and removal.old == Status.WITHDRAWN
    # What its author had taken back before it was taken down, or erased since, is not brought back.
    if revision.erased_at is None and not was_withdrawn:
        publishing.restore(revision, by=by)


def _mark(decision: Decision, measure: Measure, *, by: User) -> None:
    if measure in MARKING and decision.case.post is not None:
        _MARKS[measure](decision.case.post, by=by)


def _unmark(decision: Decision, measure: Measure, *, by: User) -> None:
    """Take a mark away, unless another decision that stands put the same one there."""
    post = decision.case.post
    same = Decision.objects.standing().filter(case__post=post, measure=measure).exclude(pk=decision.pk)
    if post is not None and not same.exists():
        _UNMARKS[measure](post, by=by)


def _lift(decision: Decision) -> None:
    if decision.restriction is not None:
        restricting.lift(decision.restriction)
