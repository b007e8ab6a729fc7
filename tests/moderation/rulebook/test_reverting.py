"""Mass revert: a person confirms, every case is a decision of its own, and nothing else is touched."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import Role
from moderation import deciding, queueing, reporting, screening
from moderation.measures import Measure
from moderation.models import AuditRow, Case, Decision, MassRevert, RevertedCase, Statement
from moderation.rule_states import RuleState
from moderation.rulebook import reverting, stepping
from moderation.rulebook.reverting import Period
from moderation.rulebook.stepping import NotForYou, StepRefused
from posts import publishing
from tests import factories
from tests.moderation.rulebook.builders import make_version

LABEL = "house/code_word#1"
ALWAYS = Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC))

pytestmark = pytest.mark.usefixtures("fresh_process")


@pytest.fixture
def rule(writer, approver):
    return make_version(RuleState.LIVE, writer=writer, approver=approver)


def hold(author, *texts):
    posts = [factories.make_pending_post(author=author, text=text) for text in texts]
    screening.screen_due()
    return [Case.objects.open().get(post=post) for post in posts]


def seen(*cases):
    return {(case.pk, case.version) for case in cases}


def test_what_the_rule_alone_held_is_offered_and_nothing_else(rule, author, reader, writer):
    alone, also = hold(author, "Bring the zorblax", "Bring the zorblax, I will find you and kill you")
    other = hold(author, "I will find you and kill you")[0]
    found = reverting.preview(LABEL, ALWAYS, by=writer)
    assert found.cases == [alone]
    assert (found.others, found.has_more) == (1, False)
    assert other not in found.cases
    assert also not in found.cases
    assert reverting.preview("house/code_word#2", ALWAYS, by=writer).cases == []


def test_it_is_the_same_after_the_rule_was_withdrawn(rule, author, writer):
    cases = hold(author, "Bring the zorblax", "The zorblax again")
    stepping.withdraw(rule, by=writer)
    assert reverting.preview(LABEL, ALWAYS, by=writer).cases == cases


def test_only_the_period_counts(rule, author, writer):
    (case,) = hold(author, "Bring the zorblax")
    at = case.scan.at
    assert reverting.preview(LABEL, Period(at, at + timedelta(seconds=1)), by=writer).cases == [case]
    assert reverting.preview(LABEL, Period(at - timedelta(seconds=1), at), by=writer).cases == []


def test_what_somebody_reported_or_the_senior_wrote_is_left_to_others(rule, author, reader, writer, approver):
    post = factories.make_post(author=author, text="Good morning")
    publishing.edit(post, body="Bring the zorblax", warning="", by=author)
    hold(writer, "My own zorblax")
    offered = [case.post_id for case in reverting.preview(LABEL, ALWAYS, by=writer).cases]
    assert offered == [post.pk]
    reporting.report(post, by=reader, violation="V5")
    assert reverting.preview(LABEL, ALWAYS, by=writer).cases == []


def test_every_case_is_decided_with_its_statement_by_the_person(rule, author, writer):
    cases = hold(author, "Bring the zorblax", "The zorblax again", "No zorblax at all")
    revert = reverting.confirm(LABEL, ALWAYS, seen(*cases[:2]), by=writer, reason="A rule of ours was wrong.")
    assert Case.objects.open().count() == 3, "Confirming alone clears nothing."
    assert reverting.carry_on(revert) == 2
    assert list(Case.objects.open()) == [cases[2]]
    decisions = Decision.objects.order_by("pk")
    assert {(d.by, d.measure, d.reason) for d in decisions} == {
        (writer, "clear", "A rule of ours was wrong.")
    }
    assert Statement.objects.count() == 2
    for case in cases[:2]:
        case.post.refresh_from_db()
        assert case.post.shown is not None
    assert set(revert.cases.values_list("outcome", flat=True)) == {"cleared"}
    assert AuditRow.objects.get(verb="mass_revert").data["cases"] == [str(case.pk) for case in cases[:2]]
    assert reverting.carry_on(revert) == 0


def test_an_interrupted_revert_goes_on_where_it_was(rule, author, writer):
    cases = hold(author, *(f"Bring the zorblax {n}" for n in range(5)))
    revert = reverting.confirm(LABEL, ALWAYS, seen(*cases), by=writer)
    assert reverting.carry_on(revert, most=2) == 2
    assert revert.cases.waiting().count() == 3
    assert reverting.carry_on_all() == 3
    assert (Decision.objects.count(), Statement.objects.count()) == (5, 5)
    assert reverting.carry_on_all() == 0


def test_what_changed_or_is_in_other_hands_is_left_to_a_person(rule, author, reader, writer, moderator):
    changed, taken, decided = hold(
        author, "Bring the zorblax 1", "Bring the zorblax 2", "Bring the zorblax 3"
    )
    revert = reverting.confirm(LABEL, ALWAYS, seen(changed, taken, decided), by=writer)
    Case.objects.filter(pk=changed.pk).update(version=changed.version + 1)
    queueing.claim(taken, by=moderator)
    deciding.decide(decided, Measure.CLEAR, by=writer, version=decided.version)
    reverting.carry_on(revert)
    left = revert.cases.filter(outcome=RevertedCase.Outcome.LEFT)
    assert left.count() == 3
    assert all(left.values_list("why", flat=True))
    assert set(Case.objects.open()) == {changed, taken}


def test_a_person_who_lost_the_right_meanwhile_clears_nothing(rule, author, writer):
    cases = hold(author, "Bring the zorblax")
    revert = reverting.confirm(LABEL, ALWAYS, seen(*cases), by=writer)
    writer.groups.clear()
    reverting.carry_on(MassRevert.objects.get(pk=revert.pk))
    assert Case.objects.open().exists()


def test_only_what_the_preview_offers_can_be_confirmed(rule, author, writer, moderator):
    (other,) = hold(author, "I will find you and kill you")
    with pytest.raises(StepRefused):
        reverting.confirm(LABEL, ALWAYS, seen(other), by=writer)
    (case,) = hold(author, "Bring the zorblax")
    with pytest.raises(StepRefused):
        reverting.confirm(LABEL, ALWAYS, {(case.pk, case.version + 1)}, by=writer)
    with pytest.raises(NotForYou):
        reverting.confirm(LABEL, ALWAYS, seen(case), by=moderator)
    assert not MassRevert.objects.exists()


def test_the_database_wants_a_decision_behind_every_cleared_case(rule, author, writer):
    (case,) = hold(author, "Bring the zorblax")
    reverting.confirm(LABEL, ALWAYS, seen(case), by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RevertedCase.objects.update(outcome=RevertedCase.Outcome.CLEARED)


def test_more_than_a_person_reads_is_left_for_the_next_one(rule, author, writer, monkeypatch):
    monkeypatch.setattr(reverting, "MOST", 2)
    cases = hold(author, *(f"Bring the zorblax {n}" for n in range(3)))
    found = reverting.preview(LABEL, ALWAYS, by=writer)
    assert (found.cases, found.has_more) == (cases[:2], True)
    assert factories.make_user(role=Role.ADMINISTRATOR).has_perm("moderation.write_rule")
