"""The states of a revision and the legal steps between them. Nothing is visible by default."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a revision stands. Only a cleared one can ever be shown."""

    PENDING = "pending", _("being checked")
    CLEARED = "cleared", _("cleared")
    HELD = "held", _("held for review")
    REMOVED = "removed", _("taken down")
    WITHDRAWN = "withdrawn", _("withdrawn")

    @property
    def next(self) -> frozenset["Status"]:
        """The states a revision may go to from here; constraints and triggers are generated from this."""
        match self:
            case Status.PENDING:
                return frozenset({Status.CLEARED, Status.HELD, Status.WITHDRAWN})
            case Status.HELD:
                return frozenset({Status.CLEARED, Status.REMOVED, Status.WITHDRAWN})
            case Status.CLEARED:
                # Back to held when whoever cleared it takes that back at once.
                return frozenset({Status.HELD, Status.REMOVED, Status.WITHDRAWN})
            case Status.REMOVED:
                # Cleared when the removal is overturned; to where it stood when whoever removed it takes that back at once.
                return frozenset({Status.CLEARED, Status.HELD, Status.WITHDRAWN})
            case Status.WITHDRAWN:
                # A person may still find that what was withdrawn broke the rules; nothing brings it back.
                return frozenset({Status.REMOVED})


LEGAL_STEPS = tuple(sorted((old.value, new.value) for old in Status for new in old.next))
