"""Two who act at once on what chance chose: one wins, and nobody waits in a circle."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from accounts.roles import Role
from moderation import deciding
from moderation.figures import looking_again, rolling_up, sampling
from moderation.figures.looking_again import LookTaken
from moderation.measures import Measure
from moderation.models import Case, DailyFigure, QualitySample, SecondLook
from tests import factories
from tests.moderation.racing import in_thread, wait_until_somebody_waits

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("everything_is_chosen"),
]


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as threads:
        yield threads


@pytest.fixture
def looks(author, moderator):
    for number in range(2):
        post = factories.make_held_post(author=author, text=f"Number {number}")
        deciding.decide(Case.objects.get(post=post), Measure.CLEAR, by=moderator, version=1)
    return list(SecondLook.objects.order_by("pk"))


def test_two_sweeps_open_one_case(pool, author):
    post = factories.make_post(author=author)
    QualitySample.objects.create(revision=post.get_latest_revision())
    with transaction.atomic():
        assert sampling.open_cases() == 1
        slower = in_thread(pool, sampling.open_cases)
        wait_until_somebody_waits()
    assert slower.result() == 0
    assert Case.objects.count() == 1


def test_two_who_take_the_next_one_get_different_ones(pool, looks, other, senior):
    with transaction.atomic():
        mine = looking_again.claim_next(by=other)
        theirs = in_thread(pool, looking_again.claim_next, by=senior)
        # Only the trail, which is written last, waits; the choice does not.
        wait_until_somebody_waits()
    assert {mine, theirs.result()} == set(looks)


def test_of_two_verdicts_at_once_one_is_given(pool, looks, other, senior):
    with transaction.atomic():
        looking_again.judge(looks[0], Measure.CLEAR, by=other)
        slower = in_thread(pool, looking_again.judge, looks[0], Measure.CLEAR, by=senior)
        wait_until_somebody_waits()
    with pytest.raises(LookTaken):
        slower.result()
    assert SecondLook.objects.get(pk=looks[0].pk).by == other


def test_two_who_swap_theirs_do_not_wait_for_each_other_in_a_circle(pool, looks, other, senior):
    for look, person in zip(looks, (other, senior), strict=True):
        looking_again.claim(look, by=person)
    SecondLook.objects.update(claimed_until="2026-01-01T00:00:00Z")
    swapping = [
        in_thread(pool, looking_again.claim, look, by=person)
        for look, person in zip(looks, (senior, other), strict=True)
    ]
    for swap in swapping:
        swap.result()
    assert [look.claimed_by for look in SecondLook.objects.order_by("pk")] == [senior, other]


def test_two_roll_ups_at_once_leave_one_set_of_rows(pool, looks):
    (day,) = rolling_up.roll_up_due()
    rows = DailyFigure.objects.count()
    with transaction.atomic():
        rolling_up.roll_up(day)
        slower = in_thread(pool, rolling_up.roll_up, day)
        wait_until_somebody_waits()
    slower.result()
    assert DailyFigure.objects.count() == rows


def test_moderators_of_the_same_level_share_the_work(looks):
    people = [factories.make_user(role=Role.MODERATOR) for _person in range(3)]
    taken = [looking_again.claim_next(by=person) for person in people]
    assert taken == [*looks, None]
