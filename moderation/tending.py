"""Tending the queue: what the sweep does for it, whether or not anybody sits at the desk."""

import structlog

from moderation import backlog, claiming, ranking
from moderation.figures import sampling
from moderation.guests import forgetting

logger = structlog.get_logger(__name__)


def tend() -> None:
    """Sound the alarm for imminent cases that nobody looked at in time, bring the order of work up to date, open the samples, forget what is over."""
    sound_alarm()
    ranking.refresh()
    claiming.forget_old_skips()
    sampling.open_cases()
    forgetting.erase_due()


def sound_alarm() -> bool:
    """Log an error for as long as an imminent case is overdue; tell whether one is."""
    for waiting in backlog.by_lane():
        if waiting.is_alarming:
            logger.error(
                "imminent_cases_overdue", overdue=waiting.overdue, first_due_at=str(waiting.first_due_at)
            )
            return True
    return False
