"""What a page says when something is in the way, and in which language."""

import pytest
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.views.defaults import bad_request, server_error

from accounts.limiting import RateLimited
from parler.urls import urlpatterns as all_of_parler


def refuse(request: HttpRequest) -> HttpResponse:
    raise RateLimited(retry_after=42)


def fail(request: HttpRequest) -> HttpResponse:
    raise ArithmeticError


urlpatterns = [path("too-often", refuse), path("broken", fail), *all_of_parler]


@pytest.fixture
def broken_client(settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("language", "words"), [("en", "There is nothing here"), ("de", '<html lang="de">')])
def test_what_is_not_there_is_a_404_in_the_readers_language(client, db, language, words):
    response = client.get("/nothing/here", headers={"Accept-Language": language})
    assert response.status_code == 404
    assert words in response.content.decode()
    assert 'id="main"' in response.content.decode()


def test_who_asks_too_often_is_told_when_to_come_back(broken_client, db):
    response = broken_client.get("/too-often")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "42"
    assert "42 seconds" in response.content.decode()


def test_a_failure_is_told_without_asking_the_database(broken_client):
    """No `db` fixture: asking the database would fail this test."""
    response = broken_client.get("/broken")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_the_pages_for_failures_and_nonsense_have_a_way_on():
    request = RequestFactory().get("/")
    for view, status in ((server_error, 500), (lambda request: bad_request(request, ValueError()), 400)):
        response = view(request)
        assert response.status_code == status
        assert '<a class="button button-primary" href="/">' in response.content.decode()


def test_a_form_without_its_token_is_refused_with_a_word_of_advice(db):
    response = Client(enforce_csrf_checks=True).post("/settings/language", {"language": "de"})
    assert response.status_code == 403
    assert "load the page again" in response.content.decode()


def test_pages_carry_a_policy_that_allows_nothing_inline(client, db):
    policy = client.get("/settings/language").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["/account/login/", "/oauth/token", "/nothing/here"])
def test_no_page_takes_a_large_file(client, db, address):
    response = client.post(address, {"login": "somebody", "file": ContentFile(b"x" * 300_000, "file")})
    assert response.status_code == 400
