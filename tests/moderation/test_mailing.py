"""Statements are mailed by the due mechanism: once each, and again later when the mail server fails."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db.models.functions import Now

from moderation import deciding, mailing
from moderation.measures import Measure
from moderation.models import Case, Statement
from tests import factories


class BrokenServer(EmailBackend):
    def send_messages(self, messages):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


@pytest.fixture
def statement(author, moderator):
    factories.make_held_post(author=author, text="I <will> come for you & yours")
    deciding.decide(
        Case.objects.get(),
        Measure.TAKE_DOWN,
        by=moderator,
        version=1,
        violation="V3",
        reason="It's a threat.",
    )
    factories.let_undo_pass()
    return Statement.objects.get()


def test_a_statement_is_mailed_once(statement, author):
    assert mailing.send_due() == 1
    assert mailing.send_due() == 0
    (message,) = mail.outbox
    assert message.to == [author.email]
    assert message.subject == "Parler: our decision about your post"
    statement.refresh_from_db()
    assert statement.mailed_at is not None


def test_the_mail_says_everything_in_plain_text(statement, settings):
    mailing.send_due()
    body = mail.outbox[0].body
    for words in (
        "We removed your post",
        "“I <will> come for you & yours”",
        "Automated means were used",
        "Rule V3, threat",
        "It's a threat.",
        "out-of-court dispute settlement",
        f"{settings.PARLER_URL}{statement.get_absolute_url()}",
    ):
        assert words in body


def test_a_failing_mail_server_keeps_it_due(statement, settings):
    settings.EMAIL_BACKEND = "tests.moderation.test_mailing.BrokenServer"
    assert mailing.send_due() == 0
    statement.refresh_from_db()
    assert (statement.mailed_at, statement.attempts) == (None, 1)
    assert not Statement.objects.due().exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Statement.objects.update(due_at=Now())
    assert mailing.send_due() == 1
    assert len(mail.outbox) == 1


def test_a_mail_server_that_fails_is_not_asked_for_all_that_is_due(author, moderator, settings):
    for _number in range(mailing.BATCH + 2):
        case = Case.objects.get(post=factories.make_held_post(author=author))
        deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    factories.let_undo_pass()
    settings.EMAIL_BACKEND = "tests.moderation.test_mailing.BrokenServer"
    assert mailing.send_due() == 0
    assert Statement.objects.filter(attempts=1).count() == mailing.BATCH
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mailing.send_due() == 2


def test_who_has_no_address_gets_no_mail(statement, author):
    author.email = ""
    author.save()
    mailing.send_due()
    assert mail.outbox == []
    assert not Statement.objects.due().exists()
