"""Appeals of people without an account: who may make and decide them, what is mailed, what the database refuses, and what is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from moderation import appealing, mailing, reporting
from moderation.appealing import AlreadyAppealed, AppealChanged, FirstDecider
from moderation.deciding import CaseChanged, NotAllowed
from moderation.guests import forgetting, noticing
from moderation.measures import Measure
from moderation.models import (
    Appeal,
    AppealMessage,
    AppealStatus,
    Case,
    Decision,
    GuestNotice,
    Letter,
    LetterKind,
    Notice,
)
from moderation.models.appeals import TIME_TO_APPEAL
from tests import factories
from tests.moderation.guest_appeals.acts import end, reject
from tests.moderation.racing import in_thread, wait_until_somebody_waits

GRANT, REJECT = AppealStatus.GRANTED, AppealStatus.REJECTED
DECIDE = """UPDATE moderation_appeal SET status = 'rejected', decided_by_id = %s, decided_at = now(), reasons = 'So it is.'
            WHERE id = %s"""
pytestmark = pytest.mark.django_db


def raw(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def forget(notice):
    """As long after the outcome as somebody can be forgotten; how many were."""
    GuestNotice.objects.update(filed_at=Now() - forgetting.KEPT)
    Letter.objects.outcomes().update(created_at=Now() - forgetting.KEPT)
    return forgetting.erase_due()


def mailed():
    mailing.send_due()
    return [(message.subject, message.body) for message in mail.outbox if message.to == ["ada@example.net"]]


def test_only_whose_notice_it_was_appeals(rejection, reader):
    elsewhere = factories.give_notice(factories.make_post(author=reader), email="eve@example.net")
    with pytest.raises(NotAllowed):
        appealing.appeal(rejection, by=elsewhere, text="No.")


def test_what_a_guest_wrote_meanwhile_is_read_first(notice, appeal, other):
    appealing.answer(appeal, by=notice, text="Here is the proof.")
    with pytest.raises(AppealChanged):
        appealing.decide_appeal(appeal, REJECT, by=other, version=1, reasons="No proof.")


def test_an_appeal_of_somebody_with_an_account_is_told_to_guests_too(post, moderator, other, reader):
    reporting.report(post, by=reader, violation="V3")
    notice = factories.give_notice(post)
    appeal = appealing.appeal(reject(notice, moderator), by=reader, text="It is about her.")
    ended = end(appeal, GRANT, other, violation="V3")
    assert Letter.objects.get(decision=ended.result).guest == notice
    assert not Notice.objects.filter(decision=ended.result, report__isnull=False).exists()


def test_an_open_case_about_the_same_text_is_decided_first(notice, appeal, other):
    reporting.report(appeal.decision.case.post, by=factories.make_user(), violation="V1")
    with pytest.raises(CaseChanged):
        end(appeal, GRANT, other, violation="V3")


def test_the_outcome_of_a_rejected_notice_says_where_to_appeal_and_until_when(notice, rejection):
    outcome = notice.get_outcome()
    assert "you can appeal until" in outcome.text
    assert f"{settings.PARLER_URL}{notice.get_absolute_url()}" in outcome.text
    assert str((rejection.at + TIME_TO_APPEAL).year) in outcome.text


@pytest.mark.parametrize(
    ("language", "subjects"),
    [
        ("en", ["Parler: a message about your appeal", "Parler: your appeal"]),
        ("de", ["Parler: eine Nachricht zu deiner Beschwerde", "Parler: deine Beschwerde"]),
    ],
)
def test_a_confirmed_address_gets_messages_and_outcome_in_the_language_of_the_notice(
    post, moderator, other, language, subjects
):
    notice = factories.give_notice(post, language=language)
    noticing.confirm(notice)
    appeal = appealing.appeal(reject(notice, moderator), by=notice, text="It is about her.")
    mailed()
    mail.outbox.clear()
    appealing.answer(appeal, by=other, text="Which name?")
    appealing.answer(appeal, by=notice, text="Hers.")
    end(appeal, REJECT, other, reasons="It names nobody.")
    letters = mailed()
    assert [subject for subject, _body in letters] == subjects
    for (_subject, body), words in zip(letters, ("Which name?", "It names nobody."), strict=True):
        assert words in body
        assert notice.get_absolute_url() in body


def test_an_address_that_nobody_confirmed_gets_nothing_about_the_appeal(notice, appeal, other):
    mailed()
    mail.outbox.clear()
    appealing.answer(appeal, by=other, text="Which name?")
    end(appeal, REJECT, other)
    assert mailed() == []
    assert "We looked again." in notice.letters.get(kind=LetterKind.APPEAL).text


def test_the_first_decider_is_refused_by_the_verb_and_the_database(appeal, moderator, other):
    with pytest.raises(FirstDecider):
        end(appeal, REJECT, moderator)
    with pytest.raises(IntegrityError, match="who decided first does not decide"):
        raw(DECIDE, moderator.pk, appeal.pk)
    raw(DECIDE, other.pk, appeal.pk)


def test_the_confirmer_is_refused_by_the_database(notice, moderator, administrator):
    case = Case.objects.get()
    cleared = Decision.objects.create(
        case=case, measure=Measure.CLEAR, by=moderator, confirmed_by=administrator
    )
    appeal = appealing.appeal(cleared, by=notice, text="No.")
    with pytest.raises(FirstDecider):
        end(appeal, REJECT, administrator)
    with pytest.raises(IntegrityError, match="who decided first does not decide"):
        raw(DECIDE, administrator.pk, appeal.pk)


def test_one_appeal_for_a_decision_and_guest(notice, appeal):
    with pytest.raises(AlreadyAppealed):
        appealing.appeal(appeal.decision, by=notice, text="Really.")
    with pytest.raises(IntegrityError, match="once_per_guest"), transaction.atomic():
        Appeal.objects.create(decision=appeal.decision, guest=notice, text="Really.")


def test_an_appeal_and_a_message_are_by_exactly_one(notice, reader, rejection, appeal):
    for who in ({}, {"guest": notice, "appellant": reader}):
        with pytest.raises(IntegrityError, match="by_exactly_one"), transaction.atomic():
            Appeal.objects.create(decision=rejection, text="No.", **who)
    for who in ({}, {"guest": notice, "by": reader}):
        with pytest.raises(IntegrityError, match="by_exactly_one"), transaction.atomic():
            AppealMessage.objects.create(appeal=appeal, text="No.", **who)


def test_an_appeal_and_a_message_keep_whose_they_are(notice, appeal, reader, other):
    appealing.answer(appeal, by=notice, text="Please.")
    for statement in (
        "UPDATE moderation_appeal SET guest_id = NULL, appellant_id = %s",
        "UPDATE moderation_appealmessage SET guest_id = NULL, by_id = %s",
    ):
        with pytest.raises(IntegrityError):
            raw(statement, reader.pk)
    elsewhere = factories.give_notice(factories.make_post(author=reader), email="eve@example.net")
    with pytest.raises(IntegrityError):
        raw("UPDATE moderation_appeal SET guest_id = %s", elsewhere.pk)


def test_nothing_is_forgotten_before_an_appeal_is_over_for_as_long(notice, appeal, other, monkeypatch):
    appealing.answer(appeal, by=notice, text="Her name is Anna.")
    appealing.answer(appeal, by=other, text="Which name?")
    assert forget(notice) == 0
    end(appeal, REJECT, other)
    assert forget(notice) == 0
    monkeypatch.setattr(forgetting, "KEPT", timedelta())
    assert forget(notice) == 1
    notice.refresh_from_db()
    appeal.refresh_from_db()
    assert (notice.name, appeal.text) == ("", "")
    assert [message.text for message in appeal.messages.order_by("pk")] == ["", "Which name?"]
    assert "We looked again." in notice.letters.get(kind=LetterKind.APPEAL).text


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_who_is_forgotten_meanwhile_says_no_more(notice, appeal):
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            forgetting.disown(notice)
            slower = in_thread(pool, appealing.answer, appeal, by=notice, text="Her name is Anna.")
            wait_until_somebody_waits()
        with pytest.raises(NotAllowed):
            slower.result()
    assert not AppealMessage.objects.exists()
