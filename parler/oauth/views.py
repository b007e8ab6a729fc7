"""Consent, tokens and their revocation."""

import json
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from oauth2_provider.views import AuthorizationView, RevokeTokenView, TokenView

from accounts.models import Application
from parler import second_factor
from parler.api.wire import absolute
from parler.csp import POLICY
from parler.oauth import scopes
from parler.oauth.server import ClientBackend, is_storable

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
# RFC 7636, 4.2.
MAX_CHALLENGE = 128
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*\Z")
_WEB_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?\Z")


@method_decorator(never_cache, name="dispatch")
class ConsentView(AuthorizationView):  # type: ignore[misc]  # django-oauth-toolkit ships no types.
    """A person who is logged in lets an app in, or does not."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuses what cannot be stored before anybody tries. An app opens the desk only where the person could."""
        for sent in (request.GET, request.POST):
            if (
                not all(is_storable(str(value)) for value in sent.values())
                or len(sent.get("code_challenge", "")) > MAX_CHALLENGE
            ):
                raise BadRequest
            if scopes.are_moderations(sent.get("scope", "").split()) and not second_factor.is_proved(request):
                return redirect("second_factor")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(request, *args, **kwargs)
        _allow_forms_to_lead_to(response, request.GET.get("redirect_uri", ""))
        return response

    def redirect(self, redirect_to: str, application: Application | None) -> HttpResponse:
        """Back to the app; without an address to go back to, the code is shown to be copied."""
        if redirect_to.partition("?")[0] == OUT_OF_BAND:
            answer = parse_qs(urlsplit(redirect_to).query)
            code = answer.get("code", [""])[0]
            context = {"code": code, "application": application}
            return render(self.request, "oauth2_provider/code.html", context)
        # A refusal before consent comes without the app; its address was checked by then.
        named = Application.objects.filter(client_id=self.request.GET.get("client_id", "")).first()
        response: HttpResponse = super().redirect(redirect_to, application or named)
        return response


def _allow_forms_to_lead_to(response: HttpResponse, redirect_uri: str) -> None:
    """Browsers apply form-action to redirects too, and the consent form ends in a redirect to the app."""
    try:
        parts = urlsplit(redirect_uri)
    except ValueError:
        return
    if not _SCHEME.match(parts.scheme):
        return
    is_web = parts.scheme in ("http", "https") and _WEB_HOST.match(parts.netloc)
    source = f"{parts.scheme}://{parts.netloc}" if is_web else f"{parts.scheme}:"
    response["Content-Security-Policy"] = POLICY.replace("form-action 'self'", f"form-action 'self' {source}")


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class IssueTokenView(TokenView):  # type: ignore[misc]  # django-oauth-toolkit ships no types.
    """Tokens for codes, and for apps themselves."""

    oauthlib_backend_class = ClientBackend

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = self.authorization_flow_token_response(request)
        if response.status_code == HTTPStatus.OK:
            response.content = _as_clients_know_it(json.loads(response.content))
        return response


def _as_clients_know_it(token: dict[str, Any]) -> bytes:
    """Tokens do not expire for clients: no end, no refresh, but the moment of their making."""
    shown = {key: token[key] for key in ("access_token", "token_type", "scope")}
    return json.dumps(shown | {"created_at": int(datetime.now(UTC).timestamp())}).encode()


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class ForgetTokenView(RevokeTokenView):  # type: ignore[misc]  # django-oauth-toolkit ships no types.
    """An app gives its token back."""

    oauthlib_backend_class = ClientBackend

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponse = super().post(request, *args, **kwargs)
        # Clients parse the body as JSON; the protocol allows none.
        return JsonResponse({}) if response.status_code == HTTPStatus.OK else response


@require_safe
def metadata(request: HttpRequest) -> JsonResponse:
    """What this authorization server can do (RFC 8414); some apps use a challenge only when they read here that they may."""
    return JsonResponse(
        {
            "issuer": settings.PARLER_URL,
            "authorization_endpoint": absolute("/oauth/authorize"),
            "token_endpoint": absolute("/oauth/token"),
            "revocation_endpoint": absolute("/oauth/revoke"),
            "app_registration_endpoint": absolute("/api/v1/apps"),
            "scopes_supported": list(scopes.ALL),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
    )
