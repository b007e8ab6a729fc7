"""What judging keeps of an erased account: that something was decided, not what was written."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from moderation import auditing
from moderation.models import Appeal, AppealMessage, Case, Notice, Report, Statement
from posts import revising
from posts.models import Post


@transaction.atomic
def erase_evidence(*, user: User, **_signal: Any) -> None:
    """Blank what statements and closed cases quote of the account, and what it wrote in reports and appeals.

    An open case keeps its snapshot until it is decided: erasing an account does not take a threat out of the queue.
    """
    _lock_what_is_erased(user)
    Case.objects.closed().filter(Q(post__author=user) | Q(profile__user=user)).update(snapshot="")
    Statement.objects.filter(recipient=user).update(facts="")
    Report.objects.filter(reporter=user).update(comment="")
    Appeal.objects.of(user).update(text="")
    AppealMessage.objects.filter(by=user).update(text="")
    Notice.objects.filter(recipient=user).update(text="")
    auditing.record("erase", f"account {user.pk}", by=user)


def _lock_what_is_erased(user: User) -> None:
    """Lock first what the other receivers of the signal lock in this transaction: the audit trail is locked last of all."""
    revising.lock_posts(Post.objects.filter(Q(author=user) | Q(upvotes__user=user)))
    revising.lock_subjects([user.profile.get_latest_revision()])
