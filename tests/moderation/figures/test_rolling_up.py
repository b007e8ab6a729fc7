"""Rolled-up days are what one finds by counting, and rolling them up again changes nothing."""

import math
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation import appealing, deciding, reporting, tasks
from moderation.figures import looking_again, rolling_up, sampling, sketching
from moderation.lanes import Lane
from moderation.measures import Measure
from moderation.models import (
    AppealStatus,
    Case,
    DailyFigure,
    Kind,
    QualitySample,
    RolledDay,
    SecondLook,
)
from tests import factories

DAY = date(2026, 3, 10)
START = datetime.combine(DAY, time.min, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture
def today(db) -> date:
    """By the database's clock."""
    factories.make_held_post(author=factories.make_user())
    rolling_up.roll_up_due()
    day = RolledDay.objects.get().day
    DailyFigure.objects.all().delete()
    RolledDay.objects.all().delete()
    Case.objects.all().delete()
    return day


def figures(day, *kinds):
    rows = DailyFigure.objects.filter(day=day, kind__in=kinds)
    return {(row.kind, row.key): (row.count, row.hits) for row in rows}


def everything():
    return list(
        DailyFigure.objects.order_by("day", "kind", "key", "bucket").values_list(
            "day", "kind", "key", "bucket", "count", "hits"
        )
    )


# Minutes after the start of the day before DAY, for the opening of a case, how long it stayed open (None: still is), and its lane.
cases_at_random = st.lists(
    st.tuples(
        st.integers(-1440, 2 * 1440),
        st.none() | st.integers(0, 3 * 1440),
        st.sampled_from(Lane),
    ),
    max_size=12,
)


def put(cases, author):
    for opened, lasted, lane in cases:
        post = factories.make_pending_post(author=author, text=f"Number {next(_numbers)}")
        opened_at = START + timedelta(minutes=opened)
        closed_at = None if lasted is None else opened_at + timedelta(minutes=lasted)
        Case.objects.create(
            post=post,
            author=author,
            revision=post.get_latest_revision(),
            origin="scan",
            severity=1,
            lane=lane,
            status="open" if closed_at is None else "closed",
            opened_at=opened_at,
            due_at=opened_at,
            closed_at=closed_at,
        )


def count_by_hand(cases, day):
    """Every row of the day about the flow of cases, by going through all of them."""
    start = datetime.combine(day, time.min, tzinfo=UTC)
    stop = start + timedelta(days=1)
    rows: Counter[tuple[str, str, int]] = Counter()
    oldest: dict[str, int] = {}
    for opened, lasted, lane in cases:
        key = str(lane.value)
        opened_at = START + timedelta(minutes=opened)
        closed_at = None if lasted is None else opened_at + timedelta(minutes=lasted)
        rows["opened", key, 0] += start <= opened_at < stop
        if closed_at is not None and start <= closed_at < stop:
            seconds = max(1.0, (closed_at - opened_at).total_seconds())
            rows["closed", key, 0] += 1
            rows["action", key, max(0, math.ceil(math.log(seconds) / math.log(sketching.GROWTH)))] += 1
        if opened_at < stop and (closed_at is None or closed_at >= stop):
            rows["backlog", key, 0] += 1
            oldest[key] = min(oldest.get(key, 2**62), int(opened_at.timestamp()))
    rows.update({("oldest", key, 0): second for key, second in oldest.items()})
    return {row: number for row, number in rows.items() if number}


@given(cases=cases_at_random)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_day_is_what_one_counts_by_hand_and_stays_so(author, cases):
    with transaction.atomic():
        put(cases, author)
        for day in (DAY, DAY + timedelta(days=1)):
            rolling_up.roll_up(day)
            first = everything()
            rows = DailyFigure.objects.filter(day=day).exclude(count=0)
            assert {(row.kind, row.key, row.bucket): row.count for row in rows} == count_by_hand(cases, day)
            rolling_up.roll_up(day)
            assert everything() == first
        transaction.set_rollback(True)


def test_holds_are_counted_by_rule_and_by_model_and_so_is_what_people_thought_otherwise(
    today, author, moderator, other, nothing_is_chosen
):
    cases = [Case.objects.get(post=factories.make_held_post(author=author, text=f"No {n}")) for n in range(3)]
    decide = deciding.decide
    decide(cases[0], Measure.CLEAR, by=moderator, version=1)
    removal = decide(cases[1], Measure.TAKE_DOWN, by=moderator, version=1, violation="V7")
    decide(cases[2], Measure.TAKE_DOWN, by=moderator, version=1, violation="V7")
    rolling_up.roll_up(today)
    assert figures(today, Kind.RULE) == {("rule", "threat"): (3, 1)}
    deciding.overturn(removal, by=other)
    rolling_up.roll_up(today)
    assert figures(today, Kind.RULE) == {("rule", "threat"): (3, 2)}
    assert figures(today, Kind.DECIDER) == {("decider", str(moderator.pk)): (3, 1)}


def test_what_a_decider_takes_back_is_as_if_it_had_not_been(today, author, moderator, nothing_is_chosen):
    factories.make_held_post(author=author)
    removal = deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V7")
    deciding.overturn(removal, by=moderator)
    rolling_up.roll_up(today)
    assert figures(today, Kind.RULE, Kind.DECIDER) == {}


@pytest.mark.usefixtures("nothing_is_chosen")
@pytest.mark.parametrize("has_account", [True, False], ids=["with", "without an account"])
def test_a_granted_appeal_of_a_reporter_takes_a_clearing_back(
    today, author, reader, moderator, other, has_account
):
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6")
    appellant = reader if has_account else factories.give_notice(post, ground="V6")
    cleared = deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    appeal = appealing.appeal(cleared, by=appellant, text="Look again")
    appealing.decide_appeal(
        appeal, AppealStatus.GRANTED, by=other, version=1, reasons="You are right", violation="V6"
    )
    rolling_up.roll_up(today)
    assert figures(today, Kind.DECIDER) == {("decider", str(moderator.pk)): (1, 1)}
    assert figures(today, Kind.RULE) == {}


def test_second_looks_are_counted_by_both_verdicts(today, author, moderator, other, everything_is_chosen):
    for number, second in enumerate((Measure.CLEAR, Measure.TAKE_DOWN, Measure.TAKE_DOWN)):
        post = factories.make_held_post(author=author, text=f"No {number}")
        decision = deciding.decide(
            Case.objects.get(post=post), Measure.TAKE_DOWN, by=moderator, version=1, violation="V7"
        )
        look = SecondLook.objects.get(decision=decision)
        looking_again.judge(look, second, by=other, violation="V6" if number == 1 else "V7")
    rolling_up.roll_up(today)
    assert figures(today, Kind.AGREEMENT, Kind.LOOKED_AT) == {
        ("agreement", "decided:take_down:clear"): (1, 0),
        ("agreement", "decided:take_down:take_down"): (2, 1),
        ("looked_at", str(moderator.pk)): (3, 2),
    }


def test_samples_are_counted_by_their_first_verdict(today, author, moderator, nothing_is_chosen):
    posts = [factories.make_post(author=author, text=f"No {number}") for number in range(3)]
    QualitySample.objects.bulk_create(QualitySample(revision=post.get_latest_revision()) for post in posts)
    sampling.open_cases()
    profile_sample = author.profile.get_latest_revision()
    QualitySample.objects.create(revision=profile_sample)
    sampling.open_cases()
    verdicts = [Measure.CLEAR, Measure.TAKE_DOWN]
    for post, measure in zip(posts, verdicts, strict=False):
        deciding.decide(Case.objects.get(post=post), measure, by=moderator, version=1, violation="V6")
    deciding.decide(Case.objects.get(profile=author.profile), Measure.CLEAR, by=moderator, version=1)
    rolling_up.roll_up(today)
    assert figures(today, Kind.SAMPLE) == {("sample", "post"): (2, 1), ("sample", "profile"): (1, 0)}


def test_today_is_made_every_time_and_a_finished_day_once(today, author, nothing_is_chosen):
    factories.make_held_post(author=author)
    Case.objects.update(opened_at=Now() - timedelta(days=3))
    assert rolling_up.roll_up_due() == [today - timedelta(days=number) for number in (3, 2, 1, 0)]
    finished = RolledDay.objects.filter(day__lt=today)
    before = list(finished.order_by("day").values_list("day", "rolled_at", "is_final"))
    # The day before may have ended within the last ten minutes.
    assert all(is_final for day, _at, is_final in before if day < today - timedelta(days=1))
    again = rolling_up.roll_up_due()
    assert again[-1] == today
    assert all(day >= today - timedelta(days=1) for day in again)
    after = dict(finished.values_list("day", "rolled_at"))
    assert all(after[day] == at for day, at, is_final in before if is_final)
    assert not RolledDay.objects.get(day=today).is_final


def test_the_first_roll_up_reaches_no_further_back_than_the_page(today, author):
    factories.make_held_post(author=author)
    Case.objects.update(opened_at=Now() - timedelta(days=400))
    assert rolling_up.roll_up_due()[0] == today - rolling_up.BACK


def test_without_any_case_there_is_nothing_to_make(db):
    assert rolling_up.roll_up_due() == []
    tasks.roll_up_figures()
    assert not RolledDay.objects.exists()


def test_the_commands_make_and_show_figures(today, author, moderator, capsys):
    with pytest.raises(CommandError, match="roll_up_figures"):
        call_command("show_figures")
    factories.make_held_post(author=author)
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    call_command("roll_up_figures")
    call_command("roll_up_figures", "--since", str(today - timedelta(days=2)))
    assert "Made the figures of 3 days" in capsys.readouterr().out
    call_command("show_figures", "--days", "7")
    shown = capsys.readouterr().out
    for word in ("manifest", "threat", moderator.handle, "Agreement"):
        assert word in shown
