"""Parts of lists: what clients ask for, and the links to the parts beside."""

from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.ids import read_id
from parler.api.wire import absolute
from posts import timelines
from posts.timelines import Page, Timeline


class _BlankIsAbsent(serializers.CharField):
    """Clients send keys without a value where they mean nothing."""

    def run_validation(self, data: Any = empty) -> Any:
        return super().run_validation(empty if data == "" else data)


class IdField(_BlankIsAbsent):
    """A public id as a string. What cannot be one becomes nothing: it is found nowhere."""

    def to_internal_value(self, data: Any) -> Any:
        return read_id(super().to_internal_value(data).strip()) or 0


@extend_schema_field(OpenApiTypes.INT)
class LimitField(_BlankIsAbsent):
    """A number that is brought into bounds, never refused."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data).strip()
        return min(int(text), timelines.MAX_LIMIT) if read_id(text) is not None else timelines.DEFAULT_LIMIT


class PageForm(serializers.Serializer[Any]):
    """Which part of a list."""

    limit = LimitField(
        default=timelines.DEFAULT_LIMIT,  # type: ignore[arg-type]  # A field of texts that gives numbers.
        help_text="At most so many; at most 40.",
    )
    max_id = IdField(required=False, help_text="Only what is older than this id.")
    since_id = IdField(required=False, help_text="Only what is newer than this id; of it, the newest.")
    min_id = IdField(required=False, help_text="Only what is newer than this id; of it, the oldest.")


class QueueForm(serializers.Serializer[Any]):
    """Which part of a list that is in an order of work, the most urgent first."""

    limit = LimitField(
        default=timelines.DEFAULT_LIMIT,  # type: ignore[arg-type]  # As above.
        help_text="At most so many; at most 40.",
    )
    after = IdField(required=False, help_text="Only what comes after the one with this id.")


def cut(timeline: Timeline, asked: dict[str, Any], **reader: Any) -> Page:
    """The page of a timeline that a checked PageForm asks for."""
    bounds = {name: asked[name] for name in ("max_id", "since_id", "min_id") if name in asked}
    return timelines.page(timeline, limit=asked["limit"], **bounds, **reader)


def respond(request: Request, items: list[Any], *, older: int | None, newer: int | None) -> Response:
    """A page with links to older and newer ones, in this order, with the query kept otherwise."""
    links = []
    if items and older is not None:
        links.append(f'<{_address(request, "max_id", older)}>; rel="next"')
    if items and newer is not None:
        links.append(f'<{_address(request, "min_id", newer)}>; rel="prev"')
    return Response(items, headers={"Link": ", ".join(links)} if links else None)


def respond_in_order(request: Request, items: list[Any], *, last: int | None) -> Response:
    """A part of a queue, with a link to what comes after `last` when there is more."""
    link = f'<{_address(request, "after", last)}>; rel="next"' if items and last is not None else ""
    return Response(items, headers={"Link": link} if link else None)


def _address(request: Request, bound: str, value: int) -> str:
    query: QueryDict = request.query_params.copy()
    for name in ("max_id", "since_id", "min_id", "after"):
        query.pop(name, None)
    query[bound] = str(value)
    return absolute(f"{request.path}?{query.urlencode()}")
