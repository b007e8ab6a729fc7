"""Telling the person concerned of a referral, once a senior says that it may be known. Without that nobody tells them."""

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing
from moderation.evidence.admitting import admit
from moderation.evidence.referring import TooLate
from moderation.models import Referral, ReferralEntry, ReferralNotice


@transaction.atomic
def tell_author(referral: Referral, *, by: User, reason: str) -> ReferralNotice:
    """Release the referral to the author, who reads of it on a page and by e-mail; `reason` says why that may be. Raises NotForYou and TooLate."""
    author = referral.case.author
    admit(by, about=author)
    try:
        with transaction.atomic():
            notice = ReferralNotice.objects.create(
                referral=referral,
                recipient=author,
                language=author.language,
                text=_word(referral, author),
                reason=reason,
                by=by,
            )
    except IntegrityError as again:
        raise TooLate(_("The author was told already.")) from again
    ReferralEntry.objects.create(referral=referral, act=ReferralEntry.Act.TOLD, by=by, note=reason)
    auditing.record("referral_told", str(referral), by=by, reason=reason)
    return notice


def _word(referral: Referral, author: User) -> str:
    with translation.override(author.language):
        thing = _("in a post of yours") if referral.case.post_id else _("in your profile")
        return _(
            "We saw a threat to somebody's life or safety %(thing)s and referred it to an authority: %(authority)s. The ground is: "
            "%(ground)s. We handed over the text with its versions and times, your handle, your e-mail address, when you joined and "
            "when you last logged in."
        ) % {"thing": thing, "authority": referral.authority, "ground": referral.get_ground_display()}
