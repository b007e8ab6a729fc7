"""People report what they see; the report joins the target's case."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, queueing, ranking, telling
from moderation.models import Origin, Report
from posts import text
from posts.models import Post, Profile, Revision

MAX_COMMENT_CHARACTERS = 1000


@transaction.atomic
def report(target: Post | Profile, *, by: User, violation: str, comment: str = "") -> Report:
    """File a report by `by` against what they see of `target` now; a second report by the same person adds to the first.

    `violation` is a class of the taxonomy, or empty for anything else. Raises ValidationError for one's own texts, for what is
    not shown, and for a comment that is too long.
    """
    comment = text.clean(comment, limit=MAX_COMMENT_CHARACTERS)
    revision = _lock_shown(target)
    if revision.get_author() == by:
        raise ValidationError(
            _("You cannot report yourself. You can withdraw your post or edit your profile."), code="own"
        )
    case = queueing.open_case(revision, origin=Origin.REPORT, violation=violation)
    filed, is_new = Report.objects.get_or_create(
        case=case,
        reporter=by,
        defaults={"revision": revision, "violation": violation, "comment": comment},
    )
    if is_new:
        telling.acknowledge(filed, case)
    else:
        Report.objects.filter(pk=filed.pk).update(revision=revision, violation=violation, comment=comment)
        filed.refresh_from_db()
    ranking.place(case)
    auditing.record("report", str(case), by=by, report=str(filed.pk), violation=violation)
    return filed


def _lock_shown(target: Post | Profile) -> Revision:
    locked = type(target).objects.select_for_update(no_key=True).filter(pk=target.pk).get()
    if locked.shown_id is None:
        raise ValidationError(_("This is not to be seen any more."), code="not_shown")
    return Revision.objects.with_subject().get(pk=locked.shown_id)
