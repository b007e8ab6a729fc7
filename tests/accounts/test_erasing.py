"""Erasing an account leaves decisions and the audit trail, and nothing of the person."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from oauth2_provider.models import AccessToken
from psycopg import sql

from accounts import blocking, erasing, following
from accounts.models import Block, Follow, Mute, User
from moderation.models import Case
from posts import reacting
from posts.models import Post
from tests import factories
from tests.accounts.test_settings import let_in

TRACES = ("leaving_person", "xylophone")


@pytest.fixture
def leaver(db) -> User:
    """Somebody who is everywhere."""
    leaver = factories.make_user("leaving_person")
    friend = factories.make_user("friend")
    following.follow(leaver, friend)
    following.follow(friend, leaver)
    blocking.mute(friend, leaver)
    blocking.block(leaver, factories.make_user("foe"))
    factories.make_post(author=leaver, text="A xylophone for everyone #xylophone @friend")
    factories.make_pending_post(author=leaver, text="A second xylophone")
    let_in(leaver)
    return leaver


def tables_with(trace: str) -> set[str]:
    """Every table with a row that holds the text `trace` in any of its columns."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            query = sql.SQL("SELECT 1 FROM {} AS line WHERE line::text ILIKE {} LIMIT 1")
            cursor.execute(query.format(sql.Identifier(table), sql.Literal(f"%{trace}%")))
            if cursor.fetchone():
                found.add(table)
    return found


def test_nothing_of_the_person_is_left_in_any_table(leaver):
    assert "posts_revision" in tables_with("xylophone")
    erasing.erase(leaver, by=leaver)
    left = {trace: tables_with(trace) for trace in TRACES}
    assert left["leaving_person"] <= {"moderation_auditrow"}
    # A hashtag belongs to all who use it.
    assert left["xylophone"] <= {"posts_hashtag"}


def test_ties_keys_and_sessions_are_gone(leaver):
    client = Client()
    client.post("/account/login/", {"login": leaver.handle, "password": factories.PASSWORD})
    assert client.get("/settings").status_code == 200
    Authenticator.objects.create(user=leaver, type=Authenticator.Type.TOTP, data={"secret": "xylophone"})
    erasing.erase(leaver, by=leaver)
    assert client.get("/settings").status_code == 302
    assert not leaver.has_usable_password()
    assert (leaver.is_active, leaver.email) == (False, "")
    assert leaver.erased_at is not None
    assert not leaver.groups.exists()
    for model in (Follow, Mute, Block):
        assert not model.objects.exists()
    for model in (AccessToken, Authenticator, EmailAddress, UserSession):
        assert not model.objects.filter(user=leaver).exists()


def test_an_open_case_keeps_its_snapshot_until_it_is_decided(leaver):
    factories.make_held_post(author=leaver, text="Somebody should burn the xylophone shop")
    erasing.erase(leaver, by=leaver)
    assert "xylophone" in Case.objects.get().snapshot
    assert tables_with("xylophone") <= {"posts_hashtag", "moderation_case"}


def test_erasing_twice_changes_nothing(leaver):
    erasing.erase(leaver, by=leaver)
    handle, erased_at = leaver.handle, leaver.erased_at
    erasing.erase(leaver, by=leaver)
    assert (leaver.handle, leaver.erased_at) == (handle, erased_at)


def test_the_handle_is_free_again_and_the_old_address_too(leaver):
    erasing.erase(leaver, by=leaver)
    assert User.objects.create_user("leaving_person", "leaving_person@example.org", "pw").pk


class TestThroughThePage:
    @pytest.fixture
    def own(self, leaver) -> Client:
        client = Client()
        client.post("/account/login/", {"login": leaver.handle, "password": factories.PASSWORD})
        client.post("/account/reauthenticate/", {"password": factories.PASSWORD})
        return client

    def test_the_typed_handle_deletes_the_account(self, own, leaver):
        response = own.post("/settings/delete", {"handle": "@Leaving_Person"})
        assert response.headers["Location"] == "/"
        leaver.refresh_from_db()
        assert leaver.erased_at is not None
        assert own.get("/settings").status_code == 302

    def test_a_wrong_handle_deletes_nothing(self, own, leaver):
        assert own.post("/settings/delete", {"handle": "friend"}).status_code == 200
        leaver.refresh_from_db()
        assert leaver.erased_at is None

    def test_who_has_not_proved_lately_who_they_are_is_asked_first(self, client_for, leaver):
        client = client_for(leaver)
        response = client.post("/settings/delete", {"handle": "leaving_person"})
        assert response.headers["Location"].startswith("/account/reauthenticate/")
        leaver.refresh_from_db()
        assert leaver.erased_at is None
        client.post(response.headers["Location"], {"password": factories.PASSWORD})
        leaver.refresh_from_db()
        assert leaver.erased_at is not None

    def test_looking_at_the_page_deletes_nothing(self, own, leaver):
        assert own.get("/settings/delete").status_code == 200
        leaver.refresh_from_db()
        assert leaver.erased_at is None


def test_erasing_costs_as_many_queries_however_many_posts_were_upvoted(author, reader):
    costs = []
    for person, count in ((reader, 1), (factories.make_user(), 12)):
        for post in [factories.make_post(author=author) for _number in range(count)]:
            reacting.upvote(post, by=person)
        with CaptureQueriesContext(connection) as queries:
            erasing.erase(person, by=person)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert not Post.objects.filter(author=author, upvote_count__gt=0).exists()
