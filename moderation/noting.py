"""Noting: moderators write down for each other what the next one should know."""

from django.db import transaction

from accounts.models import User
from moderation import auditing
from moderation.deciding import check_allowed
from moderation.models import Case, CaseNote

MAX_NOTE_CHARACTERS = 2000


@transaction.atomic
def note(
    case: Case, text: str, *, by: User, is_about_author: bool = False, is_pinned: bool = False
) -> CaseNote:
    """Note `text` on the case, or on its author, so that it stands beside every case of theirs. Raises NotAllowed."""
    check_allowed(case, by)
    author = case.author
    written = CaseNote.objects.create(
        case=None if is_about_author else case,
        account=author if is_about_author else None,
        text=text,
        is_pinned=is_pinned,
        by=by,
    )
    auditing.record(
        "note", f"account {author.pk}" if is_about_author else str(case), by=by, note=str(written.pk)
    )
    return written
