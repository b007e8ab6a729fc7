"""Restricting accounts: for a time, or until somebody lifts it, an account may do less. Callers have decided so and say it in the trail.

Read-only accounts read, withdraw, report, appeal and change settings. Suspended and banned ones only read what was decided about them,
appeal, and look after their account; others do not see them, nor what they published. An end comes by the database's clock alone.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Restriction, User


class Restricted(Exception):
    """The account is under a restriction that does not allow this; the message names its end."""

    def __init__(self, restriction: Restriction) -> None:
        super().__init__(restriction.description)


@transaction.atomic
def restrict(account: User, kind: Restriction.Kind, *, duration: timedelta | None) -> Restriction:
    """Put `account` under a restriction from now on, for `duration`; a ban has none."""
    User.objects.select_for_update(no_key=True).get(pk=account.pk)
    restriction = Restriction.objects.create(
        account=account, kind=kind, until=Now() + duration if duration else None
    )
    restriction.refresh_from_db()
    return restriction


@transaction.atomic
def lift(restriction: Restriction) -> None:
    """End a restriction before its time; one that is lifted already stays as it is. Others that stand go on."""
    User.objects.select_for_update(no_key=True).get(pk=restriction.account_id)
    Restriction.objects.filter(pk=restriction.pk, lifted_at=None).update(lifted_at=Now())


def refuse_if_restricted(account: User) -> None:
    """What every verb asks with which somebody shows something to others. Raises Restricted."""
    if restriction := Restriction.objects.heaviest_on(account):
        raise Restricted(restriction)
