"""Who stands how to whom, as one reader may see it: what profile pages and lists of people ask."""

from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import Follow, Mute, User
from accounts.paging import page_before
from posts.models import Post, Profile, Reader

PEOPLE_ON_A_PAGE = 40
# A count looks at so many rows at most: behind it stands "and more".
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """How the reader stands to an account."""

    is_oneself: bool = False
    follows: bool = False
    mutes: bool = False

    @classmethod
    def between(cls, reader: Reader, user: User) -> Self:
        if isinstance(reader, AnonymousUser):
            return cls()
        if reader.pk == user.pk:
            return cls(is_oneself=True)
        return cls(
            follows=Follow.objects.filter(follower=reader, followed=user).exists(),
            mutes=Mute.objects.filter(muter=reader, muted=user).exists(),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """What the reader may see of an account, counted; COUNTED + 1 stands for more than COUNTED."""

    posts: int
    followers: int
    following: int

    @classmethod
    def of(cls, user: User, reader: Reader) -> Self:
        return cls(
            posts=_count(Post.objects.visible_to(reader).by(user).shown()),
            followers=_count(followers(user, reader)),
            following=_count(following(user, reader)),
        )


def _count(rows: "QuerySet[Post] | QuerySet[Follow]") -> int:
    return rows[: COUNTED + 1].count()


def followers(user: User, reader: Reader) -> QuerySet[Follow]:
    """The follows of `user` by accounts that the reader may see."""
    visible = Profile.objects.visible_to(reader).values("user")
    return Follow.objects.filter(followed=user, follower__in=visible)


def following(user: User, reader: Reader) -> QuerySet[Follow]:
    """The follows by `user` of accounts that the reader may see."""
    visible = Profile.objects.visible_to(reader).values("user")
    return Follow.objects.filter(follower=user, followed__in=visible)


@dataclass(frozen=True, slots=True)
class People:
    """Profiles, and the id of the last follow when there are more."""

    profiles: list[Profile]
    next_max_id: int | None


def people(follows: QuerySet[Follow], other: str, *, max_id: int | None) -> People:
    """One page of the accounts on the `other` side ("follower" or "followed") of follows, newest first, in one query."""
    page = page_before(follows.select_related(f"{other}__profile__shown"), max_id, size=PEOPLE_ON_A_PAGE)
    return People([getattr(row, other).profile for row in page.rows], page.next)
