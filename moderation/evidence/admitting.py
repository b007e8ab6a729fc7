"""Who deals with referrals and legal holds: senior moderators and administrators, about people below them."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from moderation import standing


class NotForYou(Exception):
    """This person may not see or do that; the message says why."""


def is_senior(person: User) -> bool:
    """Whether somebody deals with referrals and legal holds at all."""
    return person.is_active and person.get_role().level >= Role.SENIOR_MODERATOR.level


def admit(person: User, *, about: User) -> None:
    """Let a senior go on. Raises NotForYou for everybody else, and where the data of somebody at or above their level is concerned."""
    if not is_senior(person):
        raise NotForYou(_("Senior moderators and administrators deal with this."))
    if refusal := standing.why_not(about, by=person):
        raise NotForYou(refusal)


def admit_administrator(person: User) -> None:
    """Raises NotForYou for everybody who is not an administrator."""
    if not person.is_active or person.get_role() != Role.ADMINISTRATOR:
        raise NotForYou(_("Administrators decide which authorities are in the list."))
