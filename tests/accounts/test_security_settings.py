"""Second factors, sessions and addresses: allauth's pages in our shell."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User
from tests import factories


@pytest.fixture
def own(author) -> Client:
    """Logged in, with the password given once more a moment ago."""
    client = logged_in(author)
    client.post("/account/reauthenticate/", {"password": factories.PASSWORD})
    return client


def logged_in(user: User) -> Client:
    client = Client()
    client.post("/account/login/", {"login": user.handle, "password": factories.PASSWORD})
    return client


def test_who_logged_in_only_is_asked_again_before_anything_sensitive(author):
    response = logged_in(author).get("/account/2fa/totp/activate/")
    assert response.headers["Location"].startswith("/account/reauthenticate/")


def one_time_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def add_authenticator(client: Client) -> str:
    """Switch the authenticator app on; return its secret."""
    page = client.get("/account/2fa/totp/activate/")
    assert 'src="data:image/svg+xml;' in page.content.decode()
    secret: str = page.context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": one_time_code(secret)})
    return secret


def test_an_authenticator_app_is_added_with_its_code_and_gives_recovery_codes(own, author):
    add_authenticator(own)
    kinds = set(Authenticator.objects.filter(user=author).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    codes = own.get("/account/2fa/recovery-codes/")
    assert codes.context["unused_codes"][0] in codes.content.decode()


def test_a_wrong_code_adds_no_authenticator(own, author):
    own.get("/account/2fa/totp/activate/")
    own.post("/account/2fa/totp/activate/", {"code": "000000"})
    assert not Authenticator.objects.filter(user=author).exists()


def test_the_password_alone_does_not_log_in_any_more(own, author):
    secret = add_authenticator(own)
    client = logged_in(author)
    assert client.get("/settings").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": "12345"})
    assert client.get("/settings").status_code == 302
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=30)):
        # The code that switched the app on is used up.
        client.post("/account/2fa/authenticate/", {"code": one_time_code(secret)})
    assert client.get("/settings").status_code == 200


def test_a_recovery_code_logs_in_once(own, author):
    add_authenticator(own)
    code = own.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    answers = []
    for _time in range(2):
        client = logged_in(author)
        client.post("/account/2fa/authenticate/", {"code": code})
        answers.append(client.get("/settings").status_code)
    assert answers == [200, 302]


def test_all_other_sessions_are_ended(own, author):
    elsewhere = logged_in(author)
    assert elsewhere.get("/settings").status_code == 200
    page = own.get("/account/sessions/")
    assert page.context["session_count"] == 2
    assert "This device" in page.content.decode()
    own.post("/account/sessions/")
    assert own.get("/settings").status_code == 200
    assert elsewhere.get("/settings").status_code == 302
    assert UserSession.objects.count() == 1


def test_changing_the_address_waits_for_the_code_sent_to_the_new_one(own, author):
    own.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    author.refresh_from_db()
    assert author.email == "author@example.org"
    assert mail.outbox[-1].to == ["new@example.org"]
    code = next(line.strip() for line in mail.outbox[-1].body.splitlines() if line.startswith("    "))
    own.post("/account/confirm-email/", {"code": code})
    author.refresh_from_db()
    assert author.email == "new@example.org"


@pytest.mark.parametrize(
    "change",
    [
        "account/email/email_changed",
        "account/email/password_changed",
        "account/email/password_reset",
        "mfa/email/totp_activated",
        "mfa/email/totp_deactivated",
        "mfa/email/webauthn_added",
        "mfa/email/webauthn_removed",
        "mfa/email/recovery_codes_generated",
    ],
)
def test_a_mail_about_a_change_says_what_to_do_if_it_was_somebody_else(rf, change):
    context = {"ip": "203.0.113.7", "user_agent": "Firefox", "timestamp": "now"}
    body = render_to_string(f"{change}_message.txt", context, rf.get("/"))
    assert "If not, change your password" in body
    assert "http://testserver/account/sessions/" in body
    assert "203.0.113.7" in body
    assert "&" not in body


PAGES = [
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/sessions/",
    "/account/reauthenticate/",
    "/account/logout/",
]


def test_an_open_session_is_not_enough_to_change_the_address(author):
    client = logged_in(author)
    client.post("/account/email/", {"email": "thief@example.org", "action_add": ""})
    assert not EmailAddress.objects.filter(email="thief@example.org").exists()
    assert [message.to for message in mail.outbox] == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_shell_and_nothing_inline(own, address):
    html = own.get(address).content.decode()
    assert 'id="main"' in html
    assert "style=" not in html
    assert "<style" not in html
    for tag in html.split("<script")[1:]:
        head = tag.split(">", 1)[0]
        assert "src=" in head or "application/json" in head


@pytest.mark.parametrize("address", ["/account/login/", "/account/signup/", "/account/password/reset/"])
def test_the_doors_have_the_shell_too(client, db, address):
    html = client.get(address).content.decode()
    assert 'id="main"' in html
    assert "Parler" in html
