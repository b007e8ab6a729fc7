"""What of an account is kept for a time although it is to be erased: those above know, and this asks them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from accounts.signals import keeping


@dataclass(frozen=True, slots=True)
class Kept:
    """What must not be erased yet; nothing by default.

    `account` is everything that belongs to it. `posts` are ids of single posts of its; who wrote them is then kept as well.
    `until` is set only where the person may know that something is kept.
    """

    account: bool = False
    posts: frozenset[int] = frozenset()
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.account or bool(self.posts)


NOTHING = Kept()


def ask(user: User) -> Kept:
    """What those above want to keep of `user`. They decide together: there is one answer, or none."""
    answers: list[Any] = [answer for _receiver, answer in keeping.send(sender=User, user=user)]
    return next((answer for answer in answers if isinstance(answer, Kept)), NOTHING)
