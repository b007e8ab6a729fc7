"""Timelines: what to read, the newest first."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from parler.api import paging
from parler.api.access import for_people, open_to_all
from parler.api.base import ApiView
from parler.api.entities import statuses, types
from parler.api.schema import answers
from posts import timelines
from posts.timelines import Timeline


class PublicForm(paging.PageForm):
    local = serializers.BooleanField(default=False, help_text="Everything here is local.")
    remote = serializers.BooleanField(default=False, help_text="Nothing here is remote: nothing is found.")
    only_media = serializers.BooleanField(default=False, help_text="There are no media: nothing is found.")


class TimelineView(ApiView):
    """One page of a timeline."""

    def respond(self, timeline: Timeline, form: dict[str, Any]) -> Response:
        if form.get("remote") or form.get("only_media"):
            return Response([])
        page = paging.cut(timeline, form, reader=self.reader)
        shown = statuses.present(page.posts, reader=self.reader)
        return paging.respond(self.request, shown, older=page.next_max_id, newer=page.prev_min_id)


class Home(TimelineView):
    needs = {"GET": for_people("read:statuses")}

    @extend_schema(parameters=[paging.PageForm], responses={200: answers(list[types.Status])})
    def get(self, request: Request) -> Response:
        """Posts and echoes of the token's person and of those whom this person follows."""
        return self.respond(timelines.home(self.person), self.sent(paging.PageForm))


class Public(TimelineView):
    needs = {"GET": open_to_all("read:statuses")}

    @extend_schema(parameters=[PublicForm], responses={200: answers(list[types.Status])})
    def get(self, request: Request) -> Response:
        """Posts that everybody may read, without comments and echoes."""
        return self.respond(timelines.public(self.reader), self.sent(PublicForm))


class Tag(TimelineView):
    needs = {"GET": open_to_all("read:statuses")}

    @extend_schema(parameters=[PublicForm], responses={200: answers(list[types.Status])})
    def get(self, request: Request, name: str) -> Response:
        """Posts that carry a hashtag."""
        return self.respond(timelines.hashtag(name.lstrip("#"), self.reader), self.sent(PublicForm))
