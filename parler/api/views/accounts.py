"""People: who they are, what they post, and how the token's person stands to them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import blocking, following, limiting
from accounts.models import User
from parler.api import paging, wire
from parler.api.access import for_people, open_to_all
from parler.api.base import ApiView
from parler.api.entities import accounts, statuses, types
from parler.api.schema import answers
from parler.api.views import finding
from posts.models import Post, PostQuerySet, Profile
from posts.timelines import Listed

MAX_RELATIONSHIPS = 80


class Own(ApiView):
    open_to_suspended = True
    needs = {"GET": for_people("read:accounts", "profile")}

    @extend_schema(responses={200: answers(types.Account)})
    def get(self, request: Request) -> Response:
        """The token's person; `source` has the newest biography, cleared or not."""
        return Response(accounts.own_account(self.person))


class Preferences(ApiView):
    needs = {"GET": for_people("read:accounts")}

    @extend_schema(responses={200: answers(types.Preferences)})
    def get(self, request: Request) -> Response:
        """What an app should start from."""
        preferences: types.Preferences = {
            "posting:default:visibility": "public",
            "posting:default:sensitive": False,
            "posting:default:language": self.person.language,
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
        return Response(preferences)


class OneAccount(ApiView):
    needs = {"GET": open_to_all("read:accounts")}

    @extend_schema(responses={200: answers(types.Account)})
    def get(self, request: Request, pk: int) -> Response:
        """A person."""
        return Response(accounts.present([finding.person(self.reader, pk)])[0])


class LookupForm(serializers.Serializer[Any]):
    acct = serializers.CharField(max_length=300)


class Lookup(ApiView):
    needs = {"GET": open_to_all("read:accounts")}

    @extend_schema(parameters=[LookupForm], responses={200: answers(types.Account)})
    def get(self, request: Request) -> Response:
        """The person with a handle: `name`, `@name` or `name@this.host`, in any case."""
        handle, _at, host = self.sent(LookupForm)["acct"].lstrip("@").partition("@")
        if host and host.lower() != wire.host():
            raise Http404
        found = accounts.find(Profile.objects.visible_to(self.reader).named(handle).with_shown())
        if not found:
            raise Http404
        return Response(accounts.present(found)[0])


class PostsForm(paging.PageForm):
    exclude_replies = serializers.BooleanField(default=False)
    exclude_reblogs = serializers.BooleanField(default=False)
    only_media = serializers.BooleanField(default=False, help_text="There are no media: nothing is found.")
    pinned = serializers.BooleanField(default=False, help_text="Nothing can be pinned: nothing is found.")
    tagged = serializers.CharField(required=False, max_length=100)


class PostsOf(ApiView):
    needs = {"GET": open_to_all("read:statuses")}

    @extend_schema(parameters=[PostsForm], responses={200: answers(list[types.Status])})
    def get(self, request: Request, pk: int) -> Response:
        """What a person published and echoed, the newest first."""
        form = self.sent(PostsForm)
        author = finding.person(self.reader, pk)
        posts = _chosen(Post.objects.visible_to(self.reader).by(author), form)
        page = paging.cut(Listed(posts), form, reader=self.reader)
        shown = statuses.present(page.posts, reader=self.reader)
        return paging.respond(request, shown, older=page.next_max_id, newer=page.prev_min_id)


def _chosen(posts: PostQuerySet, form: dict[str, Any]) -> PostQuerySet:
    if form["only_media"] or form["pinned"]:
        return posts.none()
    if form["exclude_replies"]:
        posts = posts.top_level()
    if form["exclude_reblogs"]:
        posts = posts.originals()
    return posts.tagged(form["tagged"].lstrip("#")) if "tagged" in form else posts


class Relationships(ApiView):
    needs = {"GET": for_people("read:follows")}

    @extend_schema(
        parameters=[OpenApiParameter("id[]", {"type": "array", "items": {"type": "string"}}, required=True)],
        responses={200: answers(list[types.Relationship])},
    )
    def get(self, request: Request) -> Response:
        """How the token's person stands to others, in the order asked for; who cannot be seen is left out."""
        asked = finding.ids(request.query_params.getlist("id[]") or request.query_params.getlist("id"))
        asked = asked[:MAX_RELATIONSHIPS]
        known = finding.known(self.person, asked)
        return Response(accounts.relationships(self.person, [pk for pk in asked if pk in known]))


class Act(ApiView):
    """One change between the token's person and another."""

    verb: Callable[[User, User], None]

    @extend_schema(request=None, responses={200: answers(types.Relationship)})
    def post(self, request: Request, pk: int) -> Response:
        """Answers how the two stand afterwards."""
        limiting.count("follow", self.person.pk)
        other = self.find(pk)
        self.verb(self.person, other)
        return Response(accounts.relationships(self.person, [other.pk])[0])

    def find(self, pk: int) -> User:
        return finding.person(self.person, pk)


class Follow(Act):
    needs = {"POST": for_people("write:follows")}
    verb = staticmethod(following.follow)


class Unfollow(Act):
    needs = {"POST": for_people("write:follows")}
    verb = staticmethod(following.unfollow)


class Mute(Act):
    needs = {"POST": for_people("write:mutes")}
    verb = staticmethod(blocking.mute)


class Unmute(Act):
    needs = {"POST": for_people("write:mutes")}
    verb = staticmethod(blocking.unmute)


class Block(Act):
    needs = {"POST": for_people("write:blocks")}
    verb = staticmethod(blocking.block)


class Unblock(Act):
    needs = {"POST": for_people("write:blocks")}
    verb = staticmethod(blocking.unblock)

    def find(self, pk: int) -> User:
        """A blocked account is not to be seen; it can be unblocked all the same."""
        return finding.blocked(self.person, pk)
