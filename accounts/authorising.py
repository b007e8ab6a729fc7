"""The apps that somebody let in, and how they are shown the door."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from oauth2_provider.models import AccessToken, Grant, IDToken, RefreshToken

from accounts.models import Application, User


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An app, the scopes that a person gave it, and when it was first and last given a token."""

    application: Application
    scopes: tuple[str, ...]
    first_at: datetime
    last_at: datetime


def authorisations_of(user: User) -> list[Authorisation]:
    """The apps that hold a token of `user`, the latest first."""
    tokens = AccessToken.objects.filter(user=user, application__isnull=False).select_related("application")
    by_application: dict[int, list[AccessToken]] = {}
    for token in tokens.order_by("-created"):
        by_application.setdefault(token.application_id, []).append(token)
    return [_summary(group) for group in by_application.values()]


def _summary(tokens: list[AccessToken]) -> Authorisation:
    scopes = {scope for token in tokens for scope in token.scope.split()}
    return Authorisation(
        application=tokens[0].application,
        scopes=tuple(sorted(scopes)),
        first_at=tokens[-1].created,
        last_at=tokens[0].created,
    )


@transaction.atomic
def revoke(user: User, *, applications: Iterable[Application] | None = None) -> None:
    """Make everything useless that apps (all, or those given) hold of `user`: tokens, refresh tokens and open grants."""
    held = Q(user=user)
    if applications is not None:
        held &= Q(application__in=applications)
    for kind in (Grant, RefreshToken, AccessToken, IDToken):
        kind.objects.filter(held).delete()
