"""The two grants that Parler offers, and the forms in which clients ask for them."""

import json
from typing import Any

from django.http import HttpRequest
from oauth2_provider.oauth2_backends import OAuthLibCore
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    ClientCredentialsGrant,
    RequestValidator,
    ResourceEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # oauthlib ships no types.
    """Authorization code; who proves a challenge must have made one, so that nobody gets rid of it on the way (RFC 9700, 2.1.1)."""

    def validate_token_request(self, request: Any) -> None:
        """Raises InvalidGrantError and what the protocol names."""
        super().validate_token_request(request)
        if request.code_verifier and not self.request_validator.get_code_challenge(request.code, request):
            raise InvalidGrantError(request=request)


class Server(AuthorizationEndpoint, TokenEndpoint, ResourceEndpoint, RevocationEndpoint):  # type: ignore[misc]  # oauthlib ships no types.
    """Authorization code and client credentials. No passwords, no implicit tokens, no refresh: tokens live until revoked."""

    def __init__(
        self,
        request_validator: RequestValidator,
        token_expires_in: int | None = None,
        token_generator: Any = None,
        **_unused: Any,
    ) -> None:
        code = CodeGrant(request_validator, refresh_token=False)
        own = ClientCredentialsGrant(request_validator)
        bearer = BearerToken(request_validator, token_generator, token_expires_in)
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", response_types={"code": code}, default_token_type=bearer
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            grant_types={"authorization_code": code, "client_credentials": own},
            default_token_type=bearer,
        )
        ResourceEndpoint.__init__(self, default_token="Bearer", token_types={"Bearer": bearer})  # noqa: S106  The name of a kind.
        RevocationEndpoint.__init__(self, request_validator)


class ClientBackend(OAuthLibCore):  # type: ignore[misc]  # django-oauth-toolkit ships no types.
    """Takes what clients send to the token addresses: JSON, forms and query strings, all turned into one form."""

    def extract_body(self, request: HttpRequest) -> list[tuple[str, str]]:
        return [(key, value) for key, value in read_parameters(request).items() if value]

    def _get_escaped_full_path(self, request: HttpRequest) -> str:
        """Without the query string, which is in the form already: oauthlib refuses a POST that has one."""
        return request.path


def read_parameters(request: HttpRequest) -> dict[str, str]:
    """Query, form and JSON body of a request, the later overriding the earlier; only texts that can be stored count."""
    given: dict[str, Any] = {**request.GET.dict(), **request.POST.dict()}
    if request.content_type == "application/json":
        try:
            body = json.loads(request.body or b"{}")
        except (ValueError, RecursionError):  # Nested too deeply for the parser is a RecursionError.
            body = {}
        given |= body if isinstance(body, dict) else {}
    return {key: value for key, value in given.items() if isinstance(value, str) and is_storable(value)}


def is_storable(text: str) -> bool:
    """Whether the database takes a text: NUL and halves of surrogate pairs come through escapes of JSON and of addresses."""
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text)
