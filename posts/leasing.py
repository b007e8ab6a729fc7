"""Whoever judges revisions takes them from here, in batches and for a time.

The database is the queue: a lease moves `due_at` into the future, so that work which a dead worker left behind is due again
by itself, and counts the attempt before it is made, so that a text which kills its worker cannot do so for ever.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from posts.models import Revision


@transaction.atomic
def lease_due(*, limit: int, lease: timedelta) -> list[Revision]:
    """Take up to `limit` due revisions that nobody else is taking; their `attempts` includes the one that begins now.

    A revision that was attempted before comes alone: if it is the one that killed a worker, it takes no other with it.
    """
    free = Revision.objects.due().select_for_update(skip_locked=True)
    due = list(free[:limit])
    if due and due[0].attempts:
        due = due[:1]
    else:
        due = [revision for revision in due if not revision.attempts]
    Revision.objects.filter(pk__in=[revision.pk for revision in due]).update(
        attempts=F("attempts") + 1, due_at=Now() + lease
    )
    for revision in due:
        revision.attempts += 1
    return due
