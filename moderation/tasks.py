"""What Celery runs: each task only says "look", is safe to run twice, and takes no data with it."""

from celery import shared_task

from moderation import doorbell, mailing, screening, tending
from moderation.evidence import settling
from moderation.figures import rolling_up
from moderation.rulebook import tending as rulebook_tending


@shared_task(name=doorbell.SCREEN, ignore_result=True)
def screen() -> None:
    """Judge everything that is due; what comes after the first look is for the next ring."""
    doorbell.answer()
    screening.screen_due()


@shared_task(ignore_result=True)
def send_notices() -> None:
    """Mail every statement and notice that is due."""
    mailing.send_due()


@shared_task(ignore_result=True)
def tend_queue() -> None:
    """Watch over the moderators' queue."""
    tending.tend()


@shared_task(ignore_result=True)
def roll_up_figures() -> None:
    """Make the figures of every day that is not final."""
    rolling_up.roll_up_due()


@shared_task(ignore_result=True)
def tend_rules() -> None:
    """Watch over the rules."""
    rulebook_tending.tend()


@shared_task(ignore_result=True)
def settle_holds() -> None:
    """Erase what was kept for legal holds that ended."""
    settling.settle_ended()
