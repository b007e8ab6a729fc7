"""Posts as clients know them. Made from `ShownPost` only, so that nothing uncleared can be presented to others."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import not_hidden
from moderation.measures import Measure
from moderation.models import Decision
from parler.api.entities import accounts
from parler.api.entities.accounts import Counts
from parler.api.entities.types import (
    Moderation,
    Quote,
    Status,
    StatusEdit,
    StatusMention,
    StatusSource,
    Tag,
)
from parler.api.wire import absolute, absolute_links, host, moment
from posts import statuses as steps
from posts.models import Mark, Mention, Reader, Revision, Tagging, Visibility
from posts.showing import ShownPost, cover_of

VISIBILITY: dict[str, Literal["public", "private", "direct"]] = {
    Visibility.PUBLIC: "public",
    Visibility.FOLLOWERS: "private",
    Visibility.MENTIONED: "direct",
}
_STATES: dict[str, Literal["pending", "held", "published", "rejected"]] = {
    steps.Status.PENDING: "pending",
    steps.Status.HELD: "held",
    steps.Status.CLEARED: "published",
    steps.Status.REMOVED: "rejected",
    steps.Status.WITHDRAWN: "rejected",
}


@dataclass(frozen=True, slots=True)
class Details:
    """What statuses show besides the posts themselves: by revision, or by account."""

    mentions: dict[int, list[StatusMention]]
    tags: dict[int, list[Tag]]
    counts: dict[int, Counts]
    reasons: dict[int, list[str]]
    is_signed_in: bool


def present(posts: Sequence[ShownPost], *, reader: Reader) -> list[Status]:
    """Statuses of posts, in their order, in three queries however many they are (one more for what was taken down)."""
    details = _collect([*posts, *(post.original for post in posts if post.original)], reader)
    return [_status(post, details) for post in posts]


def _collect(posts: Iterable[ShownPost], reader: Reader) -> Details:
    posts = list(posts)
    revisions = [post.revision.pk for post in posts]
    return Details(
        mentions=_mentions(revisions),
        tags=_tags(revisions),
        counts=accounts.count(post.author.pk for post in posts),
        reasons=_reasons([post.revision for post in posts if post.status == steps.Status.REMOVED]),
        is_signed_in=not isinstance(reader, AnonymousUser),
    )


def _mentions(revisions: list[int]) -> dict[int, list[StatusMention]]:
    """People whose handle is cleared, by the revision that names them."""
    found: dict[int, list[StatusMention]] = defaultdict(list)
    mentions = Mention.objects.filter(
        not_hidden("user__"),
        revision__in=revisions,
        user__is_active=True,
        user__profile__shown__isnull=False,
    )
    for mention in mentions.select_related("user").order_by("pk"):
        user = mention.user
        found[mention.revision_id].append(
            {
                "id": str(user.pk),
                "username": user.handle,
                "acct": user.handle,
                "url": absolute(user.get_absolute_url()),
            }
        )
    return found


def _tags(revisions: list[int]) -> dict[int, list[Tag]]:
    found: dict[int, list[Tag]] = defaultdict(list)
    for tagging in Tagging.objects.filter(revision__in=revisions).select_related("hashtag").order_by("pk"):
        name = tagging.hashtag.name
        found[tagging.revision_id].append({"name": name, "url": absolute(f"/tags/{name}")})
    return found


def _reasons(removed: list[Revision]) -> dict[int, list[str]]:
    """The classes of the taxonomy that people named when they took the author's own versions down."""
    if not removed:
        return {}
    decisions = Decision.objects.filter(
        revisions__in=removed, measure=Measure.TAKE_DOWN, overturned_by__isnull=True
    )
    found: dict[int, list[str]] = defaultdict(list)
    for revision, violation in decisions.values_list("revisions", "violation").order_by("pk"):
        found[revision].append(violation)
    return found


def _status(post: ShownPost, details: Details) -> Status:
    url = absolute(post.url)
    counted = post.post
    status: Status = {
        "id": str(post.pk),
        "uri": url,
        "url": url,
        "account": accounts.account(post.author, details.counts[post.author.pk]),
        "content": _content(post),
        "created_at": moment(post.created_at),
        "edited_at": moment(post.edited_at) if post.edited_at else None,
        "in_reply_to_id": str(post.parent.pk) if post.parent else None,
        "in_reply_to_account_id": str(post.parent.author.pk) if post.parent else None,
        "visibility": VISIBILITY[counted.visibility],
        "sensitive": bool(post.cover),
        "spoiler_text": post.cover,
        "language": post.language or None,
        "mentions": details.mentions.get(post.revision.pk, []),
        "tags": details.tags.get(post.revision.pk, []),
        "media_attachments": [],
        "emojis": [],
        "reblogs_count": counted.echo_count,
        "favourites_count": counted.upvote_count,
        "replies_count": counted.comment_count,
        "reblog": _status(post.original, details) if post.is_echo and post.original else None,
        "quote": None if post.is_echo else _quote(post, details),
        "card": None,
        "poll": None,
        "application": None,
    }
    if details.is_signed_in:
        of_reader = post.original if post.is_echo and post.original else post
        status["favourited"] = of_reader.has_upvoted
        status["reblogged"] = of_reader.has_echoed
        status["muted"] = status["bookmarked"] = False
        status["filtered"] = []
    if post.is_own:
        status["parler"] = {"moderation": _moderation(post, details)}
    return status


def _content(post: ShownPost) -> str:
    """An echo says what it echoes."""
    if post.is_echo and post.original:
        return absolute_links(post.original.html)
    return absolute_links(post.html) + _note(post)


def _quote(post: ShownPost, details: Details) -> Quote | None:
    if post.original:
        return {"state": "accepted", "quoted_status": _status(post.original, details)}
    return {"state": "unauthorized", "quoted_status": None} if post.lacks_original else None


def _moderation(post: ShownPost, details: Details) -> Moderation:
    return {
        "state": _STATES[post.status],
        "since": moment(post.revision.decided_at or post.revision.created_at),
        "reasons": details.reasons.get(post.revision.pk, []),
        "others_see_earlier": post.has_earlier_shown,
        "marks": [mark.value for mark in Mark if getattr(post, f"is_{mark}")],
    }


def _note(post: ShownPost) -> str:
    """What an app that knows nothing of the gate shows to the author of a post that others do not see."""
    if post.status == steps.Status.CLEARED:
        return ""
    if _STATES[post.status] == "rejected":
        text = _("this was taken down, and only you can see it.")
    elif post.has_earlier_shown:
        text = _("only you can see this version until it has been reviewed.")
    else:
        text = _("only you can see this post until it has been reviewed.")
    sentence = escape(_("Note from %(host)s: %(text)s") % {"host": host(), "text": text})
    return f'<hr><p><i lang="{get_language()}">{sentence}</i></p>'


def source(revision: Revision) -> StatusSource:
    """The text as it was written, for its author."""
    return {"id": str(revision.post_id), "text": revision.text, "spoiler_text": revision.heading}


def history(post: ShownPost, revisions: Iterable[Revision]) -> list[StatusEdit]:
    """Versions of a post, the oldest first. The caller says which of them the reader may read."""
    writer = accounts.account(post.author, accounts.count([post.author.pk])[post.author.pk])
    return [
        {
            "content": absolute_links(revision.html),
            "spoiler_text": cover_of(post.post, revision),
            "sensitive": bool(cover_of(post.post, revision)),
            "created_at": moment(revision.created_at),
            "account": writer,
            "media_attachments": [],
            "emojis": [],
        }
        for revision in revisions
    ]
