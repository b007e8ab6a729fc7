"""Copies: posts that others see, and that say word for word what a case is about. A moderator opens cases about those they choose."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, deciding, queueing
from moderation.models import Case, Origin
from moderation.reporters import filing
from posts.models import Post, PostQuerySet

MOST = 20
"""So many are shown, and made cases of, at once; what is left comes up the next time."""


def find(case: Case) -> PostQuerySet:
    """Shown posts with the very words of the case, and without an open case, oldest first. None for a text that was erased."""
    same = Post.objects.shown().filter(shown__sha256=case.snapshot_sha256).exclude(pk=case.post_id or 0)
    waiting = Case.objects.open().exclude(post=None).values("post")
    found = same.exclude(pk__in=waiting) if case.snapshot else same.none()
    return found.order_by("pk")


@transaction.atomic
def open_cases(case: Case, posts: Collection[int], *, by: User) -> list[Case]:
    """Open a case about each of `posts` that is a copy still, under the rule that `case` names. Raises NotAllowed.

    Nothing about them is decided: they are similar cases from now on, which can be decided together with this one.
    """
    deciding.check_allowed(case, by)
    opened = []
    # Locked in the order of their ids, as everywhere.
    for post in find(case).filter(pk__in=posts)[:MOST]:
        try:
            shown = filing.lock_shown(post)
        except ValidationError:
            continue  # Withdrawn or taken down in the meantime.
        if shown.sha256 == case.snapshot_sha256:
            opened.append(queueing.open_case(shown, origin=Origin.COPY, violation=case.violation))
    if opened:
        auditing.record("open_copies", str(case), by=by, cases=[str(copy) for copy in opened])
    return opened


def say(number: int) -> str:
    """What came of it, for the person who asked."""
    if not number:
        return _("There is nothing left to open a case about.")
    return _("Cases opened: %(number)s. They stand under “Nearly the same text”.") % {"number": number}
