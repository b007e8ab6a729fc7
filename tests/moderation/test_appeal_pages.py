"""Appeals through HTTP: the pages of those who appeal, and those of the desk."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from accounts.roles import Role
from moderation import appealing, deciding, reporting
from moderation.measures import Measure
from moderation.models import Appeal, AppealStatus, Case, Notice, NoticeKind
from posts import publishing
from tests import factories
from tests.moderation.counting import own_queries

APPEALS = reverse("moderation:appeals")
NOTICES = reverse("moderation:notices")
DESK = reverse("admin:moderation_appeal_changelist")


def form_of(decision):
    return reverse("moderation:make_appeal", args=[decision.pk])


def page(appeal, name="change"):
    return reverse(f"admin:moderation_appeal_{name}", args=[appeal.pk])


def outcome(appeal, **fields):
    return {"outcome": "rejected", "reasons": "We looked again.", "version": appeal.version, **fields}


def take_down(author, moderator, text="I will come for you"):
    post = factories.make_held_post(author=author, text=text)
    return deciding.decide(
        Case.objects.get(post=post), Measure.TAKE_DOWN, by=moderator, version=1, violation="V3"
    )


def reject_report(author, reader, moderator):
    post = factories.make_post(author=author, text="Burn it")
    reporting.report(post, by=reader, violation="V6", comment="It is nasty")
    return deciding.decide(Case.objects.get(post=post), Measure.CLEAR, by=moderator, version=1)


@pytest.fixture
def removal(author, moderator):
    return take_down(author, moderator)


@pytest.fixture
def other(db):
    return factories.make_user("other_moderator", role=Role.MODERATOR)


@pytest.fixture
def appeal(author, removal):
    return appealing.appeal(removal, by=author, text="It was <b>a joke</b>.")


def test_the_statement_leads_to_the_form_and_later_to_the_appeal(client_for, author, removal):
    factories.let_undo_pass()
    client = client_for(author)
    shown = client.get(removal.statement.get_absolute_url()).content.decode()
    assert f'href="{form_of(removal)}"' in shown
    form = client.get(form_of(removal)).content.decode()
    assert "never the one who decided first" in form
    response = client.post(form_of(removal), {"text": "It was a joke."}, follow=True)
    assert b"Your appeal has reached the moderators." in response.content
    assert b"Nobody has decided yet" in response.content
    made = Appeal.objects.get()
    assert (
        f'href="{made.get_absolute_url()}"'
        in client.get(removal.statement.get_absolute_url()).content.decode()
    )
    assert client.get(form_of(removal)).url == made.get_absolute_url()
    assert client.post(form_of(removal), {"text": "Again."}).url == made.get_absolute_url()


def test_an_appeal_needs_words(client_for, author, removal):
    response = client_for(author).post(form_of(removal), {"text": " "})
    assert response.status_code == 400
    assert client_for(author).post(form_of(removal), {"text": "a\u202eb\x07"}).status_code == 400
    assert not Appeal.objects.exists()


def test_what_cannot_be_appealed_any_more_says_why(client_for, author, moderator, removal):
    deciding.overturn(removal, by=moderator)
    for response in (
        client_for(author).get(form_of(removal)),
        client_for(author).post(form_of(removal), {"text": "No."}, follow=True),
    ):
        assert response.status_code == 403
        assert b"This decision was taken back." in response.content


def test_nobody_learns_of_decisions_and_appeals_of_others(client_for, reader, moderator, appeal):
    for person in (reader, moderator):
        client = client_for(person)
        assert client.get(form_of(appeal.decision)).status_code == 404
        assert client.post(form_of(appeal.decision), {"text": "x"}).status_code == 404
        assert client.get(appeal.get_absolute_url()).status_code == 404
        assert client.post(reverse("moderation:answer_appeal", args=[appeal.pk])).status_code == 404
        assert b"a joke" not in client.get(APPEALS).content
    assert client_for(None).get(appeal.get_absolute_url()).status_code == 302
    assert client_for(None).get(APPEALS).status_code == 302


def test_what_changes_something_refuses_get(client_for, author, other, appeal):
    assert client_for(author).get(reverse("moderation:answer_appeal", args=[appeal.pk])).status_code == 405
    for name in ("answer", "decide"):
        assert client_for(other).get(page(appeal, name)).status_code == 405


def test_appeals_are_limited(client_for, author, moderator, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "appeal": "1/600"}
    first, second = (take_down(author, moderator, text=f"I will come for {n}") for n in "ab")
    assert client_for(author).post(form_of(first), {"text": "No."}).status_code == 302
    assert client_for(author).post(form_of(second), {"text": "No."}).status_code == 429


def test_both_sides_read_what_the_other_wrote(client_for, author, other, appeal):
    client_for(other).post(page(appeal, "answer"), {"text": "About whom?"})
    shown = client_for(author).get(appeal.get_absolute_url()).content.decode()
    assert "About whom?" in shown
    assert "other_moderator" not in shown
    assert "It was &lt;b&gt;a joke" in shown
    response = client_for(author).post(
        reverse("moderation:answer_appeal", args=[appeal.pk]), {"text": "About nobody."}
    )
    assert response.url == appeal.get_absolute_url()
    assert "About nobody." in client_for(other).get(page(appeal)).content.decode()
    assert (
        client_for(author).post(reverse("moderation:answer_appeal", args=[appeal.pk]), {}).status_code == 400
    )
    assert client_for(other).post(page(appeal, "answer"), {}).status_code == 400


def test_a_decided_appeal_takes_no_more_answers(client_for, author, other, appeal):
    appealing.decide_appeal(appeal, AppealStatus.REJECTED, by=other, version=1, reasons="It names her.")
    shown = client_for(author).post(
        reverse("moderation:answer_appeal", args=[appeal.pk]), {"text": "Wait!"}, follow=True
    )
    assert b"This appeal is decided." in shown.content
    assert b"It names her." in shown.content
    assert client_for(other).post(page(appeal, "answer"), {"text": "x"}).status_code == 409


def test_a_reporter_reaches_the_appeal_from_the_notice(client_for, author, reader, moderator):
    decision = reject_report(author, reader, moderator)
    factories.let_undo_pass()
    client = client_for(reader)
    notice = Notice.objects.get(kind=NoticeKind.OUTCOME)
    assert notice.get_absolute_url() in client.get(NOTICES).content.decode()
    shown = client.get(notice.get_absolute_url()).content.decode()
    assert "It is nasty" in shown
    assert f'href="{form_of(decision)}"' in shown
    client.post(form_of(decision), {"text": "It names my street."})
    assert Appeal.objects.get().appellant == reader
    assert client_for(author).get(notice.get_absolute_url()).status_code == 404


def test_pages_without_anything_say_so(client_for, reader):
    assert b"You have not appealed against anything." in client_for(reader).get(APPEALS).content
    assert b"There is nothing yet: nothing of yours was held" in client_for(reader).get(NOTICES).content


@pytest.mark.parametrize("where", [APPEALS, NOTICES])
def test_lists_are_cut_into_pages_in_a_constant_number_of_queries(
    client_for, author, reader, moderator, monkeypatch, where
):
    monkeypatch.setattr("moderation.appeal_pages.PAGE", 2)
    client = client_for(reader)
    client.get(where)
    with own_queries(2):  # One of them counts what is unread, for the navigation.
        client.get(where)
    for _number in range(5):
        appealing.appeal(reject_report(author, reader, moderator), by=reader, text="No.")
    factories.let_undo_pass()
    with own_queries(2):
        found = client.get(where).context["page"]
    seen = [*found.rows]
    while found.next:
        found = client.get(where, {"before": found.next}).context["page"]
        seen += found.rows
    model = Appeal if where == APPEALS else Notice
    assert seen == list(model.objects.order_by("-pk"))


# The desk


def test_nobody_but_moderators_sees_the_desk(client_for, reader, appeal):
    assert client_for(None).get(DESK).status_code == 302
    reader.is_staff = True
    reader.save()
    assert client_for(reader).get(DESK).status_code == 403
    assert client_for(reader).get(page(appeal)).status_code == 403
    for name in ("answer", "decide"):
        assert client_for(reader).post(page(appeal, name), outcome(appeal)).status_code == 403


def test_what_is_due_first_comes_first_and_what_is_late_says_so(client_for, author, moderator, other):
    made = [
        appealing.appeal(take_down(author, moderator, text=f"come for {n}"), by=author, text=f"appeal {n}")
        for n in "abc"
    ]
    Appeal.objects.filter(pk=made[2].pk).update(due_at=Now() - timedelta(hours=3))
    response = client_for(other).get(DESK)
    assert response.context["appeals"] == [made[2], made[0], made[1]]
    assert response.content.decode().count("overdue by") == 1
    assert b"not for you" not in response.content
    assert client_for(moderator).get(DESK).content.decode().count("not for you") == 3


def test_the_appeals_take_two_queries_however_many_there_are(
    client_for, author, moderator, other, monkeypatch
):
    monkeypatch.setattr("moderation.admin.appeal_desk.PAGE", 2)
    desk = client_for(other)
    desk.get(DESK)
    for number in range(5):
        removal = take_down(author, moderator, text=f"I will come for {number}")
        appealing.appeal(removal, by=author, text="No.")
    with own_queries(2):
        response = desk.get(DESK)
    seen = [*response.context["appeals"]]
    while response.context["more"]:
        response = desk.get(DESK, {"after": response.context["more"]})
        seen += response.context["appeals"]
    assert seen == list(Appeal.objects.in_order())


def test_decided_appeals_have_their_own_list(client_for, other, appeal):
    appealing.decide_appeal(appeal, AppealStatus.REJECTED, by=other, version=1, reasons="No.")
    desk = client_for(other)
    assert b"No appeal waits." in desk.get(DESK).content
    assert desk.get(DESK, {"show": "decided"}).context["appeals"] == [appeal]
    assert desk.get(DESK, {"show": "decided", "after": appeal.pk}).context["appeals"] == []


def test_the_page_shows_what_is_needed_in_a_constant_number_of_queries(client_for, author, other, appeal):
    desk = client_for(other)
    desk.get(page(appeal))
    with own_queries(7):
        desk.get(page(appeal))
    for number in range(4):
        appealing.answer(appeal, by=author, text=f"message {number}")
    with own_queries(7):
        shown = desk.get(page(appeal)).content.decode()
    for words in ("I will come for you", "It was &lt;b&gt;", "message 3", "We removed your post", "V3"):
        assert words in shown


def test_the_first_decider_sees_why_not_and_is_refused(client_for, moderator, appeal):
    shown = client_for(moderator).get(page(appeal)).content
    assert b"You decided this first." in shown
    assert b'name="outcome"' not in shown
    for name in ("decide", "answer"):
        refused = client_for(moderator).post(page(appeal, name), outcome(appeal, text="Hello"))
        assert refused.status_code == 403
        assert b"You decided this first." in refused.content
    appeal.refresh_from_db()
    assert appeal.is_open


def test_whom_an_appeal_concerns_does_not_see_it_at_the_desk(client_for, reader, administrator, other):
    appeal = appealing.appeal(reject_report(other, reader, administrator), by=reader, text="No.")
    assert client_for(other).get(DESK).context["appeals"] == []
    assert client_for(other).get(page(appeal)).status_code == 403
    assert client_for(other).post(page(appeal, "decide"), outcome(appeal)).status_code == 403


def test_an_appeal_of_nobody_is_not_found(client_for, other):
    assert client_for(other).get(reverse("admin:moderation_appeal_change", args=[1])).status_code == 404


def test_an_outcome_without_reasons_is_asked_again(client_for, other, appeal):
    response = client_for(other).post(page(appeal, "decide"), outcome(appeal, reasons=""))
    assert response.status_code == 400
    blank = client_for(other).post(page(appeal, "decide"), outcome(appeal, reasons="\x07"))
    assert blank.status_code == 400


def test_granting_a_reporter_names_a_rule(client_for, author, reader, moderator, other):
    appeal = appealing.appeal(reject_report(author, reader, moderator), by=reader, text="No.")
    desk = client_for(other)
    assert b"It is nasty" in desk.get(page(appeal)).content
    response = desk.post(page(appeal, "decide"), outcome(appeal, outcome="granted"))
    assert response.status_code == 400
    assert b"Name the rule" in response.content
    assert (
        desk.post(page(appeal, "decide"), outcome(appeal, outcome="granted", violation="V6")).status_code
        == 302
    )
    appeal.refresh_from_db()
    assert appeal.status == AppealStatus.GRANTED


def test_what_was_written_meanwhile_is_shown_and_what_was_typed_stays(client_for, author, other, appeal):
    desk = client_for(other)
    appealing.answer(appeal, by=author, text="Here is the proof.")
    response = desk.post(page(appeal, "decide"), outcome(appeal, reasons="My words"))
    assert response.status_code == 409
    assert b"Here is the proof." in response.content
    assert b"My words" in response.content
    appeal.refresh_from_db()
    assert response.context["form"]["version"].value() == str(appeal.version)
    assert desk.post(page(appeal, "decide"), outcome(appeal)).status_code == 302
    assert desk.post(page(appeal, "decide"), outcome(appeal)).status_code == 409


def test_a_text_that_moved_meanwhile_is_refused_in_words(client_for, author, reader, moderator, other):
    decision = reject_report(author, reader, moderator)
    appeal = appealing.appeal(decision, by=reader, text="No.")
    factories.hold(publishing.edit(decision.case.post, body="Burn it all", warning="", by=author))
    response = client_for(other).post(
        page(appeal, "decide"), outcome(appeal, outcome="granted", violation="V6")
    )
    assert response.status_code == 409
    assert b"There is an open case about the same text." in response.content
