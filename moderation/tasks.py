"""What Celery runs: each task only says "look", is safe to run twice, and takes no data with it."""

from celery import shared_task

from moderation import doorbell, mailing, screening, tending


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
