"""Many open cases at once, each about a post of its own: copies of one case, made in four statements."""

from moderation.models import Case
from posts.models import Post, Revision

COPIED = (
    "origin",
    "severity",
    "violation",
    "lane",
    "language",
    "opened_at",
    "due_at",
    "rank_at",
    "snapshot",
    "snapshot_sha256",
)


def copy_cases(case: Case, number: int) -> None:
    """`number` more cases like this one, about posts that wait."""
    assert case.post is not None
    author = case.post.author
    known = set(Post.objects.by(author).values_list("pk", flat=True))
    Post.objects.bulk_create(Post(author=author) for _copy in range(number))
    posts = list(Post.objects.by(author).exclude(pk__in=known))
    texts = {"number": 1, "text": case.snapshot, "sha256": case.snapshot_sha256}
    Revision.objects.bulk_create(Revision(post=post, **texts) for post in posts)
    same = {name: getattr(case, name) for name in COPIED}
    revisions = Revision.objects.filter(post__in=posts)
    Case.objects.bulk_create(
        Case(post_id=one.post_id, author=author, revision=one, **same) for one in revisions
    )
