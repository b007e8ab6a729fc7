"""What the database itself refuses to whoever comes with SQL. Run with -s to read the refusals."""

# ruff: noqa: S608  The statements consist of this file's own words.

import re

import pytest
from django.db import IntegrityError, connection, transaction

from posts import guards, presenting
from tests import factories


def refuse(capsys, statement, *values):
    """Run one statement of SQL, demand that it is refused (at the end of the transaction at the latest), and print how."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with capsys.disabled():
        reason = str(refusal.value).partition("\n")[0]
        print(f"\n  {statement}\n    → {reason}", end="")  # noqa: T201  Reading the refusals is the purpose.
    return str(refusal.value)


@pytest.fixture
def pending(author):
    return factories.make_pending_post(author=author, text="waits").get_latest_revision()


@pytest.fixture
def cleared(author):
    return factories.make_post(author=author, text="stands").get_latest_revision()


def test_an_uncleared_revision_is_not_shown(capsys, pending):
    refusal = refuse(capsys, "UPDATE posts_post SET shown_id = %s WHERE id = %s", pending.pk, pending.post_id)
    assert "posts_post_shown_is_cleared" in refusal


def test_a_held_revision_is_not_shown(capsys, author):
    held = factories.make_held_post(author=author).get_latest_revision()
    refuse(capsys, "UPDATE posts_post SET shown_id = %s WHERE id = %s", held.pk, held.post_id)


def test_the_shown_revision_of_another_post_is_refused(capsys, pending, cleared):
    refusal = refuse(capsys, "UPDATE posts_post SET shown_id = %s WHERE id = %s", cleared.pk, pending.post_id)
    assert "posts_post_shown_is_cleared" in refusal


def test_a_shown_revision_cannot_lose_its_status_alone(capsys, cleared):
    refuse(capsys, "UPDATE posts_revision SET status = 'removed' WHERE id = %s", cleared.pk)


@pytest.mark.parametrize("column", ["text", "html", "heading", "handle", "sha256"])
@pytest.mark.parametrize("state", ["pending", "cleared"])
def test_a_text_never_changes(capsys, request, state, column):
    revision = request.getfixturevalue(state)
    refusal = refuse(capsys, f"UPDATE posts_revision SET {column} = 'x' WHERE id = %s", revision.pk)
    assert "the text of a revision never changes" in refusal


def test_a_shown_text_is_not_emptied(capsys, cleared):
    emptied = "heading = '', text = '', html = '', sha256 = '', handle = '', erased_at = now()"
    refuse(capsys, f"UPDATE posts_revision SET {emptied} WHERE id = %s", cleared.pk)


def test_a_revision_keeps_its_post(capsys, pending, cleared):
    refuse(capsys, "UPDATE posts_revision SET post_id = %s WHERE id = %s", cleared.post_id, pending.pk)


def test_a_step_outside_the_machine_is_refused(capsys, cleared):
    statement = "UPDATE posts_post SET shown_id = NULL WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(statement, [cleared.post_id])
    refusal = refuse(capsys, "UPDATE posts_revision SET status = 'pending' WHERE id = %s", cleared.pk)
    assert "illegal step" in refusal


def test_an_unknown_status_is_refused(capsys, pending):
    refuse(capsys, "UPDATE posts_revision SET status = 'shown' WHERE id = %s", pending.pk)


def test_nobody_clears_without_a_scan_or_a_decision(capsys, pending):
    refuse(capsys, "UPDATE posts_revision SET status = 'cleared' WHERE id = %s", pending.pk)


@pytest.mark.parametrize("status", ["cleared", "held", "removed", "withdrawn"])
def test_a_revision_starts_as_pending(capsys, pending, status):
    columns = "post_id, number, handle, heading, text, html, language, sha256, status"
    statement = (
        f"INSERT INTO posts_revision ({columns}) VALUES (%s, 2, '', '', 'x', 'x', '', 'x', '{status}')"
    )
    assert "starts as pending" in refuse(capsys, statement, pending.post_id)


@pytest.mark.parametrize("state", ["pending", "cleared"])
def test_a_revision_is_not_deleted(capsys, request, state):
    revision = request.getfixturevalue(state)
    assert "never deleted" in refuse(capsys, "DELETE FROM posts_revision WHERE id = %s", revision.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE posts_transition SET new = 'cleared'",
        "UPDATE posts_transition SET by_id = NULL",
        "DELETE FROM posts_transition",
        "TRUNCATE posts_transition",
    ],
)
def test_history_is_append_only(capsys, pending, statement):
    assert "append-only" in refuse(capsys, statement)


def test_an_illegal_step_is_not_written_to_history_either(capsys, pending):
    columns = "(revision_id, old, new)"
    refuse(
        capsys,
        f"INSERT INTO posts_transition {columns} VALUES (%s, 'removed', 'pending')",
        pending.pk,
    )


def test_an_uncleared_profile_is_not_shown(capsys, author):
    revision = presenting.present(author, name="Another name", biography="")
    refusal = refuse(
        capsys, "UPDATE posts_profile SET shown_id = %s WHERE user_id = %s", revision.pk, author.pk
    )
    assert "posts_profile_shown_is_cleared" in refusal


def test_the_shown_revision_of_another_profile_or_of_a_post_is_refused(capsys, author, reader, cleared):
    other = reader.profile.get_latest_revision()
    for revision in (other, cleared):
        refuse(capsys, "UPDATE posts_profile SET shown_id = %s WHERE user_id = %s", revision.pk, author.pk)


def test_a_withdrawn_post_shows_nothing(capsys, cleared):
    refuse(capsys, "UPDATE posts_post SET withdrawn_at = now() WHERE id = %s", cleared.post_id)


@pytest.mark.parametrize("name", ["posts_revision_guard", "parler_refuse_change"])
def test_the_database_runs_the_guards_that_the_code_describes(db, name):
    described = guards.APPEND_ONLY_FUNCTION + guards.revision_guard()
    wanted = re.search(rf"FUNCTION {name}\(\).*?AS \$\$(.*?)\$\$", described, re.DOTALL)
    assert wanted
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [name])
        assert cursor.fetchall() == [(wanted.group(1),)]


def test_the_guards_are_switched_on(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        )
        triggers = set(cursor.fetchall())
    assert {
        ("posts_revision", "revision_guard"),
        ("posts_transition", "refuse_change"),
        ("posts_transition", "refuse_truncate"),
    } <= triggers
