"""Standing: nobody judges themselves, nor somebody at or above their own level.

Administrators are the exception: nobody stands above them, so that another administrator decides about one of them.
"""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from moderation.models import Case


def why_not(about: User, *, by: User) -> str:
    """In one sentence, why `by` may not act on `about`; empty when they may.

    See also `CaseQuerySet.decidable_by`, which asks the same of many cases.
    """
    if about == by:
        return _("You cannot decide about your own texts.")
    role = by.get_role()
    if role != Role.ADMINISTRATOR and about.get_role().level >= role.level:
        return _("The author's role is as high as yours or higher. Somebody above both of you decides this.")
    return ""


def why_too_low(case: Case, *, by: User) -> str:
    """In one sentence, why somebody's role is too low for a case that was passed on; empty when it is not."""
    if by.get_role().level < case.min_role_level:
        return _("This case was passed on: somebody of a higher role decides it.")
    return ""
