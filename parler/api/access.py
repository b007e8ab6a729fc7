"""What a token must be allowed to do at each address."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from rest_framework.exceptions import APIException, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.restricting import Restricted
from parler.api.authentication import token_of
from parler.oauth import scopes

if TYPE_CHECKING:  # DRF's views import the classes that settings name, these among them.
    from rest_framework.views import APIView


class Asker(Enum):
    """Who may ask."""

    ANYBODY = auto()
    # A token of a person or of an app.
    TOKEN = auto()
    PERSON = auto()


@dataclass(frozen=True, slots=True)
class Need:
    """Who may ask, and one of which scopes a token must have."""

    asker: Asker
    scopes: tuple[str, ...] = ()


def open_to_all(*any_of: str) -> Need:
    """Signed out too; a token that is sent must fit nevertheless."""
    return Need(Asker.ANYBODY, any_of)


def for_tokens(*any_of: str) -> Need:
    return Need(Asker.TOKEN, any_of)


def for_people(*any_of: str) -> Need:
    return Need(Asker.PERSON, any_of)


class NeedsPerson(APIException):
    """An app asks for itself where only a person makes sense."""

    status_code = 422
    default_detail = "This method requires an authenticated user"


class Permission(BasePermission):
    """Asks what the view's `needs` say for the method."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        needs: Mapping[str, Need] = getattr(view, "needs", {})
        need = needs.get((request.method or "").replace("HEAD", "GET"))
        if need is None:
            return True
        token = token_of(request)
        if token is None:
            if need.asker != Asker.ANYBODY:
                raise NotAuthenticated("The access token is invalid")
            return True
        restriction = token.user.get_restriction() if token.user else None
        if restriction and restriction.is_hiding and not getattr(view, "open_to_suspended", False):
            raise Restricted(restriction)
        if not scopes.allows(token.scope.split(), need.scopes):
            raise PermissionDenied("This action is outside the authorized scopes")
        if need.asker == Asker.PERSON and token.user_id is None:
            raise NeedsPerson
        return True
