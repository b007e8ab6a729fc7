"""Letters: what guests, and reporters about their way of reporting, are told by mail; `notices` sends them."""

from django.utils.translation import gettext as _

from accounts.models import User
from moderation.models import GuestNotice, Letter


def write_to_guest(notice: GuestNotice, *, subject: str, text: str) -> Letter:
    """A letter in the language of the notice, in which the caller speaks. The caller holds the transaction of what it tells of."""
    greeting = _("Hello %(name)s,") % {"name": notice.name} if notice.name else _("Hello,")
    return Letter(guest=notice, language=notice.language, subject=subject, text=f"{greeting}\n\n{text}")


def write_to_reporter(reporter: User, *, subject: str, text: str) -> Letter:
    """Likewise, to an account in its language."""
    greeting = _("Hello @%(handle)s,") % {"handle": reporter.handle}
    words = f"{greeting}\n\n{text}"
    return Letter(recipient=reporter, language=reporter.language, subject=subject, text=words)
