"""The trail: numbered and chained by the database, and refused to everybody's changes."""

import itertools
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from moderation import auditing
from moderation.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(moderator):
    for number in range(5):
        auditing.record("look", f"case {number}", by=moderator, number=number)
    return list(AuditRow.objects.order_by("pk"))


def as_superuser_without_triggers(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def refusal_of_the_command():
    with pytest.raises(CommandError) as refused:
        call_command("verify_audit", stdout=StringIO())
    return str(refused.value)


def test_every_row_carries_the_hash_of_the_one_before(trail):
    assert trail[0].previous_hash == ""
    for before, row in itertools.pairwise(trail):
        assert row.previous_hash == before.hash
    assert len({row.hash for row in trail}) == 5
    assert auditing.find_first_broken_link() is None


def test_the_number_and_the_hash_cannot_be_chosen(trail):
    AuditRow.objects.create(
        id=1, actor="nobody", verb="forge", subject="x", hash="f" * 64, previous_hash="0" * 64
    )
    newest = AuditRow.objects.latest("pk")
    assert newest.previous_hash == trail[-1].hash
    assert newest.hash != "f" * 64
    assert auditing.find_first_broken_link() is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE moderation_auditrow SET verb = 'nothing'",
        "DELETE FROM moderation_auditrow",
        "TRUNCATE moderation_auditrow",
        "UPDATE moderation_decision SET reason = 'another'",
        "DELETE FROM moderation_scan",
        "TRUNCATE moderation_decision CASCADE",
    ],
)
def test_the_database_refuses_to_change_what_is_append_only(trail, sql, author):
    _make_a_decision(author)
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    print(f"{sql}\n  -> {str(refused.value).splitlines()[0]}")  # noqa: T201  Shown with `pytest -s`.
    assert "append-only" in str(refused.value)


def _make_a_decision(author):
    """Row triggers speak only where there is a row."""
    as_superuser_without_triggers(
        "INSERT INTO moderation_decision (case_id, measure, violation, reason, by_id) VALUES (1, 'clear', '', '', %s)",
        author.pk,
    )


def test_an_edited_row_is_named(trail):
    as_superuser_without_triggers("UPDATE moderation_auditrow SET verb = 'other' WHERE id = %s", trail[2].pk)
    assert refusal_of_the_command() == f"The audit trail is broken at row {trail[2].pk}."


def test_a_row_whose_hash_was_made_anew_breaks_the_next(trail):
    as_superuser_without_triggers(
        "UPDATE moderation_auditrow SET subject = 'case 9' WHERE id = %s", trail[2].pk
    )
    as_superuser_without_triggers(
        "UPDATE moderation_auditrow r SET hash = moderation_audit_hash(r) WHERE id = %s", trail[2].pk
    )
    assert refusal_of_the_command() == f"The audit trail is broken at row {trail[3].pk}."


@pytest.mark.parametrize("removed", [0, 2])
def test_a_removed_row_breaks_the_next(trail, removed):
    as_superuser_without_triggers("DELETE FROM moderation_auditrow WHERE id = %s", trail[removed].pk)
    assert refusal_of_the_command() == f"The audit trail is broken at row {trail[removed + 1].pk}."


def test_rows_that_changed_places_are_named(trail):
    first, second = trail[1].pk, trail[3].pk
    for old, new in ((first, 0), (second, first), (0, second)):
        as_superuser_without_triggers("UPDATE moderation_auditrow SET id = %s WHERE id = %s", new, old)
    assert refusal_of_the_command() == f"The audit trail is broken at row {first}."


def test_a_sound_trail_is_called_so_with_its_last_hash(trail):
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert trail[-1].hash in said.getvalue()


def test_an_empty_trail_is_sound():
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "empty" in said.getvalue()
