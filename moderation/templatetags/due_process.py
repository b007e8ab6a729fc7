"""What pages of other apps say of due process."""

from django import template

from accounts.models import User
from moderation.models import Notice

register = template.Library()


@register.simple_tag
def get_hold_notice(author: User, post_id: int) -> Notice | None:
    """What the author was told about the held version of a post; one query, for the page of one post."""
    return Notice.objects.for_reader(author).still_held().filter(revision__post=post_id).first()
