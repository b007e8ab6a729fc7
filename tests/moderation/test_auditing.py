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
    assert f"broken at row {trail[2].pk}:" in refusal_of_the_command()


def test_a_row_whose_hash_was_made_anew_breaks_the_next(trail):
    as_superuser_without_triggers(
        "UPDATE moderation_auditrow SET subject = 'case 9' WHERE id = %s", trail[2].pk
    )
    as_superuser_without_triggers(
        "UPDATE moderation_auditrow r SET hash = moderation_audit_hash(r) WHERE id = %s", trail[2].pk
    )
    assert f"broken at row {trail[3].pk}:" in refusal_of_the_command()


@pytest.mark.parametrize("removed", [0, 2])
def test_a_removed_row_breaks_the_next(trail, removed):
    as_superuser_without_triggers("DELETE FROM moderation_auditrow WHERE id = %s", trail[removed].pk)
    assert f"broken at row {trail[removed + 1].pk}:" in refusal_of_the_command()


def test_rows_that_changed_places_are_named(trail):
    first, second = trail[1].pk, trail[3].pk
    for old, new in ((first, 0), (second, first), (0, second)):
        as_superuser_without_triggers("UPDATE moderation_auditrow SET id = %s WHERE id = %s", new, old)
    assert f"broken at row {first}:" in refusal_of_the_command()


def test_a_sound_trail_is_called_so_with_its_last_hash(trail):
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert trail[-1].hash in said.getvalue()


def test_an_empty_trail_is_sound():
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "empty" in said.getvalue()


def test_the_last_row_is_missed_too(trail):
    """The chain alone would call this whole."""
    as_superuser_without_triggers("DELETE FROM moderation_auditrow WHERE id = %s", trail[4].pk)
    assert auditing.find_first_broken_link() is None
    assert f"broken at row {trail[4].pk}: it and all rows after row {trail[3].pk}" in refusal_of_the_command()


def test_a_longer_tail_is_missed_and_the_next_act_does_not_hide_it(trail, moderator, caplog):
    as_superuser_without_triggers("DELETE FROM moderation_auditrow WHERE id >= %s", trail[2].pk)
    auditing.record("look", "case 9", by=moderator)
    assert "audit_trail_broken" in caplog.text
    assert auditing.find_first_broken_link() is None
    assert f"all rows after row {trail[1].pk}" in refusal_of_the_command()


def test_an_emptied_trail_is_missed(trail):
    as_superuser_without_triggers("DELETE FROM moderation_auditrow")
    assert "all rows from the first one" in refusal_of_the_command()


def test_an_edited_last_row_with_its_hash_made_anew_is_named(trail):
    """Nothing comes after it whose link could break."""
    as_superuser_without_triggers(
        "UPDATE moderation_auditrow SET subject = 'case 9' WHERE id = %s", trail[4].pk
    )
    as_superuser_without_triggers(
        "UPDATE moderation_auditrow r SET hash = moderation_audit_hash(r) WHERE id = %s", trail[4].pk
    )
    assert auditing.find_first_broken_link() is None
    assert f"broken at row {trail[4].pk}: it is not the row that was sealed" in refusal_of_the_command()


@pytest.mark.parametrize("edited", [0, 2])
def test_a_chain_that_was_made_anew_from_the_edited_row_on_is_not_what_was_sealed(trail, edited):
    as_superuser_without_triggers(
        "UPDATE moderation_auditrow SET actor = 'nobody' WHERE id = %s", trail[edited].pk
    )
    for number in range(edited, 5):
        before = AuditRow.objects.get(pk=trail[number - 1].pk).hash if number else ""
        as_superuser_without_triggers(
            "UPDATE moderation_auditrow SET previous_hash = %s WHERE id = %s", before, trail[number].pk
        )
        as_superuser_without_triggers(
            "UPDATE moderation_auditrow r SET hash = moderation_audit_hash(r) WHERE id = %s", trail[number].pk
        )
    assert auditing.find_first_broken_link() is None
    assert f"broken at row {trail[4].pk}" in refusal_of_the_command()


def test_a_head_that_was_set_back_needs_a_seal_that_the_database_does_not_know(trail):
    as_superuser_without_triggers("DELETE FROM moderation_auditrow WHERE id = %s", trail[4].pk)
    as_superuser_without_triggers(
        "UPDATE moderation_audithead SET last_id = %s, last_hash = %s", trail[3].pk, trail[3].hash
    )
    assert f"broken at row {trail[3].pk}: the seal over it was not made" in refusal_of_the_command()


def test_a_forged_seal_is_not_made_good_by_the_next_act(trail, moderator):
    as_superuser_without_triggers("DELETE FROM moderation_auditrow WHERE id = %s", trail[4].pk)
    as_superuser_without_triggers(
        "UPDATE moderation_audithead SET last_id = %s, last_hash = %s", trail[3].pk, trail[3].hash
    )
    auditing.record("look", "case 9", by=moderator)
    assert "the seal over it was not made" in refusal_of_the_command()


def test_a_seal_that_is_gone_is_missed(trail, moderator):
    as_superuser_without_triggers("DELETE FROM moderation_audithead")
    auditing.record("look", "case 9", by=moderator)
    assert "the seal over the trail is gone" in refusal_of_the_command()


def test_a_row_that_parler_did_not_write_is_named(trail):
    """The trigger chains it like any other; only the seal knows."""
    forged = AuditRow.objects.create(actor="@author", verb="decide", subject="case 1")
    assert auditing.find_first_broken_link() is None
    assert f"broken at row {forged.pk}: it was added past Parler" in refusal_of_the_command()


def test_a_first_row_that_parler_did_not_write_is_named():
    forged = AuditRow.objects.create(actor="@author", verb="decide", subject="case 1")
    assert f"broken at row {forged.pk}: it was added past Parler" in refusal_of_the_command()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE moderation_audithead SET last_hash = 'x', last_id = last_id + 1",
        "UPDATE moderation_audithead SET mac = 'x'",
        "DELETE FROM moderation_audithead",
        "TRUNCATE moderation_audithead",
        "INSERT INTO moderation_audithead VALUES (2, 0, '', '')",
    ],
)
def test_the_head_only_moves_on(trail, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_trail_outlives_a_change_of_the_key(trail, moderator, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as the one that it comes after 0123456789"
    auditing.record("look", "case 9", by=moderator)
    settings.SECRET_KEY_FALLBACKS = []
    assert auditing.find_fault() is None


def test_rows_from_before_ways_were_noted_keep_their_hash(trail):
    """The hash of a row without a way is the one that it always had."""
    row = AuditRow.objects.create(actor="machine", verb="scan", subject="1 revisions")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT encode(sha256(convert_to(jsonb_build_array(r.previous_hash, r.id,
            to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), r.actor_id, r.actor, r.verb, r.subject,
            r.data)::text, 'UTF8')), 'hex') FROM moderation_auditrow r WHERE id = %s""",
            [row.pk],
        )
        assert cursor.fetchone()[0] == row.hash


def test_a_changed_way_is_named(trail):
    for way in ("desk", ""):
        as_superuser_without_triggers(
            "UPDATE moderation_auditrow SET via = %s WHERE id = %s", way, trail[2].pk
        )
        assert f"broken at row {trail[2].pk}:" in refusal_of_the_command()
