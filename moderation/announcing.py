"""Interim notices: authors hear at once that a machine keeps a text back, why, and what happens next.

The notice is made in the transaction of the hold. It is mailed only when the text still waits after MAIL_AFTER, and not one mail a text:
see `NoticeQuerySet.due`.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from moderation.lanes import Lane
from moderation.models import Case, Notice, NoticeKind, Scan
from moderation.taxonomy import Violation
from posts.models import Revision

MAIL_AFTER = timedelta(minutes=10)


def announce(held: Collection[Revision]) -> None:
    """Tell the authors of what a machine holds, in four statements for any number of texts.

    The caller holds the transaction of the hold, and opened their cases. Authors who erased their account are not told.
    """
    if not held:
        return
    posts = {revision.post_id for revision in held if revision.post_id}
    profiles = {revision.profile_id for revision in held if revision.profile_id}
    cases = Case.objects.open().filter(Q(post__in=posts) | Q(profile__in=profiles))
    case_of = {(case.post_id, case.profile_id): case for case in cases}
    scan_of = {scan.revision_id: scan for scan in Scan.objects.filter(revision__in=held)}
    revisions = Revision.objects.with_subject().filter(pk__in=[revision.pk for revision in held])
    Notice.objects.bulk_create(
        _notice_of(revision, case_of[revision.post_id, revision.profile_id], scan_of.get(revision.pk))
        for revision in revisions.order_by("pk")
        if not revision.get_author().erased_at
    )


def _notice_of(revision: Revision, case: Case, scan: Scan | None) -> Notice:
    author = revision.get_author()
    with translation.override(author.language):
        text = _interim(revision, Lane(case.lane), scan)
    return Notice(
        kind=NoticeKind.HOLD,
        recipient=author,
        revision=revision,
        expected_at=case.due_at,
        language=author.language,
        text=text,
        due_at=Now() + MAIL_AFTER,
    )


def _interim(revision: Revision, lane: Lane, scan: Scan | None) -> str:
    """What is held, why, by when a person looks, and what the author can do; no word of the pattern that matched."""
    held = _("your post") if revision.post_id else _("your profile")
    choices = (
        _("You can wait, write a new version, which is checked afresh, or withdraw the post.")
        if revision.post_id
        else _("You can wait, or write a new version, which is checked afresh.")
    )
    return "\n\n".join(
        [
            _(
                "Our automatic check holds %(thing)s: nobody but you and the moderators sees this version until a person has "
                "looked at it."
            )
            % {"thing": held},
            _why(scan),
            _(
                "A person will look at it, as a rule within %(time)s. Nothing is decided yet: a machine can hold a text, and only "
                "a person can remove it. What they decide you read in a statement of reasons, and you can appeal against it."
            )
            % {"time": lane.promise},
            choices,
        ]
    )


def _why(scan: Scan | None) -> str:
    if scan is None or scan.score is None:
        return _("The check could not judge it.")
    if not scan.violation:
        return _("The check found that it may break our community rules.")
    violation = Violation(scan.violation)
    return _("The check found that it may break rule %(code)s of our community rules, %(label)s.") % {
        "code": violation.value,
        "label": violation.label,
    }


def drop_decided() -> int:
    """Mail no more about texts that do not wait any longer; return how many notices that were."""
    waiting = Notice.objects.of_holds().to_mail().filter(Q(due_at__lte=Now()) | Q(attempts__gt=0))
    over = waiting.exclude(pk__in=Notice.objects.still_held())
    return over.update(due_at=None)


def cover_others(mailed: Notice) -> None:
    """The mail about one text says that others wait as well: those that were due need no mail of their own."""
    others = Notice.objects.of_holds().to_mail().filter(recipient=mailed.recipient_id, due_at__lte=Now())
    others.update(due_at=None)
