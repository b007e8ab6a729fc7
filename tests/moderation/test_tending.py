"""The sweep over the queue: the alarm for imminent cases that nobody looked at, and what it brings up to date."""

from datetime import timedelta

from django.db.models.functions import Now
from structlog.testing import capture_logs

from moderation import backlog, tasks, tending
from moderation.lanes import Lane
from moderation.models import Case
from tests import factories


def hold(author, violation):
    post = factories.make_pending_post(author=author, text=violation)
    factories.hold(post.get_latest_revision(), violation=violation)
    return Case.objects.get(post=post)


def make_overdue(case):
    Case.objects.filter(pk=case.pk).update(opened_at=Now() - timedelta(days=8), due_at=Now())


def test_an_overdue_imminent_case_sounds_the_alarm_at_every_sweep(author):
    make_overdue(hold(author, "V8"))
    for _sweep in range(2):
        with capture_logs() as logs:
            tasks.tend_queue()
        (alarm,) = [log for log in logs if log["event"] == "imminent_cases_overdue"]
        assert (alarm["log_level"], alarm["overdue"]) == ("error", 1)


def test_other_overdue_cases_and_imminent_ones_in_time_sound_none(author):
    make_overdue(hold(author, "V3"))
    hold(author, "V8")
    assert not tending.sound_alarm()


def test_every_lane_says_how_many_wait_and_how_many_are_overdue(author):
    hold(author, "V8")
    make_overdue(hold(author, "V3"))
    hold(author, "V1")
    figures = [(waiting.lane, waiting.count, waiting.overdue) for waiting in backlog.by_lane()]
    assert figures == [(Lane.IMMINENT, 1, 0), (Lane.MANIFEST, 2, 1), (Lane.OTHER, 0, 0)]
    assert backlog.by_lane()[2].first_due_at is None
