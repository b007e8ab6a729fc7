"""What each measure does to the texts that it is about."""

from collections.abc import Callable
from typing import assert_never

from accounts.models import User
from moderation.measures import Measure
from posts import publishing
from posts.models import Revision
from posts.statuses import Status


def apply(measure: Measure, revision: Revision, *, by: User) -> None:
    """Do to one revision what `measure` says. Raises IllegalMove when it has moved in the meantime."""
    step: Callable[..., Revision]
    match measure:
        case Measure.CLEAR | Measure.LABEL | Measure.LIMIT | Measure.LOCK if revision.status in (
            Status.CLEARED,
            Status.WITHDRAWN,
        ):
            return  # It is up already, or its author took it back.
        case Measure.CLEAR | Measure.LABEL | Measure.LIMIT | Measure.LOCK:
            step = publishing.clear
        case Measure.TAKE_DOWN:
            step = publishing.take_down
        case Measure.RESTORE if _was_withdrawn(revision):
            return  # Its author had taken it back before it was taken down: nothing brings it back.
        case Measure.RESTORE:
            step = publishing.restore
        case (
            Measure.WARN
            | Measure.STRIKE
            | Measure.READ_ONLY
            | Measure.SUSPEND
            | Measure.BAN
            | Measure.ESCALATE
        ):
            return  # They are about an account or a case.
        case _:
            assert_never(measure)
    step(revision, by=by)


def _was_withdrawn(revision: Revision) -> bool:
    """Whether the author took the revision back before it was taken down, or erased it since."""
    removal = revision.transitions.filter(new=Status.REMOVED).order_by("-id").first()
    return revision.erased_at is not None or (removal is not None and removal.old == Status.WITHDRAWN)
