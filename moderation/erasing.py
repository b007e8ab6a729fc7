"""What judging keeps of an erased account: that something was decided, not what was written."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.keeping import NOTHING, Kept
from accounts.models import User
from moderation import auditing
from moderation.models import (
    Appeal,
    AppealMessage,
    Case,
    CaseSketch,
    Letter,
    Notice,
    Report,
    ReporterMute,
    ReporterWarning,
    SetAsideReport,
    Statement,
)
from posts import revising
from posts.models import Post


@transaction.atomic
def erase_evidence(*, user: User, by: User | None = None, kept: Kept = NOTHING, **_signal: Any) -> None:
    """Blank what statements and closed cases quote of the account, and what it wrote in reports and appeals, but for what is kept.

    An open case keeps its snapshot until it is decided: erasing an account does not take a threat out of the queue.
    """
    _lock_what_is_erased(user)
    if not kept.account:
        _blank(user, kept.posts)
        _erase_as_reporter(user)
    about = {"kept_posts": sorted(kept.posts), "kept_account": kept.account} if kept else {}
    auditing.record("close" if kept else "erase", f"account {user.pk}", by=by, **about)


def _blank(user: User, kept: frozenset[int]) -> None:
    """What the triggers of `evidence_guards` refuse is left out: what belongs to a post that is kept."""
    cases = Case.objects.closed().filter(author=user)
    erased = cases.exclude(post__in=kept)
    CaseSketch.objects.filter(case__in=erased).delete()
    erased.update(snapshot="")
    # Also those that were not shown yet, or never.
    statements = Statement.objects.filter(recipient=user)
    statements.exclude(decision__case__post__in=kept).update(facts="", ground="")
    Report.objects.filter(reporter=user).update(comment="")
    Appeal.objects.of(user).exclude(decision__case__post__in=kept).update(text="")
    AppealMessage.objects.filter(by=user).exclude(appeal__decision__case__post__in=kept).update(text="")
    Notice.objects.filter(recipient=user).exclude(decision__case__post__in=kept).update(text="")


def _erase_as_reporter(user: User) -> None:
    SetAsideReport.objects.filter(mute__reporter=user).update(comment="")
    ReporterWarning.objects.filter(reporter=user).update(reason="")
    ReporterMute.objects.filter(reporter=user).update(reason="")
    Letter.objects.filter(recipient=user).update(text="")


def _lock_what_is_erased(user: User) -> None:
    """Lock first what the other receivers of the signal lock in this transaction: the audit trail is locked last of all."""
    revising.lock_posts(Post.objects.filter(Q(author=user) | Q(upvotes__user=user)))
    revising.lock_subjects([user.profile.get_latest_revision()])
