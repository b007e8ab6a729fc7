"""What a moderator can decide, and what each decision does to the revisions that it is about."""

from collections.abc import Callable
from typing import assert_never

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from posts import publishing
from posts.models import Revision
from posts.statuses import Status


class Measure(TextChoices):
    CLEAR = "clear", _("clear")
    TAKE_DOWN = "take_down", _("take down")
    RESTORE = "restore", _("restore")

    @property
    def undo(self) -> "Measure | None":
        """The measure that takes this one back."""
        match self:
            case Measure.TAKE_DOWN:
                return Measure.RESTORE
            case Measure.CLEAR | Measure.RESTORE:
                return None
            case _:
                assert_never(self)

    @property
    def restricts(self) -> bool:
        """Whether the author loses something, and so must be told why."""
        return self == Measure.TAKE_DOWN


# The measures that close an open case; the others act on an earlier decision.
CLOSING = (Measure.CLEAR, Measure.TAKE_DOWN)


def apply(measure: Measure, revision: Revision, *, by: User) -> None:
    """Do to one revision what `measure` says. Raises IllegalMove when it has moved in the meantime."""
    step: Callable[..., Revision]
    match measure:
        case Measure.CLEAR if revision.status in (Status.CLEARED, Status.WITHDRAWN):
            return  # It is up already, or its author took it back: the decision is that nothing was wrong.
        case Measure.CLEAR:
            step = publishing.clear
        case Measure.TAKE_DOWN:
            step = publishing.take_down
        case Measure.RESTORE if _was_withdrawn(revision):
            return  # Its author had taken it back before it was taken down: nothing brings it back.
        case Measure.RESTORE:
            step = publishing.restore
        case _:
            assert_never(measure)
    step(revision, by=by)


def _was_withdrawn(revision: Revision) -> bool:
    """Whether the author took the revision back before it was taken down, or erased it since."""
    removal = revision.transitions.filter(new=Status.REMOVED).order_by("-id").first()
    return revision.erased_at is not None or (removal is not None and removal.old == Status.WITHDRAWN)
