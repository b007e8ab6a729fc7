"""Finding what an address names, for one reader: what the reader may not see is not there."""

from django.http import Http404

from accounts.ids import read_id
from accounts.models import User
from parler.api.entities import accounts
from posts.models import Post, Profile, Reader
from posts.showing import ShownPost, show


def post(reader: Reader, pk: int) -> ShownPost:
    """Raises Http404."""
    found = show([pk], reader=reader)
    if not found:
        raise Http404
    return found[0]


def original(reader: Reader, pk: int) -> ShownPost:
    """The post, or what it echoes: nobody answers an echo itself. Raises Http404."""
    found = post(reader, pk)
    return found.original if found.is_echo and found.original else found


def person(reader: Reader, pk: int) -> User:
    """With the profile. Raises Http404."""
    found = accounts.find(Profile.objects.visible_to(reader).with_shown().filter(pk=pk))
    if not found:
        raise Http404
    return found[0]


def known(person: User, ids: list[int]) -> set[int]:
    """Those accounts that the person may see or has blocked."""
    visible = Profile.objects.visible_to(person).filter(pk__in=ids).values_list("pk", flat=True)
    return {
        *visible,
        *User.objects.filter(blocked_by__blocker=person, pk__in=ids).values_list("pk", flat=True),
    }


def blocked(person: User, pk: int) -> User:
    """Somebody whom the person blocked, or may see. Raises Http404."""
    found = User.objects.filter(pk__in=known(person, [pk])).first()
    if found is None:
        raise Http404
    return found


def own(person: User, pk: int) -> Post:
    """One of the person's own posts that is not withdrawn. Raises Http404."""
    found = Post.objects.withdrawable_by(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def ids(texts: list[str]) -> list[int]:
    """Those that can be ids, in their order, each once."""
    return list(dict.fromkeys(number for text in texts if (number := read_id(str(text)))))
