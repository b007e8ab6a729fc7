"""From nobody to somebody: signing up, confirming the address, logging in, forgetting the password."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests import factories

PASSWORD = "a long enough pass phrase"
FORM = {"email": "ada@example.org", "username": "Ada_L", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def anybody(db) -> Client:
    return Client()


def code_in_mail() -> str:
    """The code of the newest e-mail: it stands alone on its line."""
    found = re.search(r"^ {4}([A-Z0-9-]+)$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def is_logged_in(client: Client) -> bool:
    return client.get("/settings").status_code == 200


def sign_up(client: Client, **changes: str):
    return client.post("/account/signup/", {**FORM, **changes})


def test_the_code_from_the_mail_opens_the_account(anybody):
    assert sign_up(anybody).headers["Location"] == "/account/confirm-email/"
    assert not is_logged_in(anybody)
    assert mail.outbox[0].to == ["ada@example.org"]
    assert mail.outbox[0].subject.startswith("Parler: ")
    anybody.post("/account/confirm-email/", {"code": code_in_mail()})
    assert is_logged_in(anybody)
    ada = User.objects.get()
    assert (ada.handle, ada.email, ada.profile.shown) == ("Ada_L", "ada@example.org", None)
    assert EmailAddress.objects.get(user=ada).verified


def test_a_wrong_code_opens_nothing(anybody):
    sign_up(anybody)
    response = anybody.post("/account/confirm-email/", {"code": "WRONG-CODE"})
    assert response.status_code == 200
    assert b"errorlist" in response.content
    assert not is_logged_in(anybody)
    assert not EmailAddress.objects.get().verified


def test_guessing_codes_ends_after_a_few_attempts(anybody):
    sign_up(anybody)
    code = code_in_mail()
    for _attempt in range(3):
        anybody.post("/account/confirm-email/", {"code": "WRONG-CODE"})
    anybody.post("/account/confirm-email/", {"code": code})
    assert not is_logged_in(anybody)


def test_signing_up_with_a_known_address_looks_the_same_and_tells_only_its_owner(anybody):
    unknown = sign_up(Client(), email="new@example.org", username="somebody_new")
    factories.make_user("ada")
    known = sign_up(anybody, username="other_handle")
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert not User.objects.named("other_handle").exists()
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert "There is an account with it already" in mail.outbox[-1].body
    assert anybody.get("/account/confirm-email/").status_code == 200


@pytest.mark.parametrize("handle", ["admin", "a", "spaces in it", "ünlaut", "x" * 31, "ADA"])
def test_a_handle_that_is_reserved_taken_or_malformed_is_refused(anybody, handle):
    factories.make_user("ada")
    response = sign_up(anybody, username=handle, email="fresh@example.org")
    assert response.status_code == 200
    assert User.objects.count() == 1


def test_the_sign_up_page_leads_to_the_rules(anybody):
    assert b'href="/rules"' in anybody.get("/account/signup/").content


@pytest.mark.parametrize("login", ["author", "AUTHOR", "author@example.org", "Author@Example.org"])
def test_handle_or_address_log_in_in_any_case_of_letters(anybody, author, login):
    anybody.post("/account/login/", {"login": login, "password": factories.PASSWORD})
    assert is_logged_in(anybody)


def test_a_wrong_password_and_an_unknown_account_are_told_the_same(anybody, author):
    wrong = anybody.post("/account/login/", {"login": "author", "password": "not the password"})
    unknown = anybody.post("/account/login/", {"login": "nobody_here", "password": "not the password"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_a_closed_account_does_not_log_in(anybody, author):
    author.is_active = False
    author.save()
    response = anybody.post(
        "/account/login/", {"login": "author", "password": factories.PASSWORD}, follow=True
    )
    assert not is_logged_in(anybody)
    assert "closed" in response.content.decode()


def test_too_many_wrong_passwords_have_to_wait(anybody, author):
    for _attempt in range(6):
        anybody.post("/account/login/", {"login": "author", "password": "not the password"})
    anybody.post("/account/login/", {"login": "author", "password": factories.PASSWORD})
    assert not is_logged_in(anybody)


def test_a_forgotten_password_is_replaced_with_a_code(anybody, author):
    response = anybody.post("/account/password/reset/", {"email": author.email})
    assert response.headers["Location"] == "/account/password/reset/confirm/"
    anybody.post("/account/password/reset/confirm/", {"code": code_in_mail()})
    fresh = {"password1": PASSWORD, "password2": PASSWORD}
    anybody.post("/account/password/reset/complete/", fresh)
    author.refresh_from_db()
    assert author.check_password(PASSWORD)
    assert "If this was you" in mail.outbox[-1].body


def test_resetting_an_unknown_address_looks_the_same(anybody, author):
    known = anybody.post("/account/password/reset/", {"email": author.email})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert "There is none" in mail.outbox[-1].body


def test_mails_name_the_public_address(anybody):
    sign_up(anybody)
    assert "http://testserver" in mail.outbox[0].body
