"""What people are told of decisions that concern them, and their appeals, by the API."""

from datetime import timedelta

import pytest

from accounts import restricting
from accounts.models import Restriction
from accounts.roles import Role
from moderation import appealing, deciding, reporting
from moderation.measures import Measure
from moderation.models import Appeal, Case, Notice, Statement
from tests import factories

HERE = "/api/parler/v1/moderation"


@pytest.fixture
def removal(author, moderator):
    case = Case.objects.get(post=factories.make_held_post(author=author))
    made = deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V6", reason="No.")
    factories.let_undo_pass()
    return made


@pytest.fixture
def left(author, reader, moderator):
    reporting.report(factories.make_post(author=author), by=reader, violation="V6")
    made = deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    factories.let_undo_pass()
    return made


def send(client, address, **body):
    return client.post(f"{HERE}/{address}", body, content_type="application/json")


def test_an_author_reads_the_reasons_and_appeals_once(api, author, removal):
    client = api(author)
    given = Statement.objects.get(decision=removal)
    assert [row["id"] for row in client.get(f"{HERE}/statements").json()] == [str(given.pk)]
    found = client.get(f"{HERE}/statements/{given.pk}").json()
    assert found["ground"] == given.ground
    assert found["appeal"]["can_appeal"]
    made = send(client, f"decisions/{found['decision_id']}/appeal", text="It is a song.")
    assert made.status_code == 201
    assert made.json()["status"] == "open"
    assert send(client, f"decisions/{removal.pk}/appeal", text="Again.").status_code == 409
    assert not client.get(f"{HERE}/statements/{given.pk}").json()["appeal"]["can_appeal"]
    assert [row["text"] for row in client.get(f"{HERE}/own_appeals").json()] == ["It is a song."]


def test_a_reporter_reads_what_came_of_it_and_appeals(api, reader, left):
    client = api(reader)
    told = Notice.objects.filter(recipient=reader).latest("pk")
    assert str(told.pk) in [row["id"] for row in client.get(f"{HERE}/notices").json()]
    assert client.get(f"{HERE}/notices/{told.pk}").json()["appeal"]["can_appeal"]
    assert send(client, f"decisions/{left.pk}/appeal", text="Look again.").status_code == 201


def test_a_receipt_tells_of_no_decision(api, author, reader):
    reporting.report(factories.make_post(author=author), by=reader, violation="V6")
    told = Notice.objects.get(recipient=reader)
    shown = api(reader).get(f"{HERE}/notices/{told.pk}").json()
    assert (shown["kind"], shown["decision_id"], shown["appeal"]) == ("receipt", None, None)
    assert shown["expected_at"]


def test_the_dialogue_does_not_name_moderators(api, author, removal):
    appeal = appealing.appeal(removal, by=author, text="It is a song.")
    second = factories.make_user("second_moderator", role=Role.MODERATOR)
    appealing.answer(appeal, by=second, text="Which one?")
    answer = send(api(author), f"own_appeals/{appeal.pk}", text="An old one.")
    assert [(said["is_own"], said["text"]) for said in answer.json()["messages"]] == [
        (False, "Which one?"),
        (True, "An old one."),
    ]
    assert second.handle.encode() not in answer.content


def test_whoever_is_suspended_still_reads_why_and_appeals(api, author, removal):
    restricting.restrict(author, Restriction.Kind.SUSPENDED, duration=timedelta(days=1))
    client = api(author)
    assert client.get("/api/v1/timelines/home").status_code == 403
    assert len(client.get(f"{HERE}/statements").json()) == 1
    assert send(client, f"decisions/{removal.pk}/appeal", text="No.").status_code == 201


def test_what_is_somebody_elses_is_not_there(api, author, reader, removal):
    appeal = appealing.appeal(removal, by=author, text="No.")
    statement = Statement.objects.get(decision=removal)
    client = api(reader)
    assert client.get(f"{HERE}/statements").json() == []
    assert client.get(f"{HERE}/statements/{statement.pk}").status_code == 404
    assert client.get(f"{HERE}/own_appeals/{appeal.pk}").status_code == 404
    assert send(client, f"own_appeals/{appeal.pk}", text="Me too.").status_code == 404
    assert send(client, f"decisions/{removal.pk}/appeal", text="Me too.").status_code == 404
    assert Appeal.objects.count() == 1


def test_scopes_and_empty_words(api, author, removal):
    assert api().get(f"{HERE}/statements").status_code == 401
    assert api(author, "read:statuses").get(f"{HERE}/statements").status_code == 403
    assert send(api(author, "read"), f"decisions/{removal.pk}/appeal", text="No.").status_code == 403
    assert send(api(author), f"decisions/{removal.pk}/appeal", text="").status_code == 422
    assert send(api(author), f"decisions/{removal.pk}/appeal", text="x" * 5000).status_code == 422
    assert not Appeal.objects.exists()


def test_appeals_are_limited(api, author, removal, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"appeal": "1/600"}
    appeal = send(api(author), f"decisions/{removal.pk}/appeal", text="No.").json()
    assert send(api(author), f"own_appeals/{appeal['id']}", text="And no.").status_code == 429
