"""Appeals of people without an account through HTTP: the page of their notice, and the desk."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from moderation import appealing, deciding, reporting
from moderation.appealing import AppealClosed, FirstDecider, NotAppealable
from moderation.deciding import NotAllowed
from moderation.guests import forgetting, noticing
from moderation.measures import Measure
from moderation.models import (
    Appeal,
    AppealMessage,
    AppealStatus,
    AuditRow,
    Case,
    Decision,
    Letter,
    LetterKind,
    Notice,
    NoticeKind,
)
from moderation.models.appeals import TIME_TO_APPEAL
from tests import factories
from tests.moderation.counting import own_queries
from tests.moderation.guest_appeals.acts import end, reject

GRANT, REJECT = AppealStatus.GRANTED, AppealStatus.REJECTED
DESK = reverse("admin:moderation_appeal_changelist")
pytestmark = pytest.mark.django_db


def page(appeal, name="change"):
    return reverse(f"admin:moderation_appeal_{name}", args=[appeal.pk])


def link(notice, name):
    return reverse(f"moderation:{name}", args=[notice.token])


def say(notice, text="It is about her.", name="guest_appeal"):
    return Client(enforce_csrf_checks=True).post(link(notice, name), {"text": text})


def read(notice):
    return Client().get(notice.get_absolute_url()).content.decode()


def test_the_page_has_a_form_from_the_outcome_on(notice, moderator):
    assert link(notice, "guest_appeal") not in read(notice)
    reject(notice, moderator)
    shown = read(notice)
    assert f'action="{link(notice, "guest_appeal")}"' in shown
    assert "never the one who decided first" in shown
    assert "if you confirm below that this notice is yours" in shown


def test_an_appeal_is_made_and_read_by_the_link_alone(notice, rejection):
    response = say(notice)
    assert response.url == f"{notice.get_absolute_url()}#appeal"
    made = Appeal.objects.get()
    assert (made.guest, made.appellant, made.decision) == (notice, None, rejection)
    shown = read(notice)
    assert "It is about her." in shown
    assert "Nobody has decided yet" in shown
    assert link(notice, "guest_appeal") not in shown
    row = AuditRow.objects.get(verb="appeal")
    assert (row.subject, row.actor, row.data["notice"]) == (str(made), "machine", str(notice.pk))


def test_the_page_answers_in_german(post, moderator):
    notice = factories.give_notice(post, language="de")
    reject(notice, moderator)
    german = Client(headers={"Accept-Language": "de"})
    assert "Beschwerde senden" in german.get(notice.get_absolute_url()).content.decode()
    response = german.post(link(notice, "guest_appeal"), {"text": " "})
    assert response.status_code == 400


@pytest.mark.parametrize("text", ["", "a\u202eb\x07", "x" * (appealing.MAX_CHARACTERS + 1)])
def test_an_appeal_needs_words_and_keeps_them(notice, rejection, text):
    response = say(notice, text)
    assert response.status_code == 400
    assert response.context["form"]["text"].errors
    assert text in response.content.decode()
    assert not Appeal.objects.exists()


def test_words_of_which_nothing_is_left_are_asked_again(notice, rejection, appeal):
    for name in ("guest_appeal", "answer_guest_appeal"):
        assert say(notice, "\x07", name).status_code == 400


def test_a_second_appeal_is_refused_and_its_words_wait_as_a_message(notice, appeal):
    response = say(notice, "And her street.")
    assert response.status_code == 409
    shown = response.content.decode()
    assert "You have appealed against this decision already." in shown
    assert f'action="{link(notice, "answer_guest_appeal")}"' in shown
    assert "And her street." in shown


def test_what_is_too_late_says_so_and_shows_what_was_written(post, moderator):
    notice = factories.give_notice(post)
    case = Case.objects.get()
    late = Now() - TIME_TO_APPEAL - timedelta(minutes=1)
    old = Decision.objects.create(case=case, measure=Measure.CLEAR, by=moderator, at=late)
    Letter.objects.create(kind=LetterKind.OUTCOME, guest=notice, decision=old, language="en", subject="x")
    response = say(notice, "Too late?")
    assert response.status_code == 403
    assert b"The time to appeal against this decision is over." in response.content
    assert b"Too late?" in response.content
    assert "is over" in read(notice)
    with pytest.raises(IntegrityError, match="within six months"), transaction.atomic():
        Appeal.objects.create(decision=old, guest=notice, text="No.")


def test_there_is_nothing_to_appeal_against_before_the_outcome_nor_after_a_removal(notice, moderator):
    assert say(notice).status_code == 404
    assert say(notice, name="answer_guest_appeal").status_code == 404
    case = Case.objects.get()
    deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V3")
    factories.let_undo_pass()
    assert say(notice).status_code == 404
    assert link(notice, "guest_appeal") not in read(notice)


def test_a_notice_about_nothing_has_nothing_to_appeal_against(author):
    notice = factories.give_notice(factories.make_held_post(author=author))
    assert say(notice).status_code == 404
    assert link(notice, "guest_appeal") not in read(notice)


def test_what_may_still_be_taken_back_is_not_appealed(notice, moderator):
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    assert say(notice).status_code == 404


def test_without_the_link_there_is_nothing(rejection):
    for name in ("guest_appeal", "answer_guest_appeal"):
        assert (
            Client().post(reverse(f"moderation:{name}", args=["x" * 43]), {"text": "No."}).status_code == 404
        )


def test_what_changes_something_refuses_get_and_is_as_private_as_the_page(notice, appeal):
    for name in ("guest_appeal", "answer_guest_appeal"):
        assert Client().get(link(notice, name)).status_code == 405
    response = say(notice, "Hello", "answer_guest_appeal")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["guest_appeal", "answer_guest_appeal"])
def test_guests_are_limited(notice, rejection, name, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "appeal": "1/600"}
    assert say(notice).status_code == 302
    refused = say(notice, "Again.", name)
    assert refused.status_code == 429
    assert refused["Retry-After"]


def test_the_page_takes_a_constant_number_of_queries(notice, appeal, other):
    with own_queries(5):
        read(notice)
    for number in range(3):
        appealing.answer(appeal, by=notice, text=f"message {number}")
        appealing.answer(appeal, by=other, text=f"answer {number}")
    with own_queries(5):
        shown = read(notice)
    assert "message 2" in shown
    assert "answer 2" in shown


def test_both_sides_talk_until_it_is_decided(notice, appeal, moderator, other, reader):
    assert say(notice, "Her name is in it.", "answer_guest_appeal").status_code == 302
    appealing.answer(appeal, by=other, text="Which name?")
    shown = read(notice)
    assert "Which name?" in shown
    assert "other_moderator" not in shown
    assert "It is &lt;b&gt;about her" in shown
    with pytest.raises(FirstDecider):
        appealing.answer(appeal, by=moderator, text="Hello")
    stranger = factories.give_notice(factories.make_post(author=reader), email="eve@example.net")
    for person in (reader, stranger):
        with pytest.raises(NotAllowed):
            appealing.answer(appeal, by=person, text="I have a view on that.")
    said = [(message.by, message.guest) for message in appeal.messages.order_by("pk")]
    assert said == [(None, notice), (other, None)]
    rows = AuditRow.objects.filter(verb="answer_appeal").order_by("pk")
    assert [row.data.get("notice") for row in rows] == [str(notice.pk), None]
    end(appeal, REJECT, other)
    refused = say(notice, "Wait, one thing.", "answer_guest_appeal")
    assert refused.status_code == 409
    assert b"This appeal is decided." in refused.content
    assert b"Wait, one thing." in refused.content
    with pytest.raises(AppealClosed):
        appealing.answer(appeal, by=notice, text="Wait!")


def test_a_rejected_appeal_is_told_on_the_page_with_its_reasons(notice, appeal, other):
    end(appeal, REJECT, other, reasons="It names nobody.")
    shown = read(notice)
    assert "we leave what you reported as it is" in shown
    assert "It names nobody." in shown
    assert "out-of-court dispute settlement body" in shown
    assert link(notice, "answer_guest_appeal") not in shown
    assert not Notice.objects.filter(kind=NoticeKind.APPEAL).exists()


def test_granting_removes_the_text_and_tells_everybody_once(client_for, post, moderator, other, reader):
    reporting.report(post, by=reader, violation="V3")
    first, second = factories.give_notice(post), factories.give_notice(post, email="bob@example.net")
    cleared = reject(first, moderator)
    appeal = appealing.appeal(cleared, by=first, text="It is about her.")
    with pytest.raises(ValidationError):
        end(appeal, GRANT, other)
    ended = end(appeal, GRANT, other, violation="V3")
    assert client_for(None).get(post.get_absolute_url()).status_code == 404
    assert ended.result.measure == Measure.TAKE_DOWN
    assert "what you reported breaks our rules, and we removed it" in read(first)
    told = Letter.objects.filter(decision=ended.result)
    assert [letter.guest for letter in told] == [second]
    assert Notice.objects.filter(decision=ended.result, recipient=reader).count() == 1


def test_the_appeal_stays_on_the_page_when_its_removal_is_taken_back(
    notice, appeal, moderator, other, author
):
    removal = end(appeal, GRANT, other, violation="V3").result
    end(appealing.appeal(removal, by=author, text="A play."), GRANT, moderator)
    shown = read(notice)
    assert "took that back" in shown
    assert "we removed it" in shown


def test_a_guest_without_an_address_appeals_too(post, moderator, other):
    notice = factories.give_notice(post, ground="minors", name="", email="")
    reject(notice, moderator)
    assert "as well" not in read(notice)
    assert say(notice).status_code == 302
    appeal = Appeal.objects.get()
    end(appeal, GRANT, other, violation="V3")
    assert "we removed it" in read(notice)


# The desk


def test_the_queue_names_no_guest_and_the_page_does(client_for, notice, appeal, other):
    noticing.confirm(notice)
    desk = client_for(other)
    listed = desk.get(DESK).content.decode()
    assert "without an account" in listed
    assert "Ada Guest" not in listed
    shown = desk.get(page(appeal)).content.decode()
    for words in (
        "Ada Guest",
        "ada@example.net",
        "address confirmed",
        "without an account",
        "It names my sister.",
        "It is &lt;b&gt;about her",
    ):
        assert words in shown


def test_the_desk_takes_no_more_queries_for_guests(client_for, appeal, notice, other):
    desk = client_for(other)
    desk.get(DESK)
    with own_queries(2):
        desk.get(DESK)
    appealing.answer(appeal, by=notice, text="Please.")
    desk.get(page(appeal))
    with own_queries(7):
        assert b"Please." in desk.get(page(appeal)).content


def test_the_desk_refuses_the_first_decider_and_whom_it_concerns(
    client_for, moderator, administrator, appeal, other
):
    sent = {"outcome": "rejected", "reasons": "I said so.", "version": 1}
    assert client_for(moderator).post(page(appeal, "decide"), sent).status_code == 403
    own = factories.give_notice(factories.make_post(author=other), email="eve@example.net")
    concerning = appealing.appeal(reject(own, administrator), by=own, text="No.")
    desk = client_for(other)
    assert desk.get(DESK).context["appeals"] == [appeal]
    assert desk.get(page(concerning)).status_code == 403
    assert desk.post(page(concerning, "decide"), sent).status_code == 403


def test_the_desk_answers_and_ends_it(client_for, notice, appeal, other):
    desk = client_for(other)
    assert desk.post(page(appeal, "answer"), {"text": "Which name?"}).status_code == 302
    stale = {"outcome": "granted", "reasons": "You are right.", "version": 1, "violation": "V3"}
    assert desk.post(page(appeal, "decide"), stale).status_code == 409
    assert desk.post(page(appeal, "decide"), {**stale, "version": 2}).status_code == 302
    assert "You are right." in read(notice)
    assert desk.get(page(appeal)).status_code == 200
    assert b"without an account" in desk.get(DESK, {"show": "decided"}).content


def test_whoever_disowns_the_notice_leaves_no_words_of_an_appeal(client_for, notice, appeal, other):
    appealing.answer(appeal, by=notice, text="Her name is Anna.")
    forgetting.disown(notice)
    assert not AppealMessage.objects.exclude(text="").exists()
    shown = read(notice)
    assert "about her" not in shown
    assert link(notice, "answer_guest_appeal") not in shown
    refused = say(notice, "Still here.", "answer_guest_appeal")
    assert refused.status_code == 403
    assert b"there is nobody whom we could answer" in refused.content
    assert b"Still here." in refused.content
    assert b"(erased)" in client_for(other).get(page(appeal)).content
    end(appeal, REJECT, other)


def test_an_erased_notice_appeals_no_more(notice, rejection):
    forgetting.disown(notice)
    with pytest.raises(NotAppealable, match="erased"):
        appealing.appeal(rejection, by=notice, text="No.")
    assert say(notice).status_code == 403
