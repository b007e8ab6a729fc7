"""Apps register themselves, before anybody lets them in."""

import re
from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from oauth2_provider.generators import generate_client_secret
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limiting
from accounts.models import Application
from parler.api.access import for_tokens
from parler.api.authentication import token_of
from parler.api.base import ApiView
from parler.api.entities import types
from parler.api.schema import answers
from parler.oauth import scopes

MAX_ADDRESSES = 10
MAX_ADDRESS_LENGTH = 2000
_FORBIDDEN_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "about", "blob"})
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+\Z")


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
class AddressesField(serializers.Field[list[str], Any, list[str], Any]):
    """Redirect addresses: a list, or one text with blanks or line ends between."""

    def to_internal_value(self, data: Any) -> list[str]:
        texts = data if isinstance(data, list) else [data]
        if not all(isinstance(text, str) for text in texts):
            raise serializers.ValidationError("must be an absolute URI")
        addresses = [address for text in texts for address in text.split()]
        if not 0 < len(addresses) <= MAX_ADDRESSES or not all(map(_is_possible, addresses)):
            raise serializers.ValidationError("must be an absolute URI")
        return addresses


def _is_possible(address: str) -> bool:
    scheme = address.partition(":")[0].lower()
    is_known_form = _ADDRESS.match(address) is not None and "#" not in address
    return is_known_form and scheme not in _FORBIDDEN_SCHEMES and len(address) <= MAX_ADDRESS_LENGTH


class AppForm(serializers.Serializer[Any]):
    client_name = serializers.CharField(max_length=100)
    redirect_uris = AddressesField()
    scopes = serializers.CharField(default=scopes.DEFAULT, max_length=1000)
    website = serializers.URLField(required=False, allow_blank=True, max_length=200)

    def validate_scopes(self, text: str) -> str:
        asked = dict.fromkeys(text.split())
        if not asked.keys() <= set(scopes.ALL):
            raise serializers.ValidationError("doesn't match configured on the server.")
        return " ".join(asked)


class Apps(ApiView):
    @extend_schema(request=AppForm, responses={200: answers(types.CredentialApplication)})
    def post(self, request: Request) -> Response:
        """Register an app. Its secret is shown this once; what is stored cannot be turned back into it."""
        limiting.count("api_apps", self.get_throttles()[0].get_ident(request))
        form = self.sent(AppForm)
        secret = generate_client_secret()
        application = Application.objects.create(
            name=form["client_name"],
            redirect_uris="\n".join(form["redirect_uris"]),
            website=form.get("website", ""),
            scopes=form["scopes"],
            client_secret=secret,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
        )
        secrets = {
            "client_id": application.client_id,
            "client_secret": secret,
            "client_secret_expires_at": 0,
        }
        return Response(_present(application) | secrets, status=HTTPStatus.OK)


class OwnApp(ApiView):
    needs = {"GET": for_tokens()}

    @extend_schema(responses={200: answers(types.Application)})
    def get(self, request: Request) -> Response:
        """The app that the token belongs to."""
        return Response(_present(token_of(request).application))


def _present(application: Application) -> dict[str, Any]:
    addresses = application.redirect_uris.split()
    entity: types.Application = {
        "id": str(application.pk),
        "name": application.name,
        "website": application.website or None,
        "scopes": application.scopes.split(),
        "redirect_uri": "\n".join(addresses),
        "redirect_uris": addresses,
        "vapid_key": "",
    }
    return dict(entity)
