"""What commands that act at the desk share: who acts, and refusals in words instead of traces."""

from abc import abstractmethod
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from moderation.appealing import AppealChanged, AppealClosed
from moderation.claiming import ClaimLost, MayNotTakeOver
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed
from moderation.queueing import NotClaimable
from posts.revising import IllegalMove

REFUSALS = (
    *(AlreadyDecided, CaseChanged, NotAllowed, NotClaimable, ClaimLost, MayNotTakeOver, IllegalMove),
    *(AppealClosed, AppealChanged, ObjectDoesNotExist),
)


def named(handle: str) -> User:
    """The account with this handle, with or without the @. Raises CommandError."""
    user = User.objects.present().named(handle.removeprefix("@")).first()
    if user is None:
        raise CommandError(f"There is no account {handle}.")
    return user


class DeskCommand(BaseCommand):
    """Acts in the name of somebody of the staff, who may do no more by a command than at the desk."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", metavar="HANDLE", required=True, help="in whose name; the trail says so")

    def handle(self, *args: Any, by: str, **options: Any) -> None:
        moderator = named(by)
        if not moderator.has_perm("moderation.decide_case"):
            raise CommandError(f"{moderator} is no moderator.")
        try:
            self.act(by=moderator, **options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal

    @abstractmethod
    def act(self, *args: Any, **options: Any) -> None:
        """Do it in the name of `by`; refusals of verbs may be raised."""
