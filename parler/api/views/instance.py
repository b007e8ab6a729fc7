"""What this server is."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.taxonomy import Violation
from parler.api.base import ApiView
from parler.api.entities import types
from parler.api.schema import answers
from parler.api.wire import absolute, host
from posts import text

TITLE = "Parler"
# What clients may expect of us: nothing that came after 4.2.
VERSION = f"4.2.0 (compatible; parler {settings.PARLER_VERSION})"


def rule_ids() -> dict[str, Violation]:
    """The rules of this server are the classes of the taxonomy, numbered in their order."""
    return {str(number): violation for number, violation in enumerate(Violation, start=1)}


def _rules() -> list[types.Rule]:
    return [
        {"id": number, "text": str(violation.label), "hint": ""} for number, violation in rule_ids().items()
    ]


def _description() -> str:
    return _("Short posts. Each is checked before others see it; only people take something down.")


def _configuration() -> dict[str, Any]:
    return {
        "accounts": {"max_featured_tags": 0, "max_pinned_statuses": 0},
        "statuses": {
            "max_characters": text.MAX_CHARACTERS,
            "max_media_attachments": 0,
            "characters_reserved_per_url": 0,
        },
        "media_attachments": {
            "supported_mime_types": [],
            "image_size_limit": 0,
            "image_matrix_limit": 0,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {
            "max_options": 0,
            "max_characters_per_option": 0,
            "min_expiration": 0,
            "max_expiration": 0,
        },
    }


class Instance(ApiView):
    @extend_schema(responses={200: answers(types.Instance)})
    def get(self, request: Request) -> Response:
        """This server, in the first form that clients know."""
        instance: types.Instance = {
            "uri": host(),
            "title": TITLE,
            "short_description": _description(),
            "description": _description(),
            "email": settings.CONTACT_EMAIL,
            "version": VERSION,
            "urls": {},
            "thumbnail": None,
            "languages": [code for code, _name in settings.LANGUAGES],
            "registrations": True,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": _configuration(),
            "contact_account": None,
            "rules": _rules(),
        }
        return Response(instance)


class InstanceV2(ApiView):
    @extend_schema(responses={200: answers(types.InstanceV2)})
    def get(self, request: Request) -> Response:
        """This server."""
        instance: types.InstanceV2 = {
            "domain": host(),
            "title": TITLE,
            "version": VERSION,
            "description": _description(),
            "thumbnail": None,
            "icon": [],
            "languages": [code for code, _name in settings.LANGUAGES],
            "configuration": _configuration()
            | {"urls": {}, "translation": {"enabled": False}, "vapid": {"public_key": ""}},
            "registrations": {
                "enabled": True,
                "approval_required": False,
                "message": None,
                "url": absolute("/account/signup/"),
            },
            "api_versions": {"mastodon": 1},
            "contact": {"email": settings.CONTACT_EMAIL, "account": None},
            "rules": _rules(),
        }
        return Response(instance)
