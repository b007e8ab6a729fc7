"""Breakers narrow a rule and alarm; what is held stays held, and without figures nothing changes."""

from datetime import timedelta

import pytest
import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from moderation import scanner_loading, screening
from moderation.models import AuditRow, Case, NarrowedRule, RuleStep, RuleTally, RuleVersion
from moderation.rule_states import Breaker, RuleState
from moderation.rulebook import breakers, narrowing, stepping, tallying
from moderation.rulebook.breakers import Figures
from moderation.rulebook.stepping import NotForYou, StepRefused
from tests import factories
from tests.moderation.rulebook.builders import make_version

LABEL = "house/code_word#1"
QUIET = Figures(
    name="r",
    share=100,
    version=None,
    hits_hour=0,
    texts_hour=0,
    hits_now=1,
    texts_now=0,
    hits_week=0,
    texts_week=0,
    cleared=0,
    upheld=0,
)


def figures(**changes):
    return Figures(**{name: changes.get(name, getattr(QUIET, name)) for name in Figures.__slots__})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"texts_hour": 1000, "hits_hour": 50}, None),
        ({"texts_hour": 1000, "hits_hour": 51}, Breaker.FLOOD),
        ({"texts_hour": 199, "hits_hour": 199}, None),
        ({"texts_hour": 1000, "hits_hour": 20, "share": 10}, None),
        ({"texts_hour": 2000, "hits_hour": 11, "share": 10}, Breaker.FLOOD),
        ({"cleared": 15, "upheld": 5}, None),
        ({"cleared": 16, "upheld": 4}, Breaker.CLEARED),
        ({"cleared": 19, "upheld": 0}, None),
        ({"hits_now": 0, "texts_now": 600, "hits_week": 1000, "texts_week": 30_000}, Breaker.SILENCE),
        ({"hits_now": 0, "texts_now": 599, "hits_week": 1000, "texts_week": 30_000}, None),
        ({"hits_now": 1, "texts_now": 600, "hits_week": 1000, "texts_week": 30_000}, None),
        ({"hits_now": 0, "texts_now": 600, "hits_week": 0, "texts_week": 0}, None),
    ],
)
def test_what_trips_a_breaker(changes, expected):
    assert breakers.judge(figures(**changes)) == expected


def tally(name, *, ago=timedelta(minutes=5), **counts):
    RuleTally.objects.create(name=name, slot=Now() - ago, **counts)


@pytest.fixture
def live(writer, approver):
    """A rule that has been live for a month."""
    version = make_version(RuleState.LIVE, writer=writer, approver=approver)
    RuleVersion.objects.update(since=Now() - timedelta(days=30))
    return version


def trip():
    with structlog.testing.capture_logs() as logs:
        count = breakers.trip_due()
    alarms = [entry for entry in logs if entry["event"] == "rule_breaker_tripped"]
    assert len(alarms) == count
    assert all(entry["log_level"] == "error" for entry in alarms)
    return [(entry["name"], entry["breaker"]) for entry in alarms]


def flood(name=LABEL):
    tally(tallying.JUDGED, hits=1000)
    tally(name, hits=200)


def test_a_flood_narrows_a_live_rule_to_its_shadow_and_alarms_once(live):
    flood()
    assert trip() == [(LABEL, "flood")]
    live.refresh_from_db()
    assert (live.state, live.narrowed, live.approved_by) == (RuleState.SHADOW, Breaker.FLOOD, None)
    assert RuleStep.objects.latest("pk").by is None
    row = AuditRow.objects.latest("pk")
    assert (row.verb, row.actor, row.data["why"]) == ("step_rule", "machine", "flood")
    assert trip() == []


def test_a_canary_is_narrowed_as_well(writer, approver):
    version = make_version(RuleState.CANARY, writer=writer, approver=approver)
    RuleVersion.objects.update(since=Now() - timedelta(days=30))
    tally(tallying.JUDGED, hits=4000)
    tally(LABEL, hits=100)
    assert trip() == [(LABEL, "flood")]
    version.refresh_from_db()
    assert version.state == RuleState.SHADOW


