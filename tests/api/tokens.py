"""Access tokens, stored as the token address stores them."""

import secrets
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, set_token_value

from accounts.models import Application, User

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SECRET = "secret"


def make_application(*, redirect_uris: str = OUT_OF_BAND, scopes: str = "read write follow") -> Application:
    """A registered app; its secret is SECRET."""
    application: Application = Application.objects.create(
        name="An app",
        redirect_uris=redirect_uris,
        scopes=scopes,
        client_secret=SECRET,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    )
    return application


def issue(user: User | None, scopes: str = "read write follow") -> str:
    """A token of a person, or of an app itself."""
    raw = secrets.token_urlsafe(32)
    token = AccessToken(
        user=user,
        application=make_application(),
        scope=scopes,
        expires=timezone.now() + timedelta(days=1),
    )
    set_token_value(token, raw)
    token.save()
    return raw


def client_with(token: str) -> Client:
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}"})
