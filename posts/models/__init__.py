"""What people publish. Every text lies in a `Revision`; posts and profiles say which revision is shown."""

from posts.models.marks import Mark, Marking, Step
from posts.models.posts import IdempotencyKey, Kind, Post, PostQuerySet, Reader, Upvote, Visibility
from posts.models.profiles import Profile
from posts.models.revisions import Hashtag, Mention, Revision, Tagging, Transition

__all__ = [
    "Hashtag",
    "IdempotencyKey",
    "Kind",
    "Mark",
    "Marking",
    "Mention",
    "Post",
    "PostQuerySet",
    "Profile",
    "Reader",
    "Revision",
    "Step",
    "Tagging",
    "Transition",
    "Upvote",
    "Visibility",
]
