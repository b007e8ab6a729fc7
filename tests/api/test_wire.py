import re
from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from parler.api import parsing, wire
from parler.api.views import instance
from tests import factories

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def test_moments_have_three_digits_and_a_z(api, author):
    factories.make_post(author=author)
    assert MOMENT.fullmatch(api().get("/api/v1/timelines/public").json()[0]["created_at"])
    assert wire.moment(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000Z"


@pytest.mark.parametrize("path", ["v1/instance", "v1/instance/", "v2/instance", "v2/instance/"])
def test_the_instance_answers_with_and_without_a_slash(api, path):
    instance = api().get(f"/api/{path}").json()
    assert re.match(r"\d+\.\d+\.\d+", instance["version"])
    assert instance["rules"][0]["id"] == "1"
    assert instance["configuration"]["statuses"]["max_characters"] == 1000


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/statuses/1/nothing/", "/api/v9/x/y", "/api/"])
def test_what_is_not_offered_is_refused_in_json(api, method, path):
    answer = getattr(api(), method)(path)
    assert answer.status_code == 404
    assert answer.json() == {"error": "Record not found"}


def test_a_method_that_is_not_offered_is_refused_in_json(api):
    assert "error" in api().delete("/api/v1/instance").json()


def test_a_wrong_token_is_refused_where_none_is_needed(api):
    answer = api().get("/api/v1/timelines/public", headers={"Authorization": "Bearer nonsense"})
    assert (answer.status_code, answer.json()) == (401, {"error": "The access token is invalid"})


def test_pages_of_other_sites_may_ask(api):
    answer = api().options(
        "/api/v1/statuses", headers={"Access-Control-Request-Method": "POST", "Origin": "https://elk.zone"}
    )
    assert answer.status_code == 204
    assert "Idempotency-Key" in answer["Access-Control-Allow-Headers"]
    answer = api().get("/api/v1/instance", headers={"Origin": "https://elk.zone"})
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer


def test_use_is_counted_and_said(api, author, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"api_anonymous": "2/300", "api_user": "9/300"}
    answers = [api().get("/api/v1/instance") for _attempt in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[0]["X-RateLimit-Limit"] == "2"
    assert MOMENT.fullmatch(answers[0]["X-RateLimit-Reset"])
    assert api(author).get("/api/v1/instance")["X-RateLimit-Limit"] == "9"


def test_a_database_that_is_gone_is_a_503_in_json(api, monkeypatch):
    """The view is replaced at its edge: what the driver raises when the connection is lost."""

    def lost(*_arguments):
        raise OperationalError

    monkeypatch.setattr(instance.Instance, "get", lost)
    answer = api().get("/api/v1/instance")
    assert (answer.status_code, answer.json()) == (503, {"error": "The service is not available right now"})


@pytest.mark.parametrize(
    ("pairs", "nested"),
    [
        ([("a", "1"), ("a", "2")], {"a": "2"}),
        ([("a[]", "1"), ("a[]", "2")], {"a": ["1", "2"]}),
        ([("a[b]", "1"), ("a[c][]", "2")], {"a": {"b": "1", "c": ["2"]}}),
        ([("a", "1"), ("a[b]", "2")], {"a": {"b": "2"}}),
        ([("a[b]", "1"), ("a[]", "2")], {"a": ["2"]}),
        ([("[x]", "1"), ("a[", "2"), ("", "3")], {"[x]": "1", "a[": "2", "": "3"}),
    ],
)
def test_keys_in_ruby_s_style_nest(pairs, nested):
    assert parsing.nest(pairs) == nested


def test_the_documentation_has_nothing_inline_and_its_script_is_its_own(api):
    page = api().get("/api/docs/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert b"<style" not in page.content
    scripts = re.findall(r'<script src="([^"]+)"></script>', page.content.decode())
    assert len(scripts) == page.content.count(b"<script") == 3
    assert all(address.startswith("/") for address in scripts)
    script = api().get(scripts[-1].replace("&amp;", "&"))
    assert script["Content-Type"].startswith("application/javascript")
    assert b"/api/schema" in script.content


def test_the_schema_is_served(api):
    schema = api().get("/api/schema/?format=json").json()
    assert schema["components"]["schemas"]["Status"]["properties"]["id"] == {"type": "string"}
    assert schema["paths"]["/api/v1/timelines/home"]["get"]["security"] == [{"oauth2": ["read:statuses"]}]
