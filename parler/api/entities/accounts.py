"""People as clients know them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery

from accounts.models import Block, Follow, Mute, User
from accounts.roles import STAFF_ROLES
from parler.api.entities.types import Account, Relationship, Role, Source
from parler.api.wire import absolute, absolute_links, midnight
from posts.models import Post, Profile

# The names without a hash stay valid across releases, so that apps may keep them.
AVATAR = "parler/avatar.png"
HEADER = "parler/header.png"
ROLE_COLOUR = "#4a5568"
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    followers: int = 0
    following: int = 0
    posts: int = 0


class Bounded(Subquery):
    """Counts the rows of a query that stops somewhere."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def count(ids: Iterable[int]) -> dict[int, Counts]:
    """How many follow each account, whom it follows, and its posts that everybody may read; in one query.

    Each number stops at MOST_COUNTED, so that a page with posts of famous people costs no more than any other. Accounts that
    nobody else can see are not counted.
    """
    there = Profile.objects.visible_to(AnonymousUser())
    counted = User.objects.filter(pk__in=set(ids)).annotate(
        followers=_number_of(
            Follow.objects.filter(Exists(there.filter(pk=OuterRef("follower_id")))), "followed"
        ),
        following=_number_of(
            Follow.objects.filter(Exists(there.filter(pk=OuterRef("followed_id")))), "follower"
        ),
        shown=_number_of(Post.objects.shown().public(), "author"),
    )
    rows = counted.values_list("pk", "followers", "following", "shown")
    return {pk: Counts(followers, following, shown) for pk, followers, following, shown in rows}


def _number_of(rows: QuerySet[Any], account: str) -> Bounded:
    return Bounded(rows.filter(**{account: OuterRef("pk")}).order_by().values("pk")[:MOST_COUNTED])


def present(users: Sequence[User]) -> list[Account]:
    """Accounts with their profiles loaded, which the reader may see."""
    counted = count(user.pk for user in users)
    return [account(user, counted[user.pk]) for user in users]


def account(user: User, counts: Counts) -> Account:
    """One account, in its cleared words."""
    shown = user.profile.shown
    url = absolute(user.get_absolute_url())
    avatar, header = (absolute(f"{settings.STATIC_URL}{name}") for name in (AVATAR, HEADER))
    return {
        "id": str(user.pk),
        "username": user.handle,
        "acct": user.handle,
        "display_name": user.profile.name,
        "group": False,
        "locked": False,
        "created_at": midnight(user.joined_at),
        "followers_count": counts.followers,
        "following_count": counts.following,
        "statuses_count": counts.posts,
        "last_status_at": None,
        "note": absolute_links(shown.html) if shown else "",
        "url": url,
        "uri": url,
        "avatar": avatar,
        "avatar_static": avatar,
        "header": header,
        "header_static": header,
        "bot": False,
        "fields": [],
        "emojis": [],
        "discoverable": None,
        "noindex": None,
        "indexable": False,
        "hide_collections": False,
        "roles": [],
    }


def own_account(user: User) -> Account:
    """The account of the token's person, with what it was made from: the newest words, cleared or not."""
    presented = present([user])[0]
    presented["source"] = _source(user)
    presented["role"] = _role(user)
    return presented


def _source(user: User) -> Source:
    return {
        "privacy": "public",
        "sensitive": False,
        "language": user.language,
        "note": user.profile.get_latest_revision().text,
        "fields": [],
        "follow_requests_count": 0,
        "indexable": False,
        "hide_collections": False,
        "discoverable": None,
    }


def _role(user: User) -> Role:
    role = user.get_role()
    is_staff = role in STAFF_ROLES
    return {
        "id": str(role.level),
        "name": str(role.label) if is_staff else "",
        "permissions": "0",
        "color": ROLE_COLOUR if is_staff else "",
        "highlighted": is_staff,
    }


def find(profiles: Iterable[Profile]) -> list[User]:
    """The people of profiles that were fetched for a reader, each with its profile."""
    people = []
    for profile in profiles:
        profile.user.profile = profile
        people.append(profile.user)
    return people


def relationships(person: User, ids: Sequence[int]) -> list[Relationship]:
    """How `person` stands to each account, in the order asked for."""
    following = set(
        Follow.objects.filter(follower=person, followed__in=ids).values_list("followed_id", flat=True)
    )
    followers = set(
        Follow.objects.filter(followed=person, follower__in=ids).values_list("follower_id", flat=True)
    )
    blocking = set(Block.objects.filter(blocker=person, blocked__in=ids).values_list("blocked_id", flat=True))
    muting = set(Mute.objects.filter(muter=person, muted__in=ids).values_list("muted_id", flat=True))
    return [
        {
            "id": str(pk),
            "following": pk in following,
            "followed_by": pk in followers,
            "blocking": pk in blocking,
            # Who blocked whom stays between the two: to the blocked, the account is simply not there.
            "blocked_by": False,
            "muting": pk in muting,
            "muting_notifications": pk in muting,
            "requested": False,
            "requested_by": False,
            "domain_blocking": False,
            "showing_reblogs": pk in following,
            "endorsed": False,
            "notifying": False,
            "note": "",
            "languages": None,
        }
        for pk in ids
    ]
