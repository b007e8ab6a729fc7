"""By which way somebody acts: it stands in every row of the audit trail, and no verb has to be told."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Via(TextChoices):
    DESK = "desk", _("the desk")
    PAGE = "page", _("a page")
    API = "api", _("the API")
    WORKER = "worker", _("a worker")
    COMMAND = "command", _("a command")


# A process that nobody told otherwise is a command or a shell: an operator's.
_via: ContextVar[Via] = ContextVar("via", default=Via.COMMAND)


def current() -> Via:
    """The way by which this thread acts."""
    return _via.get()


@contextmanager
def through(via: Via) -> Iterator[None]:
    """Whatever is done in this block comes by this way."""
    token = _via.set(via)
    try:
        yield
    finally:
        _via.reset(token)
