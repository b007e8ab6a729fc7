"""What an app may be allowed to do, and which permission includes which."""

from collections.abc import Collection, Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import BaseScopes

from accounts.models import Application

DEFAULT = "read"
# Clients ask for what Mastodon knows; a scope that nothing here needs yet grants nothing.
_READ = (
    "accounts", "appeals", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes", "notifications",
    "search", "statuses",
)  # fmt: skip
_WRITE = (
    "accounts", "appeals", "blocks", "bookmarks", "conversations", "favourites", "filters", "follows", "lists", "media",
    "mutes", "notifications", "reports", "statuses",
)  # fmt: skip
# Only a session of the staff that proved its second factor can grant these; see `views.ConsentView`.
MODERATION = ("moderation:read", "moderation:write")
_CHILDREN: dict[str, tuple[str, ...]] = {
    "read": (*(f"read:{what}" for what in _READ), "profile"),
    "write": tuple(f"write:{what}" for what in _WRITE),
    "follow": tuple(
        f"{mode}:{what}" for mode in ("read", "write") for what in ("blocks", "follows", "mutes")
    ),
    "push": (),
    "moderation": MODERATION,
}
ALL = tuple(dict.fromkeys([*_CHILDREN, *(child for children in _CHILDREN.values() for child in children)]))

_DESCRIPTIONS: dict[str, str | Promise] = {
    "read": _("Read everything you can read"),
    "write": _("Write in your name: post, edit, upvote, echo, report"),
    "follow": _("Follow, mute and block people for you"),
    "push": _("Send you notifications"),
    "profile": _("See who you are"),
    "read:accounts": _("See accounts"),
    "read:statuses": _("Read posts that you can read"),
    "read:follows": _("See whom you follow, mute and block"),
    "write:statuses": _("Post, edit, withdraw and echo in your name"),
    "write:favourites": _("Upvote in your name"),
    "write:follows": _("Follow people for you"),
    "write:mutes": _("Mute people for you"),
    "write:blocks": _("Block people for you"),
    "write:reports": _("Report to the moderators in your name"),
    "read:appeals": _("Read the reasons for decisions about you, and your appeals"),
    "write:appeals": _("Appeal in your name"),
    "moderation": _("Moderate in your name: read the queue, claim and decide"),
    "moderation:read": _("Read the moderators' queue"),
    "moderation:write": _("Claim and decide cases and appeals in your name"),
}


def expand(scopes: Iterable[str]) -> frozenset[str]:
    """The scopes and everything that they include."""
    given = set(scopes)
    return frozenset(given | {child for parent in given for child in _CHILDREN.get(parent, ())})


def are_moderations(asked: Iterable[str]) -> bool:
    """Whether one of these opens the moderators' desk."""
    return not expand(asked).isdisjoint({"moderation", *MODERATION})


def allows(granted: Iterable[str], any_of: Collection[str]) -> bool:
    """Whether a token with `granted` may do what needs one scope `any_of`; no scope needed is always allowed."""
    return not any_of or not expand(granted).isdisjoint(any_of)


class Scopes(BaseScopes):  # type: ignore[misc]  # django-oauth-toolkit ships no types.
    """An app gets at most what it registered with, in whole or in parts."""

    def get_all_scopes(self) -> dict[str, str | Promise]:
        return {scope: _DESCRIPTIONS.get(scope, scope) for scope in ALL}

    def get_available_scopes(
        self, application: Application | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return sorted(expand(application.scopes.split())) if application else list(ALL)

    def get_default_scopes(
        self, application: Application | None = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        registered = application.scopes.split() if application else [DEFAULT]
        return [DEFAULT] if DEFAULT in registered else registered
