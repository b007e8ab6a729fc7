"""The base of every REST view."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.models import User
from parler.api import parsing, throttling
from parler.api.access import Need
from parler.api.errors import TooLarge
from posts.models import Reader


class ApiView(APIView):
    """Says what it `needs` for each method; hands out what was sent, checked."""

    needs: ClassVar[Mapping[str, Need]] = {}
    # Whether a suspended person gets here too: where they read what was decided about them, and appeal.
    open_to_suspended: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        length = request.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise TooLarge
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        usage = getattr(request, "usage", None)
        if usage and response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
            throttling.show_usage(response, usage)
        return response

    @property
    def reader(self) -> Reader:
        """Who reads: the token's person, or somebody unknown."""
        reader: Reader = self.request.user
        return reader

    @property
    def person(self) -> User:
        """Who acts; only where `needs` asks for a person."""
        assert isinstance(self.request.user, User)  # noqa: S101  `needs` makes sure; tells the type checker.
        return self.request.user

    def sent(self, form: type[Serializer[Any]]) -> dict[str, Any]:
        """What was sent, in whatever form, checked by `form`. Raises ValidationError."""
        serializer = form(data=parsing.read(self.request), context={"request": self.request})
        serializer.is_valid(raise_exception=True)
        checked: dict[str, Any] = serializer.validated_data
        return checked
