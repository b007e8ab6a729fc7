"""The page of the audit trail: filters, pages without counting, and who may look."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from moderation import acting, auditing, queueing, reporting, tasks
from moderation.models import AuditRow, Case
from parler.ways import WayMiddleware
from tests import factories
from tests.moderation.counting import own_queries

TRAIL = reverse("admin:moderation_auditrow_changelist")


@pytest.fixture
def desk(client_for, administrator):
    return client_for(administrator)


@pytest.fixture
def trail(moderator, author):
    for number in range(3):
        auditing.record("look", f"case {number}", by=moderator)
    auditing.record("report", "case 3", by=author)
    auditing.record("scan", "2 revisions", by=None)


def subjects(response):
    return [row.subject for row in response.context["rows"]]


def test_the_newest_act_comes_first_and_leads_to_its_row(desk, trail):
    page = desk.get(TRAIL)
    assert subjects(page) == ["2 revisions", "case 3", "case 2", "case 1", "case 0"]
    newest = page.context["rows"][0]
    address = reverse("admin:moderation_auditrow_change", args=[newest.pk])
    assert address in page.content.decode()
    row = desk.get(address)
    assert newest.hash in row.content.decode()
    assert desk.post(address, {"verb": "x"}).status_code == 403
    assert desk.post(reverse("admin:moderation_auditrow_delete", args=[newest.pk])).status_code == 403
    assert desk.get(reverse("admin:moderation_auditrow_add")).status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("actor=moderator_m", ["case 2", "case 1", "case 0"]),
        ("actor=@author", ["case 3"]),
        ("actor=machine", ["2 revisions"]),
        ("verb=report", ["case 3"]),
        ("actor=moderator_m&verb=report", []),
        ("until=2020-01-01", []),
        ("since=2999-01-01", []),
        ("via=desk", []),
    ],
)
def test_the_trail_is_filtered(desk, trail, query, expected):
    page = desk.get(f"{TRAIL}?{query}")
    assert subjects(page) == expected
    assert ("No row fits" in page.content.decode()) is not bool(expected)


@pytest.mark.parametrize("query", ["since=2020-01-01", "until=9999-12-31", "since=x", "via=x", "before=-1"])
def test_a_filter_that_says_nothing_leaves_everything(desk, trail, query):
    assert len(subjects(desk.get(f"{TRAIL}?{query}"))) == 5


def test_the_trail_is_cut_into_pages_without_gaps(desk, trail, monkeypatch):
    monkeypatch.setattr("moderation.admin.trail_page.PAGE", 2)
    seen: list[int] = []
    query: str | None = "via=command"
    while query is not None:
        response = desk.get(f"{TRAIL}?{query}")
        seen += [row.pk for row in response.context["rows"]]
        query = response.context["more"] or None
    assert seen == list(AuditRow.objects.order_by("-pk").values_list("pk", flat=True))


def test_the_page_takes_one_query_however_long_the_trail_is_and_counts_nothing(desk, trail, moderator):
    desk.get(TRAIL)
    with own_queries(1):
        desk.get(TRAIL)
    for number in range(60):
        auditing.record("look", f"case {number}", by=moderator)
    with own_queries(1), CaptureQueriesContext(connection) as captured:
        assert len(subjects(desk.get(f"{TRAIL}?actor=moderator_m&verb=look&since=2020-01-01"))) == 50
    assert not [query for query in captured.captured_queries if "COUNT(" in query["sql"]]


def test_only_seniors_and_administrators_look(client_for, moderator, reader):
    assert client_for(moderator).get(TRAIL).status_code == 403
    assert client_for(reader).get(TRAIL, follow=True).status_code == 403
    senior = factories.make_user(role=Role.SENIOR_MODERATOR)
    assert client_for(senior).get(TRAIL).status_code == 200
    assert client_for(senior).post(TRAIL).status_code == 405


def test_each_way_of_acting_is_noted(client_for, moderator, author, reader, monkeypatch):
    factories.make_held_post(author=author)
    client_for(moderator).post(reverse("admin:moderation_case_next"))
    queueing.release(Case.objects.get(), by=moderator)
    monkeypatch.setattr("moderation.mailing.send_due", lambda: auditing.record("send", "x", by=None))
    tasks.send_notices()
    reporting.report(factories.make_post(author=author), by=reader, violation="V6")
    assert list(AuditRow.objects.order_by("pk").values_list("verb", "via")) == [
        ("claim", "desk"),
        ("release", "command"),
        ("send", "worker"),
        ("report", "command"),
    ]


@pytest.mark.parametrize(
    ("address", "way"),
    [("/rules", "page"), ("/api/v1/instance", "api"), ("/admin/", "desk"), ("/apifoo", "page")],
)
def test_a_request_acts_by_the_way_that_its_address_says(rf, address, way):
    answer = WayMiddleware(lambda request: HttpResponse(acting.current()))(rf.get(address))
    assert answer.content.decode() == way
    assert acting.current() == "command"
