"""A post among what it answers and what answers it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from posts.models import Post, Reader
from posts.showing import ShownPost, show

MAX_ANCESTORS = 50
MAX_DESCENDANTS = 200
# Comments on the post itself that one page shows; what hangs on them fills the rest.
MAX_COMMENTS = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """A post below another one; 0 is the depth of a comment on the thread's own post."""

    shown: ShownPost
    depth: int


@dataclass(frozen=True, slots=True)
class Thread:
    """What the reader may see around a post: ancestors from the first on, descendants each below what it answers.

    `next_after` is the id of the last comment when there are more of them; `is_cut` says that deeper answers were left out.
    """

    ancestors: list[ShownPost]
    descendants: list[Answer]
    next_after: int | None
    is_cut: bool


def thread(post: Post, reader: Reader, *, after: int = 0) -> Thread:
    """The thread around `post`, with the comments on it that are newer than the comment `after`."""
    comments = _comments(post, reader, after)
    more = len(comments) > MAX_COMMENTS
    comments = comments[:MAX_COMMENTS]
    tree = _below(comments)
    candidates = [*comments, *tree]
    visible = _visible(candidates, reader)
    shown = show([*above(post), *visible], reader=reader)
    ancestors = [each for each in shown if each.pk not in tree and each.pk not in comments]
    by_id = {each.pk: each for each in shown if each.pk in tree or each.pk in comments}
    return Thread(
        ancestors=ancestors,
        descendants=list(_walk(comments, tree, by_id)),
        next_after=comments[-1] if more else None,
        is_cut=len(tree) >= MAX_DESCENDANTS - MAX_COMMENTS,
    )


def _comments(post: Post, reader: Reader, after: int) -> list[int]:
    comments = Post.objects.visible_to(reader).not_muted_by(reader).filter(parent=post, pk__gt=after)
    return list(comments.order_by("pk").values_list("pk", flat=True)[: MAX_COMMENTS + 1])


def _visible(ids: list[int], reader: Reader) -> list[int]:
    posts = Post.objects.visible_to(reader).not_muted_by(reader).filter(pk__in=ids)
    return list(posts.order_by("pk").values_list("pk", flat=True))


_ANCESTORS = """
WITH RECURSIVE above (id, parent_id, distance) AS (
    SELECT id, parent_id, 0 FROM posts_post WHERE id = %(post)s
    UNION ALL
    SELECT posts_post.id, posts_post.parent_id, distance + 1
    FROM posts_post JOIN above ON posts_post.id = above.parent_id WHERE distance < %(limit)s
) SELECT id FROM above WHERE distance > 0 ORDER BY distance DESC
"""

_IS_CLOSED = """
WITH RECURSIVE above (parent_id, locked_at) AS (
    SELECT parent_id, locked_at FROM posts_post WHERE id = %(post)s
    UNION ALL
    SELECT posts_post.parent_id, posts_post.locked_at
    FROM posts_post JOIN above ON posts_post.id = above.parent_id
) SELECT EXISTS (SELECT FROM above WHERE locked_at IS NOT NULL)
"""

# Level by level; the limit ends the recursion, so that its cost is bounded however large the thread is.
_DESCENDANTS = """
WITH RECURSIVE below (id, parent_id) AS (
    SELECT id, parent_id FROM posts_post WHERE parent_id = ANY(%(posts)s)
    UNION ALL
    SELECT posts_post.id, posts_post.parent_id FROM posts_post JOIN below ON posts_post.parent_id = below.id
) SELECT id, parent_id FROM below LIMIT %(limit)s
"""


def above(post: Post, *, limit: int = MAX_ANCESTORS) -> list[int]:
    """The ids of the nearest posts that `post` answers, whoever may see them, the first one first."""
    if post.parent_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ANCESTORS, {"post": post.pk, "limit": limit})
        return [post_id for (post_id,) in cursor.fetchall()]


def is_closed(post: Post) -> bool:
    """Whether moderators locked `post` or something that it answers, however far above."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_CLOSED, {"post": post.pk})
        (closed,) = cursor.fetchall()[0]
        return bool(closed)


def _below(comments: list[int]) -> dict[int, int]:
    """Parents by id of what hangs on the comments, whether it can be seen or not: a gap does not hide what lies below it."""
    if not comments:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DESCENDANTS, {"posts": comments, "limit": MAX_DESCENDANTS - MAX_COMMENTS})
        return dict(cursor.fetchall())


def _walk(comments: list[int], tree: dict[int, int], shown: dict[int, ShownPost]) -> Iterator[Answer]:
    """Depth first, older answers first, without recursion: a thread may be deeper than Python's stack."""
    answers = defaultdict(list)
    for post_id in sorted(tree, reverse=True):
        answers[tree[post_id]].append(post_id)
    stack = [(post_id, 0) for post_id in reversed(comments)]
    while stack:
        post_id, depth = stack.pop()
        is_seen = post_id in shown
        if is_seen:
            yield Answer(shown[post_id], depth)
        stack += [(answer, depth + is_seen) for answer in answers[post_id]]
