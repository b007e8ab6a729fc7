"""The desk's API: the same verbs as the pages, for those whom the pages let in."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from moderation import appealing, deciding, queueing, reporting
from moderation.acting import Via
from moderation.measures import Measure
from moderation.models import Appeal, AppealStatus, AuditRow, Case, Decision
from posts.models import Post
from tests import factories
from tests.api import tokens
from tests.moderation.crowds import copy_cases

HERE = "/api/parler/v1/moderation"


@pytest.fixture
def case(author):
    return Case.objects.get(post=factories.make_held_post(author=author, language="de"))


@pytest.fixture
def desk(api, moderator):
    return api(moderator, "moderation")


@pytest.fixture
def other():
    return factories.make_user("second_moderator", role=Role.MODERATOR)


def send(client, address, **body):
    return client.post(f"{HERE}/{address}", body, content_type="application/json")


def test_the_queue_is_in_order_and_says_what_comes_after(desk, author):
    for _number in range(3):
        factories.make_held_post(author=author)
    cases = list(Case.objects.in_order())
    first = desk.get(f"{HERE}/queue?limit=2")
    assert [row["id"] for row in first.json()] == [str(case.pk) for case in cases[:2]]
    assert first.json()[0]["author"]["handle"] == author.handle
    rest = desk.get(
        urlsplit(first["Link"].partition(">")[0].lstrip("<"))._replace(scheme="", netloc="").geturl()
    )
    assert [row["id"] for row in rest.json()] == [str(cases[2].pk)]
    assert "Link" not in rest


def test_the_queue_takes_the_same_number_of_queries_however_long_it_is(desk, case):
    numbers = []
    for more in (5, 30):
        copy_cases(case, more)
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"{HERE}/queue").status_code == 200
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_queues_of_a_language_and_what_makes_no_sense(desk, case, author):
    factories.make_held_post(author=author, language="en")
    found = desk.get(f"{HERE}/queue?language=de").json()
    assert [row["id"] for row in found] == [str(case.pk)]
    assert desk.get(f"{HERE}/queue?language=xx").status_code == 422
    assert desk.get(f"{HERE}/queue?show=closed").json() == []


def test_a_case_is_claimed_read_and_decided(desk, case, author, moderator):
    taken = send(desk, "queue/next").json()
    assert taken["id"] == str(case.pk)
    assert taken["text"] == case.snapshot
    assert taken["claimed_by"]["handle"] == moderator.handle
    answer = send(desk, f"cases/{case.pk}/decide", measure="clear", version=taken["version"])
    assert answer.status_code == 200
    assert answer.json()["measure"] == "clear"
    assert Post.objects.visible_to(factories.make_user()).filter(pk=case.post_id).exists()
    assert send(desk, "queue/next").status_code == 204
    assert AuditRow.objects.filter(verb="decide", actor=str(moderator), via=Via.API).exists()
    assert [row["id"] for row in desk.get(f"{HERE}/queue?show=closed").json()] == [str(case.pk)]


def test_a_removal_names_its_rule_and_is_taken_back(desk, case):
    assert send(desk, f"cases/{case.pk}/decide", measure="take_down", version=1).status_code == 422
    made = send(desk, f"cases/{case.pk}/decide", measure="take_down", version=1, violation="V6").json()
    again = send(desk, f"cases/{case.pk}/decide", measure="clear", version=1)
    assert again.status_code == 409
    undone = send(desk, f"decisions/{made['id']}/overturn", reason="A song.").json()
    assert undone["overturns"] == made["id"]
    assert send(desk, f"decisions/{made['id']}/overturn").status_code == 409


def test_what_was_seen_has_changed(desk, case):
    assert send(desk, f"cases/{case.pk}/decide", measure="clear", version=7).status_code == 409
    assert not Decision.objects.exists()


def test_a_claim_that_somebody_else_has(desk, api, case, other):
    queueing.claim(case, by=other)
    assert send(desk, f"cases/{case.pk}/claim").status_code == 409
    assert send(desk, f"cases/{case.pk}/take_over").status_code == 403
    senior = api(factories.make_user(role=Role.SENIOR_MODERATOR), "moderation")
    assert send(senior, f"cases/{case.pk}/take_over").json()["claimed_by"]["handle"] != other.handle


def test_release_and_skip(desk, case, moderator):
    send(desk, f"cases/{case.pk}/claim")
    assert send(desk, f"cases/{case.pk}/release").json()["claimed_by"] is None
    send(desk, f"cases/{case.pk}/skip")
    assert send(desk, "queue/next").status_code == 204


@pytest.mark.parametrize("address", ["queue/next", "cases/{}/claim", "cases/{}/decide", "cases/{}/skip"])
def test_only_who_may_decide_comes_in(api, case, author, moderator, address):
    path = address.format(case.pk)
    body = {"measure": "clear", "version": 1}
    assert send(api(), path, **body).status_code == 401
    assert send(api(author, "moderation"), path, **body).status_code == 403
    assert send(api(moderator, "read write"), path, **body).status_code == 403
    assert send(api(moderator, "moderation:read"), path, **body).status_code == 403
    assert not Decision.objects.exists()
    assert Case.objects.get().claimed_by is None


def test_a_token_of_somebody_who_moderates_no_longer(api, case, moderator):
    client = api(moderator, "moderation")
    moderator.groups.clear()
    assert client.get(f"{HERE}/queue").status_code == 403


def test_nobody_judges_their_own_or_their_equals(api, moderator, other):
    own = Case.objects.get(post=factories.make_held_post(author=moderator))
    for colleague in (moderator, other):
        client = api(colleague, "moderation")
        assert client.get(f"{HERE}/cases/{own.pk}").status_code == 403
        assert send(client, f"cases/{own.pk}/decide", measure="clear", version=1).status_code == 403
    assert api(moderator, "moderation").get(f"{HERE}/cases/12345").status_code == 404


@pytest.fixture
def appeal(case, author, moderator):
    removal = deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V6")
    return appealing.appeal(removal, by=author, text="It is a song.")


def test_an_appeal_is_read_answered_and_granted_by_another_person(api, appeal, other, author):
    client = api(other, "moderation")
    assert [row["id"] for row in client.get(f"{HERE}/appeals").json()] == [str(appeal.pk)]
    said = send(client, f"appeals/{appeal.pk}/answer", text="Which one?").json()
    assert [message["text"] for message in said["messages"]] == ["Which one?"]
    stale = send(client, f"appeals/{appeal.pk}/decide", outcome="granted", reasons="Yes.", version=1)
    assert stale.status_code == 409
    end = send(
        client, f"appeals/{appeal.pk}/decide", outcome="granted", reasons="Yes.", version=said["version"]
    )
    assert end.json()["status"] == "granted"
    assert Post.objects.visible_to(factories.make_user()).filter(author=author).exists()
    assert client.get(f"{HERE}/appeals").json() == []
    assert len(client.get(f"{HERE}/appeals?show=decided").json()) == 1


def test_an_appeal_of_a_guest_names_no_account(api, author, moderator, other):
    notice = factories.give_notice(factories.make_post(author=author))
    left = deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    made = appealing.appeal(left, by=notice, text="Look again.")
    appealing.answer(made, by=notice, text="Please.")
    client = api(other, "moderation")
    (row,) = client.get(f"{HERE}/appeals").json()
    assert (row["appellant"], "guest" in row) == (None, False)
    said = send(client, f"appeals/{made.pk}/answer", text="Which name?").json()
    assert said["guest"] == {
        "notice_id": str(notice.pk),
        "name": "Ada Guest",
        "email": "ada@example.net",
        "is_confirmed": False,
    }
    speakers = [message["by"] and message["by"]["handle"] for message in said["messages"]]
    assert speakers == [None, other.handle]
    granted = {"outcome": "granted", "reasons": "Yes.", "violation": "V3", "version": said["version"]}
    assert send(client, f"appeals/{made.pk}/decide", **granted).json()["status"] == "granted"
    assert not Post.objects.visible_to(factories.make_user()).filter(author=author).exists()


def test_the_first_decider_is_refused(desk, appeal):
    assert desk.get(f"{HERE}/appeals/{appeal.pk}").json()["why_not"]
    refused = send(desk, f"appeals/{appeal.pk}/decide", outcome="granted", reasons="Yes.", version=1)
    assert refused.status_code == 403
    assert Appeal.objects.get().status == AppealStatus.OPEN


def test_an_appeal_against_what_concerns_the_moderator_is_not_theirs(api, reader, moderator, administrator):
    reporting.report(factories.make_post(author=moderator), by=reader, violation="V6")
    left = deciding.decide(Case.objects.get(), Measure.CLEAR, by=administrator, version=1)
    made = appealing.appeal(left, by=reader, text="No.")
    client = api(moderator, "moderation")
    assert client.get(f"{HERE}/appeals").json() == []
    assert client.get(f"{HERE}/appeals/{made.pk}").status_code == 403


def test_consent_to_moderate_needs_a_proved_second_factor(client_for, moderator, settings):
    settings.STAFF_SECOND_FACTOR = True
    app = tokens.make_application(scopes="read moderation")
    asked = {"response_type": "code", "client_id": app.client_id, "redirect_uri": tokens.OUT_OF_BAND}
    client = client_for(moderator)
    for scope in ("moderation:read", "read moderation"):
        answer = client.get(f"/oauth/authorize?{urlencode({**asked, 'scope': scope})}")
        assert answer.status_code == 302
        assert answer["Location"] == "/account/second-factor"
        sent = client.post("/oauth/authorize", {**asked, "scope": scope, "allow": "1"})
        assert sent["Location"] == "/account/second-factor"
    assert client.get(f"/oauth/authorize?{urlencode({**asked, 'scope': 'read'})}").status_code == 200
    settings.STAFF_SECOND_FACTOR = False
    assert client.get(f"/oauth/authorize?{urlencode({**asked, 'scope': 'moderation'})}").status_code == 200


def test_the_address_of_the_next_part_keeps_the_choice(desk, case):
    copy_cases(case, 3)
    link = desk.get(f"{HERE}/queue?limit=1&language=de")["Link"]
    query = parse_qs(urlsplit(link.partition(">")[0]).query)
    assert query["language"] == ["de"]
    assert query["limit"] == ["1"]
