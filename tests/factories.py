"""Test data by plain functions that name only what a test depends on."""

import itertools
from functools import cache

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from accounts.roles import Role
from moderation.guests import noticing
from moderation.guests.noticing import Words
from moderation.models import GuestNotice, Letter, Notice, Origin, Scan, Statement, Verdict
from moderation.queueing import open_case
from posts import publishing
from posts.models import Post, Profile, Revision
from posts.publishing import Draft

_numbers = itertools.count(1)
PASSWORD = "correct horse battery staple"


@cache
def _hashed_password() -> str:
    """Hashing is slow on purpose; once is enough for all."""
    return make_password(PASSWORD)


def make_user(
    handle: str = "", *, role: Role = Role.USER, language: str = "en", is_cleared: bool = True
) -> User:
    """An account with a confirmed e-mail address; others can see it unless `is_cleared` is false."""
    handle = handle or f"person{next(_numbers)}"
    user = User(handle=handle, email=f"{handle}@example.org", password=_hashed_password(), language=language)
    User.objects.register(user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role != Role.USER:
        give_role(user, role)
    if is_cleared:
        clear(user.profile.get_latest_revision())
    return user


def give_role(user: User, role: Role) -> None:
    """Make somebody part of the staff, without a row in the audit trail."""
    user.groups.add(Group.objects.get(name=role))
    user.is_staff = True
    user.save()
    user.forget_role()


@transaction.atomic
def clear(*revisions: Revision) -> None:
    """What a worker does with harmless texts."""
    for revision in publishing.clear_pending(revisions):
        Scan.objects.create(revision=revision, sha256=revision.sha256, verdict=Verdict.CLEAR, score=0.01)


@transaction.atomic
def hold(revision: Revision, *, violation: str = "V3") -> None:
    """What a worker does with a threat."""
    for held in publishing.hold_pending([revision]):
        scan = Scan.objects.create(
            revision=held,
            sha256=held.sha256,
            verdict=Verdict.HOLD,
            score=0.97,
            violation=violation,
            reasons=[
                {"kind": "rule", "name": "threat", "start": 0, "end": 5, "score": 1.0, "role": "method"}
            ],
        )
        open_case(
            Revision.objects.with_subject().get(pk=held.pk),
            origin=Origin.SCAN,
            violation=violation,
            scan=scan,
        )


def make_pending_post(*, author: User, text: str = "Good morning", **draft: object) -> Post:
    return publishing.submit(author, Draft(text=text, **draft))  # type: ignore[arg-type]  # What a Draft takes.


def make_post(*, author: User, text: str = "Good morning", **draft: object) -> Post:
    """A post that everybody it is meant for can see."""
    post = make_pending_post(author=author, text=text, **draft)
    clear(post.get_latest_revision())
    post.refresh_from_db()
    return post


def make_held_post(
    *, author: User, text: str = "Somebody should burn down the town hall", **draft: object
) -> Post:
    """A post that waits for a moderator, with its case."""
    post = make_pending_post(author=author, text=text, **draft)
    hold(post.get_latest_revision())
    post.refresh_from_db()
    return post


def give_notice(thing: Post | Profile, *, language: str = "en", **said: str) -> GuestNotice:
    """A notice from somebody without an account about what everybody can see, with its case."""
    address = f"{settings.PARLER_URL}{thing.get_absolute_url()}"
    words = {
        "ground": "V3",
        "reasons": "It names my sister.",
        "name": "Ada Guest",
        "email": "ada@example.net",
    }
    notice = noticing.give_notice(Words(address, **{**words, **said}), language=language)
    notice.refresh_from_db()
    return notice


def let_undo_pass() -> None:
    """The time in which deciders can take their decisions back is over: people are told."""
    for told in (Statement, Notice, Letter):
        told.objects.update(due_at=Now(), visible_from=Now())
