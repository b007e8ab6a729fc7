import pytest
from django.test import Client

from accounts.models import Application
from tests.api import tokens

ASKED = {
    "client_name": "Elk",
    "redirect_uris": tokens.OUT_OF_BAND,
    "scopes": "read write follow push",
    "website": "",
}


def test_an_app_registers_itself(db):
    answer = Client().post("/api/v1/apps", ASKED)
    assert answer.status_code == 200
    app = answer.json()
    assert app["redirect_uri"] == tokens.OUT_OF_BAND
    assert app["website"] is None
    stored = Application.objects.get(client_id=app["client_id"])
    assert app["client_secret"] not in stored.client_secret
    form = {
        "grant_type": "client_credentials",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
    }
    assert Client().post("/oauth/token", form).status_code == 200


@pytest.mark.parametrize(
    "addresses", ["a://b c://d", "a://b\nc://d", ["a://b", "c://d"]], ids=["blanks", "lines", "list"]
)
def test_redirect_addresses_come_in_three_forms(db, addresses):
    body = ASKED | {"redirect_uris": addresses, "website": None}
    answer = Client().post("/api/v1/apps/", body, content_type="application/json")
    assert answer.json()["redirect_uris"] == ["a://b", "c://d"]


def test_everything_may_stand_in_the_query(db):
    answer = Client().post("/api/v1/apps", query_params=ASKED)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": "JavaScript:alert(1)"},
        {"redirect_uris": "data:text/html,x"},
        {"redirect_uris": "no-scheme"},
        {"redirect_uris": ""},
        {"redirect_uris": [1]},
        {"scopes": "read admin:write"},
        {"client_name": ""},
        {"client_name": "x" * 101},
        {"website": "javascript:alert(1)"},
    ],
)
def test_what_cannot_be_an_app_is_refused(db, change):
    answer = Client().post("/api/v1/apps", ASKED | change, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Validation failed: ")


def test_registering_is_limited(db, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api_apps": "2/600"}
    statuses = [Client().post("/api/v1/apps", ASKED).status_code for _attempt in range(3)]
    assert statuses == [200, 200, 429]


def test_a_client_that_invents_addresses_is_counted_all_the_same(db):
    answers = [
        Client(headers={"X-Forwarded-For": f"192.0.2.{number}"}).post("/api/v1/apps", ASKED).status_code
        for number in range(6)
    ]
    assert answers == [200] * 5 + [429]
