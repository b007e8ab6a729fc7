"""What people received from the moderators, and which of it they have read."""

from django.db.models.functions import Now

from accounts.models import User
from moderation.models import Notice, Statement

MOST_COUNTED = 99


def count_unread(person: User) -> int:
    """How many statements and notices `person` has not opened; it counts no further than MOST_COUNTED. One query."""
    statements = Statement.objects.for_reader(person).unread().values_list("pk")
    notices = Notice.objects.for_reader(person).unread().values_list("pk")
    return len(statements.union(notices, all=True)[:MOST_COUNTED])


def note_read(message: Statement | Notice) -> None:
    """Its recipient opened it. The first time stays."""
    type(message).objects.filter(pk=message.pk, read_at=None).update(read_at=Now())
