"""Lanes: how soon somebody has to look, by the database's clock, and what makes a case more urgent."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Now

from moderation import queueing, reporting
from moderation.lanes import Lane
from moderation.models import Case, Imminence, Origin, Scan, Verdict
from posts import publishing
from tests import factories


def held(author, violation="V3", imminence=""):
    post = factories.make_pending_post(author=author, text="Held")
    with transaction.atomic():
        (revision,) = publishing.hold_pending([post.get_latest_revision()])
        scan = Scan.objects.create(
            revision=revision,
            sha256=revision.sha256,
            verdict=Verdict.HOLD,
            violation=violation,
            imminence=imminence,
        )
        queueing.open_case(revision, origin=Origin.SCAN, violation=violation, scan=scan)
    return Case.objects.get(post=post)


def time_left(case):
    left = Case.objects.annotate(left=F("due_at") - Now()).values_list("left", flat=True).get(pk=case.pk)
    return timedelta(minutes=round(left / timedelta(minutes=1)))


@pytest.mark.parametrize(
    ("violation", "imminence", "lane"),
    [
        ("V3", Imminence.BOTH, Lane.IMMINENT),
        ("V6", Imminence.BOTH, Lane.IMMINENT),
        ("V8", "", Lane.IMMINENT),
        ("V11", "", Lane.IMMINENT),
        ("V3", Imminence.TIME, Lane.MANIFEST),
        ("V1", "", Lane.MANIFEST),
        ("V6", Imminence.PLACE, Lane.OTHER),
        ("", "", Lane.OTHER),
    ],
)
def test_the_lane_follows_from_what_the_scan_found(author, violation, imminence, lane):
    case = held(author, violation, imminence)
    assert case.lane == lane
    assert time_left(case) == lane.time


@pytest.mark.parametrize("clock", ["2001-01-01", "2099-01-01"])
def test_a_wrong_clock_of_the_server_changes_no_due_time(author, clock):
    with time_machine.travel(clock):
        case = held(author, "V8")
    assert time_left(case) == Lane.IMMINENT.time


def test_a_report_makes_a_case_more_urgent_and_never_less(author, reader, moderator):
    post = factories.make_post(author=author)
    lanes, left = [], []
    for reporter, violation in (
        (reader, "V6"),
        (moderator, "V3"),
        (factories.make_user(), "V8"),
        (factories.make_user(), ""),
    ):
        reporting.report(post, by=reporter, violation=violation, comment="Look")
        lanes.append(Case.objects.get().lane)
        left.append(time_left(Case.objects.get()))
    assert lanes == [Lane.OTHER, Lane.MANIFEST, Lane.IMMINENT, Lane.IMMINENT]
    assert left == [lane.time for lane in map(Lane, lanes)]


def test_a_lane_that_gets_faster_never_gives_more_time(author, reader, moderator):
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6")
    Case.objects.update(opened_at=Now() - timedelta(days=6), due_at=Now() + timedelta(hours=1))
    reporting.report(post, by=moderator, violation="V3")
    assert Case.objects.get().lane == Lane.MANIFEST
    assert time_left(Case.objects.get()) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"lane": 4}, "lane_is_known"),
        ({"lane": Lane.OTHER}, "lane_is_fast_enough"),
        ({"violation": "V8"}, "lane_is_fast_enough"),
        ({"due_at": F("opened_at") - timedelta(seconds=1)}, "due_after_opening"),
    ],
)
def test_the_database_refuses_a_lane_that_does_not_fit(author, changes, constraint):
    case = held(author, "V3")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**changes)
