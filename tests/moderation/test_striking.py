"""Strikes are counted from the decisions that stand; the ladder proposes, nothing follows by itself."""

import pytest
from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import Restriction
from moderation import deciding, striking
from moderation.choosing import Choice
from moderation.measures import DAY, Measure
from moderation.models import Case, Decision
from tests import factories


def strike(author, moderator, violation="V3"):
    case = Case.objects.get(post=factories.make_held_post(author=author))
    return deciding.decide(
        case, Choice(Measure.TAKE_DOWN, is_strike=True), by=moderator, version=1, violation=violation
    )


def age(decision, by):
    """Let a decision be older by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Decision.objects.filter(pk=decision.pk).update(at=F("at") - by)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_strike_weighs_by_the_severity_of_its_rule(author, moderator):
    strike(author, moderator, "V6")
    assert striking.record_of(author).points == 2
    strike(author, moderator, "V3")
    record = striking.record_of(author)
    assert (record.points, len(record.strikes)) == (6, 2)


def test_a_removal_without_a_strike_does_not_count(author, moderator):
    case = Case.objects.get(post=factories.make_held_post(author=author))
    deciding.decide(case, Choice(Measure.TAKE_DOWN), by=moderator, version=1, violation="V3")
    assert striking.record_of(author).points == 0


def test_a_plain_removal_is_a_strike(author, moderator):
    case = Case.objects.get(post=factories.make_held_post(author=author))
    deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V3")
    assert striking.record_of(author).points == 4


@pytest.mark.parametrize("undo", [deciding.overturn, deciding.take_back])
def test_what_is_taken_back_does_not_count(author, moderator, undo):
    undo(strike(author, moderator), by=moderator)
    assert striking.record_of(author).points == 0


@pytest.mark.parametrize(("violation", "days"), [("V6", 90), ("V3", 365)])
def test_a_strike_ends_by_the_clock_of_the_database(author, moderator, time_machine, violation, days):
    decision = strike(author, moderator, violation)
    time_machine.move_to(timezone.now() + 1000 * DAY)
    age(decision, (days - 1) * DAY)
    assert striking.record_of(author).points > 0
    age(decision, DAY)
    assert striking.record_of(author).points == 0


def test_strikes_of_others_do_not_count(author, reader, moderator):
    strike(reader, moderator)
    assert striking.record_of(author).points == 0


@pytest.mark.parametrize(
    ("points", "measure", "days"),
    [
        (0, None, None),
        (1, Measure.WARN, None),
        (2, Measure.WARN, None),
        (3, Measure.READ_ONLY, 1),
        (5, Measure.READ_ONLY, 1),
        (6, Measure.READ_ONLY, 7),
        (9, Measure.SUSPEND, 30),
        (12, Measure.SUSPEND, 30),
        (13, Measure.BAN, None),
        (99, Measure.BAN, None),
    ],
)
def test_the_ladder_rises_with_the_points(points, measure, days):
    rung = striking.propose(points)
    assert (rung and rung.measure) == measure
    assert (rung and rung.duration and rung.duration.days) == days


def test_every_rung_is_a_measure_that_is_offered_for_that_long():
    for rung in striking.LADDER:
        durations = rung.measure.terms.durations
        assert rung.duration in [each.time for each in durations] if durations else rung.duration is None


def test_the_form_says_what_the_ladder_proposes_and_does_nothing_by_itself(
    client_for, author, moderator, django_assert_max_num_queries
):
    strike(author, moderator)
    case = Case.objects.get(post=factories.make_held_post(author=author))
    desk = client_for(moderator)
    desk.post(reverse("admin:moderation_case_take", args=[case.pk]))
    shown = desk.get(reverse("admin:moderation_case_change", args=[case.pk])).content.decode()
    assert "1 strike counts now, 4 points." in shown
    assert "it would be 8 points; the ladder proposes: <strong>read-only for 7 days</strong>" in shown
    desk.post(
        reverse("admin:moderation_case_decide", args=[case.pk]),
        {"measure": "take_down", "violation": "V3", "version": case.version, "strike": "on"},
    )
    assert striking.record_of(author).points == 8
    assert not Restriction.objects.exists()
