"""What people are told of a decision waits until its decider can take it back no more."""

from datetime import timedelta

from django.db.models.functions import Now

from moderation.models import Decision, Letter, Notice, Statement

# For so long whoever decided can let a decision never have been; nobody is told before.
UNDO = timedelta(seconds=10)
# A taking back that began in time has ended by then: the page waits no longer for the database.
TOLD_AFTER = UNDO + timedelta(seconds=5)

_TOLD = (Statement, Notice, Letter)


def withhold(decision: Decision) -> None:
    """Keep back what the decision tells people, by the database's clock. The caller holds its transaction."""
    told_at = Now() + TOLD_AFTER
    for told in _TOLD:
        told.objects.filter(decision=decision).update(due_at=told_at, visible_from=told_at)


def withdraw(decision: Decision) -> None:
    """Nobody is told of the decision any more: it was taken back in time."""
    for told in _TOLD:
        told.objects.filter(decision=decision).update(withdrawn_at=Now())
