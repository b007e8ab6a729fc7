"""Trusted flaggers: organisations whose reports go first (DSA Article 22), as administrators say."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from moderation import auditing
from moderation.models import TrustedFlagger


class MayNotFlag(Exception):
    """Only administrators say who is trusted, and not of themselves."""


@transaction.atomic
def trust(
    account: User, *, organisation: str, area: str, until: datetime | None, by: User | None
) -> TrustedFlagger:
    """Mark an account as a trusted flagger's, in place of the mark that it has; `by` is None for an operator's command.

    Raises MayNotFlag, and ValidationError without an organisation or for an end that lies behind.
    """
    _check_allowed(by, account)
    if not organisation.strip():
        raise ValidationError(_("Name the organisation."), code="organisation")
    if until is not None and until <= timezone.now():
        raise ValidationError(_("The end lies behind."), code="until")
    User.objects.select_for_update(no_key=True).get(pk=account.pk)
    _end(account, by)
    mark = TrustedFlagger.objects.create(
        account=account, organisation=organisation.strip(), area=area.strip(), until=until, given_by=by
    )
    auditing.record(
        "trust_flagger",
        f"account {account.pk}",
        by=by,
        organisation=mark.organisation,
        area=mark.area,
        until=until.isoformat() if until else "",
    )
    return mark


@transaction.atomic
def distrust(account: User, *, by: User | None) -> bool:
    """Take the mark back; tell whether there was one. What was reported under it keeps its lane. Raises MayNotFlag."""
    _check_allowed(by, account)
    User.objects.select_for_update(no_key=True).get(pk=account.pk)
    ended = _end(account, by)
    if ended:
        auditing.record("distrust_flagger", f"account {account.pk}", by=by)
    return ended


def _end(account: User, by: User | None) -> bool:
    standing = TrustedFlagger.objects.filter(account=account, ended_at=None)
    return bool(standing.update(ended_at=Now(), ended_by=by))


def _check_allowed(by: User | None, account: User) -> None:
    if by is not None and (by == account or by.get_role() != Role.ADMINISTRATOR):
        raise MayNotFlag(_("Only administrators say who is a trusted flagger, and not of themselves."))
