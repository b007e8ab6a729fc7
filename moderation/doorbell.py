"""The doorbell: a hint to the workers that something is due. Lost, late or doubled, it changes nothing.

One ring stands for all that is due: while a ring is unanswered, further ones are not sent, so that a burst of posts costs
the broker one message and not one each.
"""

from typing import Any

import structlog
from celery import current_app
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from posts.statuses import Status

SCREEN = "moderation.tasks.screen"
UNANSWERED = "doorbell"
# A ring that nobody answers stops holding others back after this many seconds.
RING_AGAIN_AFTER = 2

logger = structlog.get_logger(__name__)


def ring() -> None:
    """Tell the workers to look, unless they have been told already. Never fails: the sweep finds what a ring does not."""
    try:
        if cache.add(UNANSWERED, 1, timeout=RING_AGAIN_AFTER):
            current_app.send_task(SCREEN)
    except (RedisError, OperationalError):
        logger.warning("doorbell_broken")


def answer() -> None:
    """A worker begins to look: whatever is committed from now on needs a new ring."""
    try:
        cache.delete(UNANSWERED)
    except RedisError:
        logger.warning("doorbell_broken")


def ring_for_pending(*, new: str, **_signal: Any) -> None:
    """Receiver of `posts.signals.moved`: ring when the transaction that brought a pending revision is committed."""
    if new == Status.PENDING:
        transaction.on_commit(ring)
