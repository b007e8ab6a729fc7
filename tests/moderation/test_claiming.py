"""What becomes of claims: kept by a heartbeat, lost, taken over, skipped, abandoned; and the crowd that takes cases at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from moderation import claiming, deciding, queueing
from moderation.claiming import ClaimLost, MayNotTakeOver
from moderation.measures import Measure
from moderation.models import AuditRow, Case, Decision, Skip
from moderation.queueing import CLAIM
from tests import factories
from tests.moderation.crowds import copy_cases


@pytest.fixture
def colleague(db):
    return factories.make_user("colleague", role=Role.MODERATOR)


@pytest.fixture
def senior(db):
    return factories.make_user("senior", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def case(author):
    factories.make_held_post(author=author)
    return Case.objects.get()


def page(case, act):
    return reverse(f"admin:moderation_case_{act}", args=[case.pk])


def age_leases(by):
    Case.objects.filter(claimed_by__isnull=False).update(claimed_until=F("claimed_until") - by)


def left(case):
    return (
        Case.objects.annotate(left=F("claimed_until") - Now()).values_list("left", flat=True).get(pk=case.pk)
    )


def test_a_heartbeat_keeps_the_case(client_for, moderator, case):
    queueing.claim(case, by=moderator)
    age_leases(timedelta(minutes=9))
    answer = client_for(moderator).post(page(case, "renew"), headers={"Accept": "application/json"})
    assert answer.status_code == 204
    assert left(case) > CLAIM - timedelta(minutes=1)


def test_a_heartbeat_after_the_claim_is_lost_says_who_has_the_case(client_for, moderator, colleague, case):
    queueing.claim(case, by=moderator)
    age_leases(CLAIM)
    queueing.claim(case, by=colleague)
    answer = client_for(moderator).post(page(case, "renew"), headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "@colleague has it now" in answer.json()["detail"]


def test_without_javascript_a_button_keeps_the_case_and_what_was_typed(client_for, moderator, case):
    queueing.claim(case, by=moderator)
    age_leases(timedelta(minutes=9))
    answer = client_for(moderator).post(
        page(case, "renew"), {"measure": "take_down", "violation": "V3", "reason": "My words", "version": "1"}
    )
    assert answer.status_code == 200
    assert "My words" in answer.content.decode()
    assert answer.context["form"]["measure"].value() == "take_down"
    assert left(case) > CLAIM - timedelta(minutes=1)


def test_without_javascript_too_a_lost_claim_is_told_and_nothing_typed_is_lost(
    client_for, moderator, colleague, case
):
    queueing.claim(case, by=colleague)
    answer = client_for(moderator).post(page(case, "renew"), {"reason": "My words", "version": "1"})
    assert answer.status_code == 409
    assert "@colleague has it now" in answer.content.decode()
    assert "My words" in answer.content.decode()


def test_a_lease_that_ran_out_is_renewed_as_long_as_nobody_took_the_case(moderator, case):
    queueing.claim(case, by=moderator)
    age_leases(CLAIM)
    claiming.renew(case, by=moderator)
    assert Case.objects.claimed_by_now(moderator).get() == case


def test_a_decided_case_is_not_renewed(moderator, case):
    queueing.claim(case, by=moderator)
    deciding.decide(case, Measure.CLEAR, by=moderator, version=1)
    with pytest.raises(ClaimLost, match="decided"):
        claiming.renew(case, by=moderator)


def test_submitting_after_a_take_over_says_who_has_the_case(client_for, moderator, senior, case):
    queueing.claim(case, by=moderator)
    claiming.take_over(case, by=senior)
    answer = client_for(moderator).post(
        page(case, "decide"), {"measure": "clear", "version": "1", "reason": "My words"}
    )
    assert answer.status_code == 409
    assert "@senior has it now" in answer.content.decode()
    assert "My words" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_senior_takes_a_case_over_and_the_trail_says_from_whom(client_for, moderator, senior, case):
    queueing.claim(case, by=moderator)
    client = client_for(senior)
    assert "Take this case over" in client.get(page(case, "change")).content.decode()
    assert client.post(page(case, "take_over")).status_code == 302
    assert Case.objects.claimed_by_now(senior).get() == case
    row = AuditRow.objects.get(verb="take_over")
    assert (row.actor, row.data) == ("@senior", {"taken_from": "@moderator_m"})


def test_a_moderator_takes_nothing_over(client_for, moderator, colleague, case):
    queueing.claim(case, by=moderator)
    client = client_for(colleague)
    assert "Take this case over" not in client.get(page(case, "change")).content.decode()
    assert client.post(page(case, "take_over")).status_code == 403
    assert Case.objects.claimed_by_now(moderator).get() == case


def test_nobody_takes_over_from_somebody_of_their_own_level(senior, case):
    queueing.claim(case, by=factories.make_user(role=Role.SENIOR_MODERATOR))
    with pytest.raises(MayNotTakeOver):
        claiming.take_over(case, by=senior)
    age_leases(CLAIM)
    assert claiming.take_over(case, by=senior).claimed_by == senior


def test_who_skips_a_case_gets_another_and_the_same_after_an_hour(
    client_for, author, moderator, colleague, case
):
    factories.make_held_post(author=author)
    other = Case.objects.exclude(pk=case.pk).get()
    queueing.claim(case, by=moderator)
    answer = client_for(moderator).post(page(case, "skip"))
    assert answer.url == page(other, "change")
    queueing.release(other, by=moderator)
    assert queueing.claim_next(by=colleague) == case
    queueing.release(case, by=colleague)
    claiming.skip(other, by=moderator)
    assert queueing.claim_next(by=moderator) is None
    Skip.objects.update(until=Now())
    assert queueing.claim_next(by=moderator) == case


def test_a_skipped_case_can_still_be_taken_on_purpose(moderator, case):
    claiming.skip(case, by=moderator)
    assert queueing.claim(case, by=moderator) == case


def test_skips_that_ended_are_forgotten(moderator, case):
    claiming.skip(case, by=moderator)
    assert claiming.forget_old_skips() == 0
    Skip.objects.update(until=Now())
    assert claiming.forget_old_skips() == 1


@pytest.mark.parametrize("act", ["renew", "skip", "take_over"])
def test_nothing_about_a_claim_happens_by_get_or_for_others(client_for, moderator, reader, case, act):
    assert client_for(moderator).get(page(case, act)).status_code == 405
    assert client_for(reader).post(page(case, act), follow=True).status_code in (403, 405)
    assert client_for(None).post(page(case, act)).status_code == 302


def make_moderators(number):
    User.objects.bulk_create(
        User(handle=f"crowd{count}", email=f"crowd{count}@example.org", is_staff=True)
        for count in range(number)
    )
    crowd = list(User.objects.filter(handle__startswith="crowd"))
    Group.objects.get(name=Role.MODERATOR).user_set.add(*crowd)
    return crowd


def test_a_thousand_abandoned_claims_all_come_back_again_and_again(case, moderator):
    copy_cases(case, 999)
    cases = {*Case.objects.values_list("pk", flat=True)}
    crowd = make_moderators(1000)
    assert {case and case.pk for case in (queueing.claim_next(by=person) for person in crowd)} == cases
    assert queueing.claim_next(by=moderator) is None
    age_leases(CLAIM)
    assert {*Case.objects.claimable_by(moderator).values_list("pk", flat=True)} == cases
    assert len({queueing.claim_next(by=person) for person in crowd[::-5]} - {None}) == 200
    age_leases(CLAIM)
    assert queueing.claim_next(by=moderator) == Case.objects.open().in_order().first()
    assert Case.objects.claimable_by(moderator).count() == 1000


@pytest.mark.parametrize("holder", [None, "mine", "theirs"])
@pytest.mark.parametrize("minutes", [-1, 1])
@pytest.mark.parametrize("proposer", [None, "mine", "theirs"])
def test_one_case_says_of_its_claim_what_the_query_says_of_many(
    case, moderator, reader, holder, minutes, proposer
):
    people = {None: None, "mine": moderator, "theirs": reader}
    Case.objects.update(
        status="proposed" if proposer else "open",
        proposed_by=people[proposer],
        claimed_by=people[holder],
        claimed_until=Now() + timedelta(minutes=minutes) if holder else None,
    )
    asked = Case.objects.with_time().get()
    assert asked.is_claimed_by(moderator) == Case.objects.claimed_by_now(moderator).exists()
    assert asked.is_claimable_by(moderator) == Case.objects.claimable_by(moderator).exists()


def test_nobody_has_a_closed_case_or_takes_it(case, moderator):
    deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    asked = Case.objects.with_time().get()
    assert not asked.is_claimed_by(moderator)
    assert not asked.is_claimable_by(moderator)
