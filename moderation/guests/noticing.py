"""Guests give notice; what everybody can see gets a case as with a report, and its guest hears of every step."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import translation
from django.utils.translation import gettext as _

from moderation import auditing, queueing, ranking
from moderation.guests import answering, locating
from moderation.lanes import Lane
from moderation.models import Crime, GuestNotice, Letter, LetterKind, Origin, Report
from moderation.reporters import filing
from posts import text
from posts.models import Revision

MAX_REASON_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Words:
    """What a guest filled in. `ground` is one of `models.guests.GROUNDS`; name and e-mail address may be empty where it allows that."""

    address: str
    ground: str
    reasons: str
    name: str = ""
    email: str = ""


@transaction.atomic
def give_notice(words: Words, *, language: str) -> GuestNotice:
    """Take a notice in, in the language of its form. Whoever gives it learns the same whether or not something stands at the address.

    Raises ValidationError for an address that is none of ours, and for reasons that are empty or too long.
    """
    notice = GuestNotice.objects.create(
        address=locating.check(words.address),
        ground=words.ground,
        reasons=_clean(words.reasons),
        name=words.name,
        email=words.email,
        language=language,
    )
    with translation.override(language):
        _acknowledge(notice)
    revision = _find_shown(notice)
    if revision is None:
        answering.answer_that_nothing_is_there(notice)
        auditing.record("give_notice", str(notice), by=None, ground=notice.ground)
    else:
        _join_case(notice, revision)
    return notice


@transaction.atomic
def confirm(notice: GuestNotice) -> None:
    """Whoever got the mail says that the notice is theirs; harmless when repeated."""
    is_new = GuestNotice.objects.filter(pk=notice.pk, confirmed_at=None, erased_at=None).update(
        confirmed_at=Now()
    )
    if is_new:
        auditing.record("confirm_notice", str(notice), by=None)


def _clean(reasons: str) -> str:
    cleaned = text.clean(reasons, limit=MAX_REASON_CHARACTERS)
    if not cleaned:
        raise ValidationError(_("Say why."), code="empty")
    return cleaned


def _find_shown(notice: GuestNotice) -> Revision | None:
    """What everybody sees at the address, its target locked."""
    target = locating.find(notice.address)
    if target is None:
        return None
    try:
        return filing.lock_shown(target)
    except ValidationError:
        return None  # It was taken off between two questions.


def _join_case(notice: GuestNotice, revision: Revision) -> None:
    """What no class of ours covers and harms children does not wait for a week."""
    slowest = Lane.MANIFEST if notice.ground == Crime.MINORS else Lane.OTHER
    case = queueing.open_case(revision, origin=Origin.NOTICE, violation=notice.violation, slowest=slowest)
    filed = Report.objects.create(case=case, revision=revision, guest=notice, violation=notice.violation)
    ranking.place(case)
    auditing.record(
        "give_notice", str(notice), by=None, ground=notice.ground, case=str(case.pk), report=str(filed.pk)
    )


def _acknowledge(notice: GuestNotice) -> None:
    Letter.objects.create(
        kind=LetterKind.RECEIPT,
        guest=notice,
        language=notice.language,
        subject=_("Parler: we have your notice"),
        text=_(
            "we have your notice about %(address)s. A person looks at it, the worst first. On the page below you see how it "
            "stands, without logging in: keep the link, and give it to nobody. If you did not send this notice, say so there, and "
            "we erase your name and your address."
        )
        % {"address": notice.address},
    )
