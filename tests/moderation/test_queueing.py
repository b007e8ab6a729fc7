"""The queue's order, and claims: leases by the database's clock."""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.db.models.functions import Now

from accounts.roles import Role
from moderation import queueing
from moderation.models import AuditRow, Case
from moderation.queueing import CLAIM, NotClaimable
from tests import factories


@pytest.fixture
def colleague(db):
    return factories.make_user("colleague", role=Role.MODERATOR)


def held(author, violation):
    post = factories.make_pending_post(author=author, text=f"{violation} held")
    factories.hold(post.get_latest_revision(), violation=violation)
    return Case.objects.get(post=post)


def let_the_lease_run_out(case):
    Case.objects.filter(pk=case.pk).update(claimed_until=Now())


def test_the_worst_comes_first_and_of_equals_the_oldest(author, moderator, colleague):
    mild, worse, as_bad = held(author, "V6"), held(author, "V1"), held(author, "V3")
    assert list(Case.objects.open().in_order()) == [worse, as_bad, mild]
    assert queueing.claim_next(by=moderator) == worse
    assert queueing.claim_next(by=colleague) == as_bad


def test_who_has_a_case_gets_it_again(author, moderator):
    held(author, "V6")
    mine = queueing.claim_next(by=moderator)
    held(author, "V1")
    assert queueing.claim_next(by=moderator) == mine


def test_what_somebody_else_has_is_not_claimed(author, moderator, colleague):
    case = held(author, "V1")
    queueing.claim(case, by=moderator)
    with pytest.raises(NotClaimable):
        queueing.claim(case, by=colleague)
    assert queueing.claim_next(by=colleague) is None


def test_an_abandoned_case_comes_back_when_its_lease_ends(author, moderator, colleague):
    case = held(author, "V1")
    queueing.claim(case, by=moderator)
    let_the_lease_run_out(case)
    assert not Case.objects.claimed_by_now(moderator).exists()
    assert queueing.claim_next(by=colleague) == case


@pytest.mark.parametrize("clock", ["2001-01-01", "2099-01-01"])
def test_a_wrong_clock_of_the_server_changes_no_lease(author, moderator, colleague, clock):
    case = held(author, "V1")
    with time_machine.travel(clock):
        queueing.claim(case, by=moderator)
        assert queueing.claim_next(by=colleague) is None
    left = (
        Case.objects.annotate(left=F("claimed_until") - Now()).values_list("left", flat=True).get(pk=case.pk)
    )
    assert CLAIM - timedelta(minutes=1) < left <= CLAIM


def test_a_released_case_is_free(author, moderator, colleague):
    case = queueing.claim(held(author, "V1"), by=moderator)
    queueing.release(case, by=colleague)
    assert Case.objects.claimed_by_now(moderator).exists()
    queueing.release(case, by=moderator)
    assert queueing.claim_next(by=colleague) == case
    assert list(AuditRow.objects.values_list("verb", flat=True).order_by("pk")) == [
        "claim",
        "release",
        "claim",
    ]


def test_nobody_claims_a_case_about_themselves(moderator):
    case = held(moderator, "V1")
    assert queueing.claim_next(by=moderator) is None
    with pytest.raises(NotClaimable):
        queueing.claim(case, by=moderator)
    senior = factories.make_user(role=Role.SENIOR_MODERATOR)
    assert queueing.claim_next(by=senior) == case


def test_a_page_begins_after_a_case(author):
    cases = [held(author, violation) for violation in ("V1", "V6", "V3", "V5")]
    ordered = list(Case.objects.open().in_order())
    for position, case in enumerate(ordered):
        assert list(Case.objects.open().in_order().after(case)) == ordered[position + 1 :]
    assert set(ordered) == set(cases)
