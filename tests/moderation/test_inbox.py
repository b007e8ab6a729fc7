"""Receipts of reports, and what of statements and notices was read."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse

from accounts import erasing
from moderation import deciding, inbox, mailing, reporting
from moderation.measures import Measure
from moderation.models import Case, Notice, NoticeKind, Report, Statement
from tests import factories
from tests.moderation.counting import own_queries

pytestmark = pytest.mark.django_db

NOTICES = reverse("moderation:notices")
RULES = reverse("moderation:rules")


@pytest.fixture
def post(author):
    return factories.make_post(author=author, text="Burn the house of Miller")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["you reported a post", "wish of harm", "within 7 days"]),
        ("de", ["hast du einen Beitrag gemeldet", "innerhalb von 7 Tagen"]),
    ],
)
def test_a_report_gets_a_receipt_at_once(post, author, language, words):
    reporter = factories.make_user("melder", language=language)
    report = reporting.report(post, by=reporter, violation="V6", comment="He means my house.")
    receipt = Notice.objects.get()
    assert (receipt.kind, receipt.recipient, receipt.report) == (NoticeKind.RECEIPT, reporter, report)
    assert receipt.expected_at == Case.objects.get().due_at
    assert [each for each in (*words, str(report.pk)) if each not in receipt.text] == []


def test_a_receipt_tells_nothing_that_is_the_authors(post, author, reader):
    reporting.report(post, by=reader, violation="V6")
    text = Notice.objects.get().text
    for private in (author.handle, author.email, "Miller"):
        assert private not in text


def test_reporting_the_same_again_adds_no_receipt(post, reader):
    for violation in ("V6", "V1"):
        reporting.report(post, by=reader, violation=violation)
    assert Notice.objects.count() == 1


def test_everybody_who_reports_gets_their_own_receipt(post, reader):
    for person in (reader, factories.make_user()):
        reporting.report(post, by=person, violation="V6")
    assert Notice.objects.count() == 2
    assert Report.objects.count() == 2


def test_the_database_refuses_a_second_receipt(post, reader):
    reporting.report(post, by=reader, violation="V6")
    receipt = Notice.objects.get()
    receipt.pk = None
    receipt._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        receipt.save()


def test_a_report_that_fails_leaves_no_receipt(post, reader, monkeypatch):
    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("moderation.auditing.record", fail)
    with pytest.raises(RuntimeError):
        reporting.report(post, by=reader, violation="V6")
    assert not Notice.objects.exists()


def test_the_receipt_is_mailed_and_stands_among_the_notices(client_for, post, reader, mailoutbox):
    reporting.report(post, by=reader, violation="", comment="Something <b>bold</b>")
    assert mailing.send_due() == 1
    assert mailoutbox[0].subject == "Parler: we received your report"
    receipt = Notice.objects.get()
    client = client_for(reader)
    assert receipt.get_absolute_url() in client.get(NOTICES).content.decode()
    shown = client.get(receipt.get_absolute_url()).content.decode()
    assert "Something &lt;b&gt;bold" in shown
    assert f'href="{post.get_absolute_url()}"' in shown
    assert "You can appeal" not in shown


def test_erasing_the_reporter_empties_the_receipt(post, reader):
    reporting.report(post, by=reader, violation="V6")
    erasing.erase(reader, by=reader)
    assert Notice.objects.get().text == ""


@pytest.mark.parametrize(
    "change", [{"text": "No."}, {"kind": "outcome"}, {"report": None}, {"expected_at": Now()}]
)
def test_a_notice_is_not_changed_afterwards(post, reader, change):
    reporting.report(post, by=reader, violation="V6")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(**change)


def test_a_notice_is_not_deleted(post, reader):
    reporting.report(post, by=reader, violation="V6")
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.get().delete()


# What was read


@pytest.fixture
def received(author, moderator):
    """A statement and a notice that the author has not read."""
    factories.make_held_post(author=author)
    deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V3")
    other = factories.make_post(author=factories.make_user())
    reporting.report(other, by=author, violation="V6")
    factories.let_undo_pass()
    return Statement.objects.get(), Notice.objects.get()


def test_opening_is_reading(client_for, author, received):
    client = client_for(author)
    assert inbox.count_unread(author) == 2
    for left, message in zip((1, 0), received, strict=True):
        client.get(message.get_absolute_url())
        assert inbox.count_unread(author) == left
        message.refresh_from_db()
        assert message.read_at is not None


def test_reading_again_changes_nothing(client_for, author, received):
    statement, _notice = received
    client = client_for(author)
    client.get(statement.get_absolute_url())
    first = Statement.objects.get().read_at
    client.get(statement.get_absolute_url())
    assert Statement.objects.get().read_at == first


def test_the_list_marks_what_is_unread_and_reads_nothing(client_for, author, received):
    client = client_for(author)
    for where in (NOTICES, reverse("moderation:statements")):
        assert "not read yet" in client.get(where).content.decode()
    assert inbox.count_unread(author) == 2
    for message in received:
        client.get(message.get_absolute_url())
    for where in (NOTICES, reverse("moderation:statements")):
        assert "not read yet" not in client.get(where).content.decode()


def test_nobody_else_reads_for_the_recipient(client_for, reader, author, received):
    for message in received:
        assert client_for(reader).get(message.get_absolute_url()).status_code == 404
    assert inbox.count_unread(author) == 2
    assert inbox.count_unread(reader) == 0


def test_what_was_taken_back_or_is_not_shown_yet_does_not_count(author, received):
    assert inbox.count_unread(author) == len(received)
    Statement.objects.update(withdrawn_at=Now())
    Notice.objects.update(visible_from="2999-01-01T00:00Z")
    assert inbox.count_unread(author) == 0


def test_the_navigation_counts_in_one_query_and_for_people_who_are_signed_in_only(
    client_for, author, reader, received
):
    shown = client_for(author).get(RULES).content.decode()
    assert "Not read yet:</b> 2<" in shown
    assert "Not read yet" not in client_for(reader).get(RULES).content.decode()
    client = client_for(author)
    client.get(RULES)
    with own_queries(1):
        client.get(RULES)
    with own_queries(0):
        assert "Not read yet" not in client_for(None).get(RULES).content.decode()


def test_the_count_ends_somewhere(author, received, monkeypatch):
    monkeypatch.setattr("moderation.inbox.MOST_COUNTED", 1)
    assert inbox.count_unread(author) == 1


def test_the_page_of_a_statement_has_six_headed_sections_and_times_for_programs(client_for, author, received):
    statement, _notice = received
    shown = client_for(author).get(statement.get_absolute_url()).content.decode()
    for heading in ("measure", "facts", "automation", "law", "ground", "redress"):
        assert f'<h2 id="{heading}">' in shown
    assert statement.appeal_until is not None
    for moment in (statement.starts_at, statement.appeal_until):
        assert f'<time datetime="{moment.isoformat()}">' in shown
    assert "without an end date" in shown
    assert reverse("moderation:make_appeal", args=[statement.decision_id]) in shown
