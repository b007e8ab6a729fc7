"""People report what they see; the report joins the target's case."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.models import Report, SetAsideReport
from moderation.reporters import filing, muting
from posts import text
from posts.models import Post, Profile

MAX_COMMENT_CHARACTERS = 1000


@transaction.atomic
def report(target: Post | Profile, *, by: User, violation: str, comment: str = "") -> Report | SetAsideReport:
    """File a report by `by` against what they see of `target` now; a second report by the same person adds to the first.

    `violation` is a class of the taxonomy, or empty for anything else. While `by` is muted as a reporter, it is only stored.
    Raises ValidationError for one's own texts, for what is not shown, and for a comment that is too long.
    """
    comment = text.clean(comment, limit=MAX_COMMENT_CHARACTERS)
    mute = muting.find_mute(by)
    revision = filing.lock_shown(target)
    if revision.get_author() == by:
        raise ValidationError(
            _("You cannot report yourself. You can withdraw your post or edit your profile."), code="own"
        )
    if mute is not None:
        return muting.set_aside(mute, revision, violation=violation, comment=comment)
    return filing.file(revision, by=by, violation=violation, comment=comment)
