"""Upvotes and echoes: Mastodon's favourites and reblogs."""

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import limiting
from parler.api.access import for_people
from parler.api.base import ApiView
from parler.api.entities import statuses, types
from parler.api.schema import answers
from parler.api.views import finding
from posts import publishing, reacting
from posts.publishing import Draft

_STATUS = extend_schema(request=None, responses={200: answers(types.Status)})


class Reaction(ApiView):
    """Something that the token's person does to a status."""

    def present(self, pk: int) -> Response:
        return Response(statuses.present([finding.post(self.person, pk)], reader=self.person)[0])


class Favourite(Reaction):
    needs = {"POST": for_people("write:favourites")}

    @_STATUS
    def post(self, request: Request, pk: int) -> Response:
        """Upvote."""
        found = finding.original(self.person, pk)
        reacting.upvote(found.post, by=self.person)
        return self.present(found.pk)


class Unfavourite(Reaction):
    needs = {"POST": for_people("write:favourites")}

    @_STATUS
    def post(self, request: Request, pk: int) -> Response:
        """Take the upvote back."""
        found = finding.original(self.person, pk)
        reacting.remove_upvote(found.post, by=self.person)
        return self.present(found.pk)


class Reblog(Reaction):
    needs = {"POST": for_people("write:statuses")}

    @_STATUS
    def post(self, request: Request, pk: int) -> Response:
        """Echo; answers the echo, whose `reblog` is the status."""
        found = finding.original(self.person, pk)
        if found.post.shown_id is None:
            raise ValidationError("This post has not been reviewed yet")
        limiting.count("post", self.person.pk)
        return self.present(publishing.submit(self.person, Draft(echoed=found.post)).pk)


class Unreblog(Reaction):
    needs = {"POST": for_people("write:statuses")}

    @_STATUS
    def post(self, request: Request, pk: int) -> Response:
        """Take the echo back; answers the status that was echoed."""
        found = finding.original(self.person, pk)
        publishing.withdraw_echo(found.post, by=self.person)
        return self.present(found.pk)
