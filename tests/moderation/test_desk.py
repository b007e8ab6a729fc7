"""The desk through HTTP: who gets in, what stands there, and how many queries it takes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from moderation import deciding, noting, queueing, reporting
from moderation.evidence import referring
from moderation.measures import Measure
from moderation.models import Case, CaseStatus, Decision
from posts import publishing
from posts.statuses import Status
from tests import factories
from tests.moderation.counting import own_queries
from tests.moderation.crowds import copy_cases

QUEUE = reverse("admin:moderation_case_changelist")
NEXT = reverse("admin:moderation_case_next")


def page(case, name="change"):
    return reverse(f"admin:moderation_case_{name}", args=[case.pk])


def decision(case, **fields):
    return {"measure": "take_down", "violation": "V1", "reason": "No.", "version": case.version, **fields}


@pytest.fixture
def case(author):
    factories.make_held_post(author=author, text="Burn <b>it</b> down")
    return Case.objects.get()


@pytest.fixture
def desk(client_for, moderator):
    return client_for(moderator)


def test_nobody_but_moderators_gets_in(client_for, reader, case):
    assert client_for(None).get(QUEUE).url == f"/admin/login/?next={QUEUE}"
    assert client_for(None).get("/admin/login/", {"next": QUEUE}).url.startswith("/account/login/")
    assert client_for(reader).get(QUEUE, follow=True).status_code == 403
    for name in ("take", "decide", "release", "restore"):
        assert client_for(reader).post(page(case, name), follow=True).status_code in (403, 405)
    assert client_for(reader).get(page(case), follow=True).status_code == 403


def test_staff_without_the_permission_stay_out(client_for, reader, case):
    reader.is_staff = True
    reader.save()
    assert client_for(reader).get(QUEUE).status_code == 403
    assert client_for(reader).post(NEXT).status_code == 403
    assert client_for(reader).get("/admin/").status_code == 200


def test_what_changes_something_refuses_get(desk, case):
    for name in ("take", "decide", "release", "restore"):
        assert desk.get(page(case, name)).status_code == 405
    assert desk.get(NEXT).status_code == 405


def test_an_empty_queue_says_so(desk):
    assert b"The queue is empty" in desk.get(QUEUE).content
    assert b"no case to take" in desk.post(NEXT, follow=True).content


def test_the_queue_shows_the_worst_first_then_the_oldest(desk, author):
    for text, violation in (("mild", "V6"), ("worse", "V1"), ("as bad", "V3")):
        post = factories.make_pending_post(author=author, text=text)
        factories.hold(post.get_latest_revision(), violation=violation)
    shown = desk.get(QUEUE).content.decode()
    assert shown.index("worse") < shown.index("as bad") < shown.index("mild")


def test_the_queue_is_cut_into_pages_without_gaps(desk, author, monkeypatch):
    monkeypatch.setattr("moderation.admin.queue_page.PAGE", 2)
    for number in range(5):
        post = factories.make_pending_post(author=author, text=f"number {number}.")
        factories.hold(post.get_latest_revision(), violation="V6" if number % 2 else "V1")
    seen: list[int] = []
    query: str | None = ""
    while query is not None:
        response = desk.get(f"{QUEUE}?{query}")
        seen += [case.pk for case in response.context["rows"]]
        query = response.context["more"] or None
    assert seen == list(Case.objects.in_order().values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query", ["show=closed", "show=mine", "violation=V9", "language=de", "origin=report", "after=1"]
)
def test_the_queue_can_be_filtered(desk, case, query):
    expected = 1 if query == "after=1" else 0
    assert len(desk.get(f"{QUEUE}?{query}").context["rows"]) == expected


@pytest.mark.parametrize(
    "query", ["show=x", "language=xx", "violation=x'", "after=-1", "after=99999999999999999999", "after=x"]
)
def test_a_filter_without_sense_is_ignored(desk, case, query):
    assert len(desk.get(f"{QUEUE}?{query}").context["rows"]) == 1


def test_the_queue_takes_the_same_number_of_queries_however_long_it_is(desk, author, reader):
    desk.get(QUEUE)
    with own_queries(3):
        desk.get(QUEUE)
    for _number in range(8):
        factories.make_held_post(author=author)
        reporting.report(factories.make_post(author=author), by=reader, violation="V1")
    with own_queries(3):
        assert len(desk.get(QUEUE).context["rows"]) == 16


@pytest.mark.parametrize("address", [QUEUE, f"{QUEUE}?violation=V3&origin=scan"])
def test_three_hundred_cases_take_as_many_queries_as_ten(
    desk, moderator, case, address, django_assert_num_queries
):
    copy_cases(case, 9)
    queueing.claim(case, by=moderator)
    desk.get(address)
    with CaptureQueriesContext(connection) as captured:
        desk.get(address)
        desk.get(page(case))
    copy_cases(case, 290)
    with django_assert_num_queries(len(captured)):
        assert len(desk.get(address).context["rows"]) == 25
        desk.get(page(case))


def test_the_queue_can_be_of_one_language_and_class_and_the_desk_goes_on_in_it(desk, moderator, author):
    for language, violation in (("en", "V1"), ("de", "V6"), ("de", "V3"), ("de", "V6")):
        post = factories.make_pending_post(author=author, text=f"{language} {violation}", language=language)
        factories.hold(post.get_latest_revision(), violation=violation)
    shown = desk.get(f"{QUEUE}?language=de&violation=V6")
    assert [one.text for one in shown.context["rows"]] == ["de V6", "de V6"]
    queue = {"language": "de", "violation": "V6"}
    assert shown.context["queue"] == queue
    desk.post(NEXT, queue)
    for _turn in range(2):
        mine = Case.objects.claimed_by_now(moderator).get()
        assert mine.snapshot == "de V6"
        response = desk.post(page(mine, "decide"), decision(mine, measure="clear", violation="", next="1"))
    assert response.url == f"{QUEUE}?language=de&violation=V6"
    assert "in the queue that you chose" in desk.get(response.url).content.decode()
    desk.post(NEXT, {"language": "", "violation": ""})
    assert Case.objects.claimed_by_now(moderator).get().snapshot in ("en V1", "de V3")


def test_due_times_are_shown_and_what_is_overdue_stands_out(desk, author, case):
    for address in (QUEUE, page(case)):
        assert "due in 23" in " ".join(desk.get(address).content.decode().split()).replace("\xa0", " ")
    Case.objects.update(opened_at=Now() - timedelta(hours=30), due_at=Now() - timedelta(hours=6))
    for address in (QUEUE, page(case)):
        assert "overdue by 6" in desk.get(address).content.decode().replace("\xa0", " ")


def test_overdue_imminent_cases_sound_an_alarm_on_the_queue_page(desk, author):
    post = factories.make_pending_post(author=author, text="At the bridge, at nine")
    factories.hold(post.get_latest_revision(), violation="V8")
    assert "take it now" not in desk.get(QUEUE).content.decode()
    Case.objects.update(opened_at=Now() - timedelta(hours=30), due_at=Now())
    assert "1 case of possible harm is overdue: take it now." in desk.get(QUEUE).content.decode()


def test_a_case_takes_the_same_number_of_queries_however_much_there_is(desk, moderator, author, reader):
    """Counted where there is some of everything: what is not there at all is not asked for."""
    first = factories.make_post(author=reader, text="first")
    second = factories.make_post(author=reader, text="second", parent=first)
    quoted = factories.make_post(author=reader, text="quoted")
    post = factories.make_post(author=author, text="third", parent=second, echoed=quoted)
    reporting.report(post, by=reader, violation="V1", comment="Look!")
    case = queueing.claim(Case.objects.get(post=post), by=moderator)

    def add(number):
        for _more in range(number):
            factories.make_post(author=reader, text="comment", parent=post)
            reporting.report(post, by=factories.make_user(), violation="V1")
            held = factories.make_held_post(author=author)
            deciding.decide(Case.objects.get(post=held), Measure.CLEAR, by=moderator, version=1)
            noting.note(case, "noted", by=moderator, is_about_author=True)

    add(4)
    referring.ask(case, by=moderator, why="A life")
    desk.get(page(case))
    with own_queries(15):
        desk.get(page(case))
    add(4)
    with own_queries(15):
        shown = desk.get(page(case)).content.decode()
    for text in ("first", "second", "third", "quoted", "comment", "Look!", "noted", "A life"):
        assert text in shown


def test_a_case_with_nothing_beside_it_takes_fewer_queries(desk, moderator, case):
    queueing.claim(case, by=moderator)
    desk.get(page(case))
    with own_queries(6):
        desk.get(page(case))


def test_the_first_page_tells_what_waits_and_what_was_narrowed_in_three_queries(desk, case):
    desk.get("/admin/")
    with own_queries(3):
        shown = desk.get("/admin/").content
    assert b"Take the next case" in shown
    assert b"first due in" in shown


def test_spans_are_marked_and_everything_is_escaped(desk, case):
    shown = desk.get(page(case)).content.decode()
    assert '<mark class="role-method" title="threat (method)">Burn </mark>&lt;b&gt;it&lt;/b&gt; down' in shown
    assert "<b>it" not in shown


def test_looking_is_not_taking(desk, moderator, case):
    shown = desk.get(page(case)).content
    assert b"Take this case" in shown
    assert b'name="measure"' not in shown
    desk.post(page(case, "take"))
    assert b'name="measure"' in desk.get(page(case)).content
    assert Case.objects.claimed_by_now(moderator).get() == case


def test_a_case_that_somebody_else_has_is_not_given_away(desk, client_for, case):
    other = factories.make_user("other_moderator", role=Role.MODERATOR)
    queueing.claim(case, by=other)
    assert b"@other_moderator is working on this case" in desk.get(page(case)).content
    refused = desk.post(page(case, "take"))
    assert refused.status_code == 409
    assert b"Somebody else is working on this case" in refused.content


def test_deciding_closes_the_case_and_goes_on_to_the_next(desk, moderator, author, case):
    factories.make_held_post(author=author, text="the next one")
    desk.post(NEXT)
    response = desk.post(page(case, "decide"), decision(case, next="1"))
    case.refresh_from_db()
    assert case.status == CaseStatus.CLOSED
    following = Case.objects.claimed_by_now(moderator).get()
    assert response.url == page(following)
    assert b"Statement of reasons" in desk.get(page(case)).content


def test_a_removal_without_a_rule_is_asked_again(desk, case):
    desk.post(page(case, "take"))
    response = desk.post(page(case, "decide"), decision(case, violation="", reason="My words"))
    assert response.status_code == 400
    assert b"Name the rule" in response.content
    assert b"My words" in response.content
    assert not Decision.objects.exists()


def test_a_case_that_changed_keeps_what_was_typed(desk, author, case):
    desk.post(page(case, "take"))
    newest = publishing.edit(case.post, body="Burn it all", warning="", by=author)
    factories.hold(newest)
    response = desk.post(page(case, "decide"), decision(case, reason="My words"))
    assert response.status_code == 409
    assert b"The case changed" in response.content
    assert b"Burn" in response.content
    assert b"My words" in response.content
    case.refresh_from_db()
    assert response.context["form"]["version"].value() == str(case.version)
    assert desk.post(page(case, "decide"), decision(case)).status_code == 302


def test_a_lost_claim_is_told_and_keeps_what_was_typed(desk, case):
    queueing.claim(case, by=factories.make_user("other_moderator", role=Role.MODERATOR))
    response = desk.post(page(case, "decide"), decision(case, reason="My words"))
    assert response.status_code == 409
    assert b"Somebody else is working on this case" in response.content
    assert b"My words" in response.content


def test_a_decided_case_is_not_decided_again(desk, moderator, case):
    deciding.decide(case, Measure.CLEAR, by=moderator, version=1)
    response = desk.post(page(case, "decide"), decision(case, reason="My words"))
    assert response.status_code == 409
    assert b"already decided" in response.content
    assert b"My words" in response.content
    assert Decision.objects.count() == 1


def test_a_released_case_is_free_again(desk, case):
    desk.post(page(case, "take"))
    desk.post(page(case, "release"))
    case.refresh_from_db()
    assert case.claimed_by is None


def test_a_removal_can_be_taken_back_once(desk, moderator, case):
    deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V1")
    assert b"Take the decision back" in desk.get(page(case)).content
    assert desk.post(page(case, "restore"), {"reason": "We were wrong."}).status_code == 302
    assert case.post.revisions.get().status == Status.CLEARED
    shown = desk.get(page(case)).content
    assert b"Take the decision back" not in shown
    assert desk.post(page(case, "restore")).status_code == 409


def test_moderators_do_not_see_cases_about_themselves(desk, moderator):
    factories.make_held_post(author=moderator)
    case = Case.objects.get()
    assert desk.get(QUEUE).context["rows"] == []
    assert desk.get(page(case)).status_code == 403
    assert desk.post(page(case, "take")).status_code == 403
    desk.post(NEXT)
    case.refresh_from_db()
    assert case.claimed_by is None


def test_what_an_edit_changes_is_shown(desk, author):
    post = factories.make_post(author=author, text="We will win")
    factories.hold(publishing.edit(post, body="We will burn", warning="", by=author))
    shown = desk.get(page(Case.objects.get())).content
    assert b"<del>win</del><ins>burn</ins>" in shown


@pytest.mark.parametrize(
    ("app", "model"),
    [
        ("moderation", "scan"),
        ("moderation", "decision"),
        ("moderation", "statement"),
        ("moderation", "report"),
        ("moderation", "knownbad"),
        ("accounts", "user"),
    ],
)
def test_records_are_read_and_never_written(client_for, administrator, moderator, case, app, model):
    deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V1")
    client = client_for(administrator)
    shown = client.get(reverse(f"admin:{app}_{model}_changelist"))
    assert shown.status_code == 200
    assert client.get(reverse(f"admin:{app}_{model}_add")).status_code == 403
    for row in shown.context["cl"].result_list[:1]:
        address = reverse(f"admin:{app}_{model}_change", args=[row.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {"reason": "x"}).status_code == 403
        assert client.post(reverse(f"admin:{app}_{model}_delete", args=[row.pk])).status_code == 403


def test_the_audit_trail_is_not_for_every_moderator(desk):
    assert desk.get(reverse("admin:moderation_auditrow_changelist")).status_code == 403


def test_a_moderator_never_learns_who_reported_the_own_texts(client_for, moderator, administrator, reader):
    report = reporting.report(factories.make_post(author=moderator), by=reader, violation="V6")
    records = reverse("admin:moderation_report_changelist")
    record = reverse("admin:moderation_report_change", args=[report.pk])
    assert "@reader" in client_for(administrator).get(records).content.decode()
    assert "@reader" not in client_for(moderator).get(records).content.decode()
    assert client_for(moderator).get(record).status_code == 302
