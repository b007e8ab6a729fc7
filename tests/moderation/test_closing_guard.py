"""What the database refuses to whoever closes a case past `deciding`."""

import pytest
from django.db import IntegrityError, connection, transaction

from moderation import deciding
from moderation.measures import CLOSING, Measure
from moderation.models import Case
from tests import factories

CLOSE = "UPDATE moderation_case SET status = 'closed', closed_at = now(), claimed_by_id = NULL, claimed_until = NULL WHERE id = %s"


@pytest.fixture
def case(author):
    return Case.objects.get(post=factories.make_held_post(author=author))


def close(case):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLOSE, [case.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_case_closed_by_nobody_is_refused(case):
    with pytest.raises(IntegrityError, match="closed by nobody"):
        close(case)


def test_a_case_is_not_closed_by_a_decision_that_passes_it_on(case, moderator):
    deciding.decide(case, Measure.ESCALATE, by=moderator, version=case.version)
    with pytest.raises(IntegrityError, match="closed by nobody"):
        close(case)


def test_a_case_is_not_closed_by_a_decision_that_was_taken_back(case, moderator):
    decision = deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    deciding.take_back(decision, by=moderator)
    with pytest.raises(IntegrityError, match="closed by nobody"):
        close(case)


@pytest.mark.parametrize("measure", CLOSING)
def test_every_measure_that_closes_a_case_is_known_to_the_database(case, moderator, measure):
    deciding.decide(case, measure, by=moderator, version=case.version, violation="V3")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    case.refresh_from_db()
    assert case.status == "closed"


def test_a_case_stays_closed_when_its_decision_is_overturned(case, moderator):
    decision = deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V3")
    deciding.overturn(decision, by=moderator)
    close(case)


def test_a_case_that_begins_closed_is_refused(case):
    with pytest.raises(IntegrityError, match="closed by nobody"), transaction.atomic():
        Case.objects.create(
            post=case.post,
            author=case.author,
            revision=case.revision,
            origin=case.origin,
            severity=case.severity,
            lane=case.lane,
            snapshot="",
            status="closed",
            closed_at=case.opened_at,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