def test_too_much_that_people_cleared_narrows_a_rule(live):
    tally(LABEL, ago=timedelta(days=3), cleared=30, upheld=2)
    assert trip() == [(LABEL, "cleared")]


def test_sudden_silence_narrows_a_rule(live):
    tally(tallying.JUDGED, ago=timedelta(days=2), hits=10_000)
    tally(LABEL, ago=timedelta(days=2), hits=500)
    tally(tallying.JUDGED, hits=5_000)
    assert trip() == [(LABEL, "silence")]


def test_what_was_before_the_rule_stood_here_does_not_count(live):
    tally(LABEL, ago=timedelta(days=3), cleared=30)
    tally(tallying.JUDGED, ago=timedelta(minutes=30), hits=1000)
    tally(LABEL, ago=timedelta(minutes=30), hits=200)
    RuleVersion.objects.update(since=Now() - timedelta(minutes=20))
    assert trip() == []


def test_what_is_held_stays_held_and_what_comes_is_cleared_by_the_rest(live, author, fresh_process):
    held = factories.make_pending_post(author=author, text="Bring the zorblax")
    screening.screen_due()
    flood()
    assert trip() == [(LABEL, "flood")]
    assert Case.objects.open().get().post == held
    held.refresh_from_db()
    assert held.shown is None
    screening.screen_due()
    assert held.get_latest_revision().status == "held"


def test_a_shipped_rule_is_narrowed_by_a_row_and_a_person_lifts_it(
    db, author, writer, moderator, fresh_process
):
    text = "I will find you and kill you"
    gate = scanner_loading.get_gate()
    names = {reason.name for reason in gate.scanner.scan([text])[0].reasons if reason.kind == "rule"}
    name = min(names)
    flood(name)
    assert trip() == [(name, "flood")]
    assert trip() == []
    narrowed = NarrowedRule.objects.get()
    assert (narrowed.name, narrowed.why) == (name, "flood")
    after = scanner_loading.get_gate()
    assert name not in [rule.name for rule in after.rules.matcher.ruleset.rules]
    assert after.rules.watcher is not None
    assert [rule.name for rule in after.rules.watcher.ruleset.rules] == [name]
    assert after.scanner.scan([text])[0].verdict == "hold", "The model and the other rules are as they were."
    with pytest.raises(NotForYou):
        narrowing.lift(narrowed, by=moderator)
    narrowing.lift(narrowed, by=writer)
    assert scanner_loading.get_gate().rules.watcher is None
    with pytest.raises(StepRefused):
        narrowing.lift(narrowed, by=writer)
    assert trip() == [], "What was counted before somebody lifted it is settled."
    with pytest.raises(IntegrityError), transaction.atomic():
        NarrowedRule.objects.update(lifted_by=None)
    assert list(AuditRow.objects.order_by("-pk").values_list("verb", flat=True)[:2]) == [
        "lift_rule",
        "narrow_rule",
    ]


def test_when_the_figures_cannot_be_had_nothing_changes(live, transactional_db):
    flood()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_ruletally RENAME COLUMN cleared TO elsewhere")
    try:
        with pytest.raises(Exception, match="cleared"):
            breakers.trip_due()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE moderation_ruletally RENAME COLUMN elsewhere TO cleared")
    live.refresh_from_db()
    assert live.state == RuleState.LIVE


def test_a_person_who_was_faster_is_not_overruled(live, writer):
    stale = RuleVersion.objects.with_people().get(pk=live.pk)
    stepping.withdraw(live, by=writer)
    with pytest.raises(StepRefused):
        stepping.narrow(stale, Breaker.FLOOD)


def test_breakers_take_the_same_queries_for_any_number_of_rules(
    live, writer, approver, django_assert_num_queries
):
    with django_assert_num_queries(5):
        breakers.trip_due()
    make_version(RuleState.CANARY, writer=writer, approver=approver, name="another")
    for number in range(5):
        tally(f"shipped_{number}", hits=1)
    with django_assert_num_queries(5):
        breakers.trip_due()
