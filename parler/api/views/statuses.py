"""Statuses: writing, reading, changing and taking back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limiting
from parler.api import paging
from parler.api.access import for_people, open_to_all
from parler.api.base import ApiView
from parler.api.entities import statuses, types
from parler.api.schema import answers
from parler.api.views import finding
from posts import publishing, threads
from posts.models import Post, Visibility
from posts.publishing import Draft
from posts.statuses import Status

MAX_KEY_LENGTH = 200
# The newest ones; whoever edits a thousand times does not make everybody read a thousand texts.
MAX_VERSIONS = 100
REPLY_TARGET_MISSING = "The post you are trying to reply to does not appear to exist."
QUOTE_TARGET_MISSING = "The post you are trying to quote does not appear to exist."
# Unlisted posts are read by everybody too; that they are listed as well is said in the answer, which names them public.
VISIBILITIES = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.PUBLIC,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.MENTIONED,
}
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key within an hour answers with the status that it made before.",
)


class EditForm(serializers.Serializer[Any]):
    status = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    spoiler_text = serializers.CharField(required=False, allow_blank=True)


class StatusForm(EditForm):
    in_reply_to_id = paging.IdField(required=False)
    quote_id = paging.IdField(required=False, help_text="What to quote.")
    quoted_status_id = paging.IdField(required=False, help_text="The newer name of quote_id.")
    visibility = serializers.ChoiceField(
        list(VISIBILITIES), default="public", help_text="There is no `unlisted`: it becomes `public`."
    )
    language = serializers.CharField(required=False, allow_blank=True, max_length=10)

    def to_internal_value(self, data: Any) -> Any:
        """What Parler does not have is refused rather than dropped silently; empty means that nothing is wished."""
        for name in ("media_ids", "poll", "scheduled_at"):
            if data.get(name):
                raise serializers.ValidationError({name: "is not offered here"})
        wanted = {
            key: value for key, value in data.items() if value != "" or key in ("status", "spoiler_text")
        }
        return super().to_internal_value(wanted)


class Statuses(ApiView):
    needs = {"POST": for_people("write:statuses")}

    @extend_schema(request=StatusForm, parameters=[_IDEMPOTENCY_KEY], responses={200: answers(types.Status)})
    def post(self, request: Request) -> Response:
        """Publish. Others see the status when it has been checked; `parler.moderation` tells its author how that stands."""
        form = self.sent(StatusForm)
        limiting.count("post", self.person.pk)
        draft = Draft(
            text=form.get("status", ""),
            warning=form.get("spoiler_text", ""),
            language="" if form.get("language") == "None" else form.get("language", ""),
            visibility=VISIBILITIES[form["visibility"]],
            parent=self._target(form.get("in_reply_to_id"), REPLY_TARGET_MISSING),
            echoed=self._target(form.get("quote_id", form.get("quoted_status_id")), QUOTE_TARGET_MISSING),
        )
        post = publishing.submit(self.person, draft, idempotency_key=self._key())
        return Response(statuses.present([finding.post(self.person, post.pk)], reader=self.person)[0])

    def _key(self) -> str:
        key = self.request.headers.get("Idempotency-Key", "")
        if len(key) > MAX_KEY_LENGTH:
            raise ValidationError("Idempotency-Key is too long")
        return key

    def _target(self, pk: int | None, missing: str) -> Post | None:
        if pk is None:
            return None
        try:
            return finding.original(self.person, pk).post
        except Http404:
            raise NotFound(missing) from None


class OneStatus(ApiView):
    needs = {
        "GET": open_to_all("read:statuses"),
        "PUT": for_people("write:statuses"),
        "DELETE": for_people("write:statuses"),
    }

    @extend_schema(responses={200: answers(types.Status)})
    def get(self, request: Request, pk: int) -> Response:
        """A status."""
        return Response(statuses.present([finding.post(self.reader, pk)], reader=self.reader)[0])

    @extend_schema(request=EditForm, responses={200: answers(types.Status)})
    def put(self, request: Request, pk: int) -> Response:
        """Submit a new version; others see the earlier one until it has been checked."""
        post = finding.own(self.person, pk)
        form = self.sent(EditForm)
        limiting.count("post", self.person.pk)
        latest = post.get_latest_revision()
        publishing.edit(
            post,
            body=form.get("status", latest.text),
            warning=form.get("spoiler_text", latest.heading),
            by=self.person,
        )
        return self.get(request, pk)

    @extend_schema(responses={200: answers(types.Status)})
    def delete(self, request: Request, pk: int) -> Response:
        """Withdraw for good. `text` is what was written, to start anew from."""
        post = finding.own(self.person, pk)
        status = statuses.present([finding.post(self.person, pk)], reader=self.person)[0]
        status["text"] = post.get_latest_revision().text
        publishing.withdraw(post, by=self.person)
        return Response(status)


class Source(ApiView):
    needs = {"GET": for_people("read:statuses")}

    @extend_schema(responses={200: answers(types.StatusSource)})
    def get(self, request: Request, pk: int) -> Response:
        """The text as it was written."""
        return Response(statuses.source(finding.post(self.person, pk).revision))


class History(ApiView):
    needs = {"GET": open_to_all("read:statuses")}

    @extend_schema(responses={200: answers(list[types.StatusEdit])})
    def get(self, request: Request, pk: int) -> Response:
        """The versions that others could read, the oldest first; the author's newest one as well, whatever became of it."""
        found = finding.post(self.reader, pk)
        versions = list(found.post.revisions.cleared().order_by("-number")[:MAX_VERSIONS])[::-1]
        if found.is_own and found.status != Status.CLEARED:
            versions.append(found.revision)
        return Response(statuses.history(found, versions))


class Context(ApiView):
    needs = {"GET": open_to_all("read:statuses")}

    @extend_schema(responses={200: answers(types.Context)})
    def get(self, request: Request, pk: int) -> Response:
        """What a status answers, and what answers it."""
        thread = threads.thread(finding.post(self.reader, pk).post, self.reader)
        above = len(thread.ancestors)
        around = [*thread.ancestors, *(answer.shown for answer in thread.descendants)]
        presented = statuses.present(around, reader=self.reader)
        return Response({"ancestors": presented[:above], "descendants": presented[above:]})
