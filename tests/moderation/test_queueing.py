"""The queue's order, and claims: leases by the database's clock."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from moderation import claiming, deciding, queueing
from moderation.measures import Measure
from moderation.models import AuditRow, Case
from moderation.queueing import CLAIM, IMMINENT_IN_A_ROW, NotClaimable
from tests import factories
from tests.moderation.crowds import copy_cases


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


def test_whoever_claims_another_case_gives_the_first_one_back(author, moderator, colleague):
    first, second = held(author, "V1"), held(author, "V3")
    queueing.claim(first, by=moderator)
    queueing.claim(second, by=moderator)
    assert list(Case.objects.claimed_by_now(moderator)) == [second]
    assert queueing.claim_next(by=colleague) == first


def test_a_claim_that_is_refused_leaves_the_one_that_there_is(author, moderator, colleague):
    first, second = held(author, "V1"), held(author, "V3")
    queueing.claim(first, by=moderator)
    queueing.claim(second, by=colleague)
    with pytest.raises(NotClaimable):
        queueing.claim(second, by=moderator)
    assert list(Case.objects.claimed_by_now(moderator)) == [first]


def test_the_database_refuses_two_claims_of_one_moderator(author, moderator):
    queueing.claim(held(author, "V1"), by=moderator)
    other = held(author, "V3")
    with pytest.raises(IntegrityError, match="moderation_case_one_claim_a_moderator"), transaction.atomic():
        Case.objects.filter(pk=other.pk).update(claimed_by=moderator, claimed_until=Now() + CLAIM)


@pytest.mark.parametrize(
    ("language", "violation", "expected"),
    [
        ("de", "", "de V6"),
        ("", "V6", "de V6"),
        ("en", "V1", "en V1"),
        ("other", "", "fr V1"),
        ("de", "V1", None),
    ],
)
def test_a_queue_can_be_of_one_language_and_of_one_class(author, moderator, language, violation, expected):
    for spoken, broken in (("en", "V1"), ("fr", "V1"), ("de-AT", "V6")):
        post = factories.make_pending_post(author=author, text=f"{spoken[:2]} {broken}", language=spoken)
        factories.hold(post.get_latest_revision(), violation=broken)
    case = queueing.claim_next(by=moderator, language=language, violation=violation)
    assert (case and case.snapshot) == expected


def test_a_moderator_who_judged_imminent_cases_in_a_row_gets_one_that_is_overdue(author, moderator):
    waiting = held(author, "V6")
    Case.objects.filter(pk=waiting.pk).update(
        opened_at=Now() - timedelta(days=9), due_at=Now() - timedelta(days=2)
    )
    imminent = [held(author, "V8") for _number in range(IMMINENT_IN_A_ROW + 1)]
    taken = []
    for _turn in range(IMMINENT_IN_A_ROW + 2):
        case = queueing.claim_next(by=moderator)
        assert case is not None
        taken.append(case)
        deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    assert taken == [*imminent[:IMMINENT_IN_A_ROW], waiting, *imminent[IMMINENT_IN_A_ROW:]]


def test_taking_the_next_case_takes_the_same_number_of_queries_however_long_the_queue_is(author, moderator):
    """And however many cases others have, or this moderator skipped."""
    numbers = []
    for many in (10, 300):
        copy_cases(held(author, "V3"), many - 1)
        queueing.claim_next(by=factories.make_user(role=Role.MODERATOR))
        first = queueing.claim_next(by=moderator)
        assert first is not None
        claiming.skip(first, by=moderator)
        with CaptureQueriesContext(connection) as captured:
            case = queueing.claim_next(by=moderator)
        numbers.append(len(captured))
        assert case is not None
        queueing.release(case, by=moderator)
    assert numbers[0] == numbers[1]


def test_a_page_begins_after_a_case(author):
    cases = [held(author, violation) for violation in ("V1", "V6", "V3", "V5")]
    ordered = list(Case.objects.open().in_order())
    for position, case in enumerate(ordered):
        assert list(Case.objects.open().in_order().after(case)) == ordered[position + 1 :]
    assert set(ordered) == set(cases)
