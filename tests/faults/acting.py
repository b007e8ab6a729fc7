"""What people do, through Parler's own verbs, inside the stack. Arguments and answers are plain values."""

import itertools
import time
from typing import Any

from allauth.account.models import EmailAddress
from celery import current_app
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Min
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from moderation import deciding, doorbell
from moderation.measures import Measure
from moderation.models import Case, KnownBad, Scan, Statement
from posts import publishing
from posts.models import Post, Revision
from posts.publishing import Draft
from tests.api import tokens

_numbers = itertools.count(1)


def make_author(role: str = Role.USER) -> str:
    """A new account; its handle passes the gate like everything else."""
    handle = f"author{next(_numbers)}"
    user = User.objects.create_user(handle, f"{handle}@example.org", None, is_staff=role != Role.USER)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role != Role.USER:
        user.groups.add(Group.objects.get(name=role))
    return handle


def sign_in(handle: str) -> str:
    """The key of a signed-in session."""
    user = User.objects.get(handle=handle)
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def make_token(handle: str) -> str:
    """An access token with which an app reads and writes for the account."""
    return tokens.issue(User.objects.get(handle=handle))


@transaction.atomic
def submit(handle: str, texts: list[str]) -> list[int]:
    """Post these texts, which come to be due at the same moment; return the posts' ids."""
    author = User.objects.get(handle=handle)
    return [publishing.submit(author, Draft(text=text)).pk for text in texts]


def edit(post: int, text: str) -> None:
    found = Post.objects.select_related("author").get(pk=post)
    publishing.edit(found, body=text, warning="", by=found.author)


def withdraw(post: int) -> None:
    found = Post.objects.select_related("author").get(pk=post)
    publishing.withdraw(found, by=found.author)


def ring(times: int = 1) -> None:
    """Send the message to look, as often as asked, whatever was answered."""
    for _time in range(times):
        doorbell.answer()
        doorbell.ring()


def silence_doorbell() -> None:
    """The next message is lost: everybody believes that it has been sent already."""
    cache.set(doorbell.UNANSWERED, 1, timeout=60)


def drain(seconds: float) -> int:
    """Ring as an impatient beat does until nothing is pending or the time is over; return how much is pending."""
    end = time.monotonic() + seconds
    while (pending := Revision.objects.pending().count()) and time.monotonic() < end:
        ring()
        time.sleep(0.2)
    return pending


def count_scans(posts: list[int]) -> int:
    return Scan.objects.filter(revision__post__in=posts).count()


def look_at_attempts(posts: list[int]) -> dict[str, Any]:
    """How often these posts' revisions were attempted, least and most, and how many are leased now."""
    revisions = Revision.objects.filter(post__in=posts)
    found = revisions.aggregate(least=Min("attempts"), most=Max("attempts"))
    leased = revisions.pending().filter(due_at__gt=timezone.now()).count()
    return {**found, "leased": leased}


def look_at_statuses(posts: list[int]) -> dict[str, int]:
    """How many revisions of these posts stand at each status."""
    rows = Revision.objects.filter(post__in=posts).values_list("status").annotate(Count("pk"))
    return dict(rows.order_by())


def look_at_shown(post: int) -> str | None:
    """The text that others see of a post."""
    shown = Post.objects.select_related("shown").get(pk=post).shown
    return shown.text if shown else None


def look_at_case(post: int) -> dict[str, Any]:
    """The only case about a post."""
    case = Case.objects.get(post=post)
    return {"origin": case.origin, "attempts": case.revision.attempts, "status": case.revision.status}


def look_at_models() -> list[str]:
    """The versions of the models that judged, in order."""
    return list(Scan.objects.order_by("pk").values_list("model", flat=True))


def stored_texts(parts: list[str]) -> list[str]:
    """Those of `parts` that stand in any revision."""
    return [part for part in parts if Revision.objects.filter(text__contains=part).exists()]


def take_down(post: int, moderator: str) -> None:
    """A person decides the case of a held post; its author gets a statement."""
    case = Case.objects.with_target().get(post=post)
    by = User.objects.get(handle=moderator)
    deciding.decide(case, Measure.TAKE_DOWN, by=by, version=case.version, violation="V3", reason="A threat.")


def forget_known_texts() -> None:
    """Texts of later tests must not be held because of this one's."""
    KnownBad.objects.all().delete()


def look_at_statement(post: int) -> dict[str, Any]:
    """How far the statement about a post is on its way."""
    found = Statement.objects.get(decision__case__post=post)
    return {"attempts": found.attempts, "is_mailed": found.mailed_at is not None}


def break_address(handle: str) -> None:
    """From now on the account has an address that no mail can carry."""
    User.objects.filter(handle=handle).update(email=f"{handle}@example.org\nBcc: all@example.org")


def make_statements_due() -> None:
    """The wait before the next attempt is over, and so is the time in which the decider can take the decision back."""
    now = timezone.now()
    Statement.objects.filter(mailed_at=None).update(due_at=now, visible_from=now)


def send_notices(times: int = 1) -> None:
    """What beat does every few seconds."""
    for _time in range(times):
        current_app.send_task("moderation.tasks.send_notices")
