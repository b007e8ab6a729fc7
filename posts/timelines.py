"""Which posts stand where: home, public, profile and hashtag.

Timelines are pulled, nothing is written per follower. A page is found in two steps: ids first, by an index and with a limit,
then the posts themselves (`posts.showing.show`). Pages are cut by id, so that their cost does not grow with their depth.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from django.db import connection

from accounts.ids import LARGEST_ID
from accounts.models import User
from posts.models import Post, PostQuerySet, Reader
from posts.showing import ShownPost, show

DEFAULT_LIMIT = 20
MAX_LIMIT = 40
# Candidates a round, as multiples of what is still to be found. A second round is needed only where hardly any candidate may
# be seen.
ROUNDS = (2, 40)


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a timeline: posts older than `max_id`, newer than `since_id` (the newest of them) or `min_id` (the oldest)."""

    limit: int = DEFAULT_LIMIT
    max_id: int | None = None
    since_id: int | None = None
    min_id: int | None = None

    @property
    def is_upward(self) -> bool:
        """It starts right above `min_id`."""
        return self.min_id is not None

    @property
    def below(self) -> int:
        return LARGEST_ID if self.max_id is None else min(self.max_id, LARGEST_ID)

    @property
    def above(self) -> int:
        return min(max(self.since_id or 0, self.min_id or 0, 0), LARGEST_ID)

    def order(self, posts: PostQuerySet) -> PostQuerySet:
        """The posts of `posts` in this window, beginning where it begins."""
        inside = posts.filter(pk__lt=self.below, pk__gt=self.above)
        return inside.order_by("pk" if self.is_upward else "-pk")

    def beyond(self, post_id: int) -> "Window":
        """What is left of the window behind `post_id`."""
        return replace(self, min_id=post_id) if self.is_upward else replace(self, max_id=post_id)


@dataclass(frozen=True, slots=True)
class Found:
    """Ids from where the window begins; `next_id` is where to go on from when there is more."""

    ids: list[int]
    next_id: int | None


class Timeline(Protocol):
    """Something that finds the ids of its posts in a window."""

    def find(self, window: Window) -> Found: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A timeline whose ids one index gives in order."""

    posts: PostQuerySet

    def find(self, window: Window) -> Found:
        ids = list(window.order(self.posts).values_list("pk", flat=True)[: window.limit + 1])
        return _cut(ids, window.limit)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A timeline whose candidates a query of its own finds quickly; `posts` says which of them the reader may see.

    `candidates` gives at most so many ids, in the window's order.
    """

    posts: PostQuerySet
    candidates: Callable[[Window, int], list[int]]

    def find(self, window: Window) -> Found:
        ids: list[int] = []
        rest = window
        for round_size in ROUNDS:
            size = round_size * (window.limit + 1)
            candidates = self.candidates(rest, size)
            seen = window.order(self.posts.filter(pk__in=candidates)).values_list("pk", flat=True)
            ids += seen[: window.limit + 1 - len(ids)] if candidates else ()
            if len(ids) > window.limit or len(candidates) < size:
                return _cut(ids, window.limit)
            rest = rest.beyond(candidates[-1])
        return Found(ids, candidates[-1])


def _cut(ids: list[int], limit: int) -> Found:
    """One id more than asked for tells that there is more."""
    return Found(ids[:limit], ids[limit - 1] if len(ids) > limit else None)


@dataclass(frozen=True, slots=True)
class Page:
    """Posts, newest first. Older ones lie below `next_max_id` (None: there are none), newer ones above `prev_min_id`."""

    posts: list[ShownPost]
    next_max_id: int | None
    prev_min_id: int | None


def page(
    timeline: Timeline,
    *,
    reader: Reader,
    limit: int = DEFAULT_LIMIT,
    max_id: int | None = None,
    since_id: int | None = None,
    min_id: int | None = None,
) -> Page:
    """One page of a timeline, in five queries for `home` and four for the others (the bounds are those of `Window`)."""
    window = Window(max(1, min(limit, MAX_LIMIT)), max_id, since_id, min_id)
    found = timeline.find(window)
    ids = found.ids[::-1] if window.is_upward else found.ids
    next_max_id = found.next_id
    if window.is_upward:
        next_max_id = ids[-1] if ids else None
    return Page(show(ids, reader=reader), next_max_id, ids[0] if ids else None)


def home(reader: User) -> Timeline:
    """What the reader and those whom the reader follows published and echoed; limited posts from followed authors only."""
    return Gathered(
        Post.objects.visible_to(reader)
        .of_followed(reader)
        .not_muted_by(reader)
        .echoing_within_reach_of(reader),
        lambda window, size: _home_candidates(reader, window, size),
    )


def public(reader: Reader) -> Timeline:
    """What everybody may read, from all: no comments, no echoes without text, nothing of limited reach."""
    posts = Post.objects.visible_to(reader).public().shown().top_level().originals()
    return Listed(posts.of_full_reach().not_muted_by(reader))


def profile(author: User, reader: Reader, *, with_comments: bool) -> Timeline:
    """What one account published and echoed."""
    posts = Post.objects.visible_to(reader).by(author)
    return Listed(posts if with_comments else posts.top_level())


def hashtag(name: str, reader: Reader) -> Timeline:
    """What carries a hashtag in the version that is shown, and is of full reach."""
    return Gathered(
        Post.objects.visible_to(reader).tagged(name).of_full_reach().not_muted_by(reader),
        lambda window, size: _tagged_candidates(name, window, size),
    )


# The newest so many of each author, from an index that holds all it takes, and the reader's own. What others have not shown and
# what the reader has muted is left out early only to save candidates: `visible_to` and `not_muted_by` decide.
_HOME = """
SELECT id FROM (
    SELECT post.id FROM accounts_follow CROSS JOIN LATERAL (
        SELECT id FROM posts_post
        WHERE author_id = followed_id AND shown_id IS NOT NULL AND id < %(below)s AND id > %(above)s
        ORDER BY id {order} LIMIT %(size)s
    ) AS post
    WHERE follower_id = %(reader)s
        AND followed_id NOT IN (SELECT muted_id FROM accounts_mute WHERE muter_id = %(reader)s)
    UNION ALL (
        SELECT id FROM posts_post WHERE author_id = %(reader)s AND id < %(below)s AND id > %(above)s
        ORDER BY id {order} LIMIT %(size)s
    )
) AS candidate ORDER BY id {order} LIMIT %(size)s
"""

_TAGGED = """
SELECT DISTINCT posts_tagging.post_id FROM posts_tagging
WHERE hashtag_id = (SELECT id FROM posts_hashtag WHERE name = %(name)s)
    AND post_id < %(below)s AND post_id > %(above)s
ORDER BY posts_tagging.post_id {order} LIMIT %(size)s
"""


def _home_candidates(reader: User, window: Window, size: int) -> list[int]:
    return _ask(_HOME, window, size, reader=reader.pk)


def _tagged_candidates(name: str, window: Window, size: int) -> list[int]:
    return _ask(_TAGGED, window, size, name=name.lower())


def _ask(query: str, window: Window, size: int, **values: int | str) -> list[int]:
    ordered = query.format(order="ASC" if window.is_upward else "DESC")
    values |= {"below": window.below, "above": window.above, "size": size}
    with connection.cursor() as cursor:
        cursor.execute(ordered, values)
        return [post_id for (post_id,) in cursor.fetchall()]
