"""The order of work: what weighs more comes first, and everything is reached."""

import random
from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now
from hypothesis import given
from hypothesis import strategies as st

from accounts import following
from moderation import queueing, ranking, reporting
from moderation.lanes import Lane
from moderation.models import Case, Origin, Scan, Verdict
from posts import publishing
from posts.models import Post
from tests import factories


def held(author, score, violation="V3"):
    post = factories.make_pending_post(author=author, text=f"{score}")
    (revision,) = publishing.hold_pending([post.get_latest_revision()])
    scan = Scan.objects.create(
        revision=revision, sha256=revision.sha256, verdict=Verdict.HOLD, score=score, violation=violation
    )
    return queueing.open_case(revision, origin=Origin.SCAN, violation=violation, scan=scan)


def reported(author, by, violation="V6"):
    filed = reporting.report(factories.make_post(author=author), by=by, violation=violation)
    return Case.objects.get(reports=filed.pk)


def in_order():
    return list(Case.objects.open().in_order())


def test_imminent_harm_comes_before_everything_else_however_long_that_waits(author):
    old = held(author, 0.5)
    Case.objects.update(
        opened_at=F("opened_at") - timedelta(days=40),
        due_at=F("due_at") - timedelta(days=40),
        rank_at=F("rank_at") - timedelta(days=40),
    )
    new = held(author, 0.99, violation="V8")
    assert in_order() == [new, old]


def test_of_what_is_held_the_least_likely_violation_comes_first(author):
    """News and protest do not rot behind what will be removed anyway."""
    likely, unlikely = held(author, 0.99), held(author, 0.4)
    assert in_order() == [unlikely, likely]


def test_of_what_is_held_the_author_with_more_readers_comes_first(author, reader, moderator):
    quiet = held(author, 0.6)
    for follower in (author, moderator):
        following.follow(follower, reader)
    heard = held(reader, 0.6)
    assert in_order() == [heard, quiet]


def test_of_what_can_be_seen_the_worse_the_wider_read_and_the_more_reported_comes_first(
    author, reader, moderator
):
    first, second, third = (reported(author, reader) for _number in range(3))
    Post.objects.filter(pk=second.post_id).update(upvote_count=50)
    ranking.refresh()
    assert in_order()[0] == second
    for reporter in (moderator, factories.make_user(), factories.make_user()):
        reporting.report(third.post, by=reporter, violation="V6")
    assert in_order() == [second, third, first]


def test_a_post_for_mentioned_people_only_counts_no_followers(author, reader, moderator):
    for follower in (reader, moderator):
        following.follow(follower, author)
    post = factories.make_pending_post(author=author, text="@reader", visibility="mentioned")
    factories.hold(post.get_latest_revision(), violation="V3")
    everybody = held(author, 0.97)
    assert in_order()[0] == everybody


def test_waiting_counts_of_equals_the_older_is_first(author):
    cases = [held(author, 0.7) for _number in range(3)]
    assert in_order() == cases
    assert ranking.refresh() == 0


@pytest.mark.parametrize(
    ("violation", "lane"), [("V8", Lane.IMMINENT), ("V3", Lane.MANIFEST), ("V6", Lane.OTHER)]
)
def test_no_weight_brings_a_case_forward_by_more_than_half_of_its_time(author, violation, lane):
    """So nothing is overtaken by what is opened much later: the bound that keeps every case from starving."""
    case = reported(author, factories.make_user(), violation)
    Post.objects.filter(pk=case.post_id).update(upvote_count=2**31 - 1)
    ranking.refresh()
    case.refresh_from_db()
    assert case.rank_at == case.due_at - lane.time / 2


def test_a_case_of_the_rest_waits_behind_a_bounded_number_of_days(author):
    """The slowest, lightest case stands before everything that is opened 10.5 days after it, whatever that weighs."""
    light = held(author, 0.999, violation="V6")
    Case.objects.filter(pk=light.pk).update(
        opened_at=Now() - timedelta(days=11),
        due_at=F("due_at") - timedelta(days=11),
        rank_at=F("rank_at") - timedelta(days=11),
    )
    heavy = reported(author, factories.make_user(), "V3")
    Post.objects.filter(pk=heavy.post_id).update(upvote_count=2**31 - 1)
    ranking.refresh()
    assert in_order() == [light, heavy]


DAY = 24.0
LANES = [Lane.MANIFEST, Lane.OTHER]


@given(
    weights=st.lists(st.tuples(st.sampled_from(LANES), st.floats(0, 1)), min_size=1, max_size=20),
    flood=st.integers(1, 3),
    seed=st.integers(0, 2**16),
)
def test_every_case_is_reached_while_heavier_ones_keep_coming(weights, flood, seed):
    """A desk that closes as many cases as come in, and somebody who makes all that come as heavy as can be.

    The place of a case is computed as the database does it; an hour is a turn. The backlog is closed within its bound.
    """
    chance = random.Random(seed)  # noqa: S311  Made-up data, the same every time.
    hours = {lane: lane.time / timedelta(hours=1) for lane in LANES}
    waiting = [
        (hours[lane] - hours[lane] / 2 * weight, f"old {number}")
        for number, (lane, weight) in enumerate(weights)
    ]
    hour, reached = 0.0, 0
    latest = max(place for place, _name in waiting)
    while reached < len(weights):
        for _new in range(flood):
            lane = chance.choice(LANES)
            waiting.append((hour + hours[lane] / 2, "new"))
        for _closed in range(flood):
            first = min(waiting)
            waiting.remove(first)
            reached += first[1] != "new"
        hour += 1
        # What overtakes an old case was opened before `latest`: with what waited then, that is all there can be before it.
        assert hour <= latest + len(weights) + 1
