"""Legal holds: what they keep from being erased, whoever asks, and that they end by themselves."""

# ruff: noqa: S608  The statements consist of this file's own words.

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts import erasing, following
from accounts.models import Follow, User
from accounts.roles import Role
from moderation import appealing, deciding, reporting, tasks
from moderation.evidence import holding, settling
from moderation.evidence.admitting import NotForYou
from moderation.evidence.holding import HoldEnded, Terms
from moderation.measures import Measure
from moderation.models import (
    AuditRow,
    Case,
    HoldExtension,
    LegalHold,
    Report,
    Statement,
)
from moderation.models.legal_holds import ONE_PERSON_TIME, USUAL_TIME
from posts import reacting
from posts.models import Post, Revision
from tests import factories
from tests.accounts.test_erasing import tables_with
from tests.moderation.racing import in_thread, wait_until_somebody_waits

TERMS = Terms("AZ 12/34", "An order to preserve it.")
TOLD = Terms("AZ 12/34", "An order to preserve it.", may_be_told=True)


@pytest.fixture
def senior(db) -> User:
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def other_senior(db) -> User:
    return factories.make_user("senior_t", role=Role.SENIOR_MODERATOR)


def end(hold: LegalHold) -> None:
    """Let the time of a hold pass: it began that much earlier."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE moderation_legalhold SET since = since - interval '2 years', until = now() - interval '1 second' WHERE id = %s",
            [hold.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def take_down(post: Post, moderator: User) -> None:
    deciding.decide(Case.objects.get(post=post), Measure.TAKE_DOWN, by=moderator, version=1, violation="V3")


@pytest.fixture
def removed(author, moderator) -> Post:
    """A post that was taken down and appealed against: everything about it exists."""
    post = factories.make_held_post(author=author, text="Somebody should burn the xylophone shop")
    take_down(post, moderator)
    appealing.appeal(Statement.objects.get().decision, by=author, text="The xylophone was a joke.")
    return post


class TestOnAnAccount:
    def test_the_account_closes_at_once_and_everything_of_it_stays(
        self, author, senior, reader, removed, client_for
    ):
        shown = factories.make_post(author=author, text="A harmless xylophone")
        following.follow(author, reader)
        reacting.upvote(factories.make_post(author=reader), by=author)
        holding.place(author, TERMS, by=senior)
        erasing.erase(author, by=author)
        author.refresh_from_db()
        assert (author.is_active, author.erased_at) == (False, None)
        assert author.closed_at is not None
        assert not author.has_usable_password()
        assert (author.handle, author.email) == ("author", "author@example.org")
        assert set(tables_with("xylophone")) >= {
            "posts_revision",
            "moderation_case",
            "moderation_statement",
            "moderation_appeal",
        }
        assert Follow.objects.filter(follower=author).exists()
        stranger = client_for(reader)
        assert stranger.get(f"/@author/{shown.pk}").status_code == 404
        assert stranger.get("/@author").status_code == 404
        assert not Post.objects.visible_to(reader).by(author).exists()

    def test_what_waited_is_erased_by_the_sweep_after_its_end(self, author, senior, removed):
        hold = holding.place(author, TERMS, by=senior)
        erasing.erase(author, by=author)
        assert settling.settle_ended() == 0
        end(hold)
        tasks.settle_holds()
        author.refresh_from_db()
        assert author.erased_at is not None
        assert tables_with("xylophone") == set()
        assert tables_with("author@example.org") == set()
        hold.refresh_from_db()
        assert hold.settled_at is not None
        assert settling.settle_ended() == 0
        rows = AuditRow.objects.filter(subject=f"account {author.pk}").order_by("pk")
        assert [(row.verb, row.actor) for row in rows] == [("close", "@author"), ("erase", "machine")]

    @pytest.mark.parametrize("clock", [timedelta(days=-4000), timedelta(days=4000)], ids=["late", "early"])
    def test_the_servers_clock_changes_nothing(self, author, senior, removed, clock):
        with time_machine.travel(timezone.now() + clock):
            hold = holding.place(author, TERMS, by=senior)
            erasing.erase(author, by=author)
            settling.settle_ended()
        author.refresh_from_db()
        assert author.erased_at is None
        assert abs(hold.until - hold.since - USUAL_TIME) < timedelta(seconds=1)
        end(hold)
        with time_machine.travel(timezone.now() + clock):
            settling.settle_ended()
        author.refresh_from_db()
        assert author.erased_at is not None

    def test_another_hold_keeps_it_still(self, author, senior, removed):
        first, second = (holding.place(author, TERMS, by=senior) for _number in range(2))
        erasing.erase(author, by=author)
        end(first)
        assert settling.settle_ended() == 1
        author.refresh_from_db()
        assert author.erased_at is None
        holding.release(second, by=senior, reason="It is over.")
        settling.settle_ended()
        author.refresh_from_db()
        assert author.erased_at is not None

    def test_a_hold_that_ends_erases_nobody_who_did_not_ask(self, author, senior, removed):
        hold = holding.place(author, TERMS, by=senior)
        holding.release(hold, by=senior, reason="It is over.")
        assert settling.settle_ended() == 1
        author.refresh_from_db()
        assert (author.is_active, author.closed_at) == (True, None)
        assert "posts_revision" in tables_with("xylophone")

    def test_a_report_by_the_account_is_kept(self, author, senior, reader):
        reporting.report(factories.make_post(author=reader), by=author, violation="V6", comment="A xylophone")
        holding.place(author, TERMS, by=senior)
        erasing.erase(author, by=author)
        assert Report.objects.get().comment == "A xylophone"


class TestOnAPost:
    def test_the_rest_of_the_account_goes_at_once_but_for_who_wrote_it(self, author, senior, removed, reader):
        factories.make_post(author=author, text="A harmless accordion")
        following.follow(author, reader)
        hold = holding.place(removed, TERMS, by=senior)
        erasing.erase(author, by=author)
        author.refresh_from_db()
        assert (author.handle, author.erased_at) == ("author", None)
        assert tables_with("accordion") == set()
        assert not Follow.objects.exists()
        assert set(tables_with("xylophone")) >= {"posts_revision", "moderation_case", "moderation_appeal"}
        holding.release(hold, by=senior, reason="It is over.")
        settling.settle_ended()
        author.refresh_from_db()
        assert author.erased_at is not None
        assert tables_with("xylophone") == set()

    def test_who_reported_it_is_erased_all_the_same(self, author, senior, reader):
        post = factories.make_post(author=author)
        reporting.report(post, by=reader, violation="V6", comment="A xylophone")
        holding.place(post, TERMS, by=senior)
        erasing.erase(reader, by=reader)
        reader.refresh_from_db()
        assert reader.erased_at is not None
        assert tables_with("xylophone") == set()


ERASING = [
    (
        "posts_revision",
        "UPDATE posts_revision SET handle = '', heading = '', text = '', html = '', sha256 = '', erased_at = now() WHERE post_id = {post}",
    ),
    ("moderation_case", "UPDATE moderation_case SET snapshot = '' WHERE post_id = {post}"),
    ("moderation_statement", "UPDATE moderation_statement SET facts = ''"),
    ("moderation_appeal", "UPDATE moderation_appeal SET text = ''"),
    ("accounts_user", "UPDATE accounts_user SET email = '' WHERE id = {author}"),
    (
        "accounts_user",
        "UPDATE accounts_user SET is_active = false, email = '', erased_at = now() WHERE id = {author}",
    ),
    ("accounts_user", "DELETE FROM accounts_user WHERE id = {author}"),
    ("posts_post", "DELETE FROM posts_post WHERE id = {post}"),
    ("moderation_case", "DELETE FROM moderation_case WHERE post_id = {post}"),
    ("moderation_statement", "DELETE FROM moderation_statement"),
    ("moderation_statement", "TRUNCATE moderation_statement"),
]


@pytest.mark.parametrize(
    ("table", "statement"), ERASING, ids=[statement[:40] for _table, statement in ERASING]
)
@pytest.mark.parametrize("target", ["account", "post"])
def test_the_database_refuses_to_erase_what_is_held(author, senior, removed, target, table, statement):
    holding.place(author if target == "account" else removed, TERMS, by=senior)
    words = statement.format(post=removed.pk, author=author.pk)
    refused = pytest.raises(IntegrityError, match=f"a legal hold is in force: .*{table}")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(words)


@pytest.mark.parametrize("statement", [statement for _table, statement in ERASING[1:5]])
def test_the_same_is_done_once_the_hold_has_ended(author, senior, removed, statement):
    end(holding.place(author, TERMS, by=senior))
    with connection.cursor() as cursor:
        cursor.execute(statement.format(post=removed.pk, author=author.pk))
        assert cursor.rowcount == 1


def test_what_nobody_holds_is_erased_beside_what_is_held(author, senior, reader, removed):
    post = factories.make_post(author=reader, text="An accordion")
    holding.place(removed, TERMS, by=senior)
    erasing.erase(reader, by=reader)
    assert Revision.objects.get(post=post).text == ""


class TestTheHoldItself:
    def test_it_lasts_ninety_days_and_a_year_at_most(self, author, senior):
        hold = holding.place(author, TERMS, by=senior)
        assert abs(hold.until - hold.since - timedelta(days=90)) < timedelta(seconds=1)
        holding.place(author, Terms("2", "Why", ONE_PERSON_TIME), by=senior)
        for time in (ONE_PERSON_TIME + timedelta(days=1), timedelta(0), timedelta(days=-1)):
            with pytest.raises(ValidationError):
                holding.place(author, Terms("3", "Why", time), by=senior)
        with pytest.raises(IntegrityError, match="a year at most"), transaction.atomic():
            LegalHold.objects.create(
                user=author, reference="4", reason="Why", by=senior, until=Now() + timedelta(days=366)
            )

    def test_within_the_year_one_person_extends_it(self, author, senior):
        hold = holding.place(author, TERMS, by=senior)
        extension = holding.extend(hold, timedelta(days=200), by=senior, reason="The trial goes on.")
        hold.refresh_from_db()
        assert hold.until == extension.until

    def test_beyond_the_year_a_second_person_has_to_agree(self, author, senior, other_senior):
        hold = holding.place(author, TERMS, by=senior)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE moderation_legalhold SET since = since - interval '300 days'")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        extension = holding.extend(hold, timedelta(days=200), by=senior, reason="The trial goes on.")
        hold.refresh_from_db()
        assert extension.effective_at is None
        assert hold.until < extension.until
        with pytest.raises(NotForYou):
            holding.confirm(extension, by=senior)
        with pytest.raises(IntegrityError, match="by an extension only"), transaction.atomic():
            LegalHold.objects.filter(pk=hold.pk).update(until=extension.until)
        with pytest.raises(IntegrityError, match="another_person"), transaction.atomic():
            HoldExtension.objects.update(confirmed_by=senior, effective_at=Now())
        holding.confirm(extension, by=other_senior)
        hold.refresh_from_db()
        assert hold.until == extension.until
        with pytest.raises(HoldEnded):
            holding.confirm(extension, by=other_senior)

    def test_it_is_never_made_shorter_by_an_extension(self, author, senior):
        hold = holding.place(author, TERMS, by=senior)
        with pytest.raises(ValidationError):
            holding.extend(hold, timedelta(days=10), by=senior, reason="Enough.")
        assert not HoldExtension.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            "reference = 'x'",
            "reason = 'x'",
            "may_be_told = true",
            "until = until + interval '1 day'",
            "until = until - interval '1 day'",
            "since = since - interval '1 day'",
        ],
    )
    def test_the_database_keeps_what_it_says(self, author, senior, change):
        holding.place(author, TERMS, by=senior)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE moderation_legalhold SET {change}")

    def test_the_database_never_deletes_it_and_releases_it_once(self, author, senior):
        hold = holding.place(author, TERMS, by=senior)
        with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
            LegalHold.objects.all().delete()
        holding.release(hold, by=senior, reason="It is over.")
        with pytest.raises(HoldEnded):
            holding.release(hold, by=senior, reason="Again.")
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalHold.objects.update(released_at=None, released_by=None, release_reason="")

    def test_only_seniors_hold_and_only_those_below_them(
        self, author, reader, moderator, senior, other_senior, administrator
    ):
        for person in (reader, moderator):
            with pytest.raises(NotForYou):
                holding.place(author, TERMS, by=person)
        for target in (senior, other_senior, administrator):
            with pytest.raises(NotForYou):
                holding.place(target, TERMS, by=senior)
        hold = holding.place(senior, TERMS, by=administrator)
        for person in (senior, other_senior, moderator):
            with pytest.raises(NotForYou):
                holding.release(hold, by=person, reason="No.")

    def test_what_is_erased_cannot_be_held(self, author, senior):
        erasing.erase(author, by=author)
        author.refresh_from_db()
        with pytest.raises(ValidationError):
            holding.place(author, TERMS, by=senior)

    def test_every_step_stands_in_the_trail(self, author, senior):
        hold = holding.place(author, TERMS, by=senior)
        holding.extend(hold, timedelta(days=200), by=senior, reason="Longer.")
        holding.release(hold, by=senior, reason="It is over.")
        rows = AuditRow.objects.filter(subject=str(hold)).order_by("pk")
        assert [row.verb for row in rows] == ["hold", "extend_hold", "release_hold"]
        assert rows[0].data["target"] == f"account {author.pk}"


class TestWhatThePersonReads:
    @pytest.fixture
    def own(self, client_for, author):
        client = client_for()
        client.post("/account/login/", {"login": author.handle, "password": factories.PASSWORD})
        client.post("/account/reauthenticate/", {"password": factories.PASSWORD})
        return client

    def test_the_page_says_until_when_where_that_may_be_said(self, own, author, senior):
        holding.place(author, TOLD, by=senior)
        page = own.get("/settings/delete")
        assert page.context["kept_until"] == LegalHold.objects.get().until
        assert "kept for legal reasons until" in page.content.decode()

    def test_a_secret_hold_reads_as_none(self, own, author, senior):
        before = own.get("/settings/delete")
        holding.place(author, TOLD, by=senior)
        holding.place(author, TERMS, by=senior)
        after = own.get("/settings/delete")
        assert before.context["kept_until"] is after.context["kept_until"] is None
        assert "kept for legal reasons until" not in after.content.decode()

    def test_deleting_closes_the_account(self, own, author, senior):
        holding.place(author, TERMS, by=senior)
        assert own.post("/settings/delete", {"handle": "author"}).headers["Location"] == "/"
        assert own.get("/settings").status_code == 302
        own.post("/account/login/", {"login": "author", "password": factories.PASSWORD})
        assert own.get("/settings").status_code == 302
        author.refresh_from_db()
        assert author.erased_at is None


class TestCommands:
    def test_the_list_names_what_is_in_force(self, author, senior, capsys):
        hold = holding.place(author, TERMS, by=senior)
        call_command("list_legal_holds")
        line = capsys.readouterr().out
        assert f"{hold.pk}" in line
        assert f"account {author.pk} (@author)  AZ 12/34" in line
        end(hold)
        call_command("list_legal_holds")
        assert capsys.readouterr().out == "There is none.\n"
        call_command("list_legal_holds", "--all")
        assert "ended" in capsys.readouterr().out

    def test_a_dry_run_releases_nothing(self, author, senior, capsys):
        hold = holding.place(author, TERMS, by=senior)
        call_command("release_legal_hold", str(hold.pk), "--reason", "Over.", "--dry-run")
        assert "would be released" in capsys.readouterr().out
        assert LegalHold.objects.in_force().exists()

    def test_an_operator_releases_it_and_the_trail_says_so(self, author, senior):
        hold = holding.place(author, TERMS, by=senior)
        call_command("release_legal_hold", str(hold.pk), "--reason", "Over.")
        assert not LegalHold.objects.in_force().exists()
        assert AuditRow.objects.get(verb="release_hold").actor == "machine"
        with pytest.raises(CommandError, match="no legal hold"):
            call_command("release_legal_hold", str(hold.pk), "--reason", "Over.")

    def test_a_moderator_does_not_release_it_by_command_either(self, author, senior, moderator):
        hold = holding.place(author, TERMS, by=senior)
        with pytest.raises(CommandError):
            call_command("release_legal_hold", str(hold.pk), "--reason", "Over.", "--by", "moderator_m")
        with pytest.raises(CommandError, match="no account"):
            call_command("release_legal_hold", str(hold.pk), "--reason", "Over.", "--by", "nobody_here")
        assert LegalHold.objects.in_force().exists()


@pytest.mark.django_db(transaction=True)
def test_who_holds_and_who_erases_at_once_do_so_one_after_the_other(author, senior):
    """Whoever comes second sees what the first one did: a hold on nothing is refused."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            erasing.erase(author, by=author)
            placing = in_thread(pool, holding.place, User.objects.get(pk=author.pk), TERMS, by=senior)
            wait_until_somebody_waits()
        with pytest.raises(ValidationError):
            placing.result(timeout=10)
    other = factories.make_user("other_author")
    with ThreadPoolExecutor(max_workers=1) as pool:
        with transaction.atomic():
            holding.place(other, TERMS, by=senior)
            leaving = in_thread(pool, erasing.erase, User.objects.get(pk=other.pk), by=other)
            wait_until_somebody_waits()
        leaving.result(timeout=10)
    other.refresh_from_db()
    assert other.closed_at is not None
    assert other.erased_at is None
