"""Nobody enters the desk with a password alone."""

import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from moderation.models import AuditRow, Case
from parler.devstack.options import environment, parse
from parler.settings import BASE_DIR
from tests import factories

DESK = "/admin/"
PAGE = "/account/second-factor"
QUEUE = reverse("admin:moderation_case_changelist")


@pytest.fixture(autouse=True)
def _required(settings) -> None:
    settings.STAFF_SECOND_FACTOR = True


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def log_in(user: User) -> Client:
    client = Client()
    client.post("/account/login/", {"login": user.handle, "password": factories.PASSWORD})
    return client


def add_app(user: User) -> str:
    """An authenticator app that was set up some time ago."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def log_in_with_app(user: User, secret: str) -> Client:
    client = log_in(user)
    client.post("/account/2fa/authenticate/", {"code": code(secret)})
    return client


def test_a_moderator_without_a_factor_is_led_to_setting_one_up(moderator):
    client = log_in(moderator)
    answer = client.get(QUEUE, follow=True)
    assert answer.redirect_chain[-1] == (PAGE, 302)
    page = answer.content.decode()
    assert "Set one up" in page
    assert "/account/2fa/totp/activate/" in page
    assert "/account/2fa/webauthn/add/" in page
    assert Client().get(PAGE).status_code == 302


def test_the_page_speaks_german(moderator):
    User.objects.filter(pk=moderator.pk).update(language="de")
    with translation.override("de"):  # What a request switches on stays on for whoever comes next.
        page = log_in(moderator).get(PAGE).content.decode()
    assert "Die Moderation braucht einen zweiten Faktor" in page
    assert "Richte einen ein" in page


def test_from_the_first_log_in_to_the_open_desk(moderator):
    client = log_in(moderator)
    client.post("/account/reauthenticate/", {"password": factories.PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    assert client.get(DESK).status_code == 302
    page = client.get(PAGE).content.decode()
    assert "Use the authenticator app" in page
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=30)):
        answer = client.post(
            f"/account/2fa/reauthenticate/?next={DESK}", {"code": code(secret), "next": DESK}
        )
    assert answer.headers["Location"] == DESK
    assert client.get(DESK).status_code == 200
    assert "The desk is open for you" in client.get(PAGE).content.decode()


def test_a_log_in_with_the_factor_opens_the_desk(moderator):
    assert log_in_with_app(moderator, add_app(moderator)).get(QUEUE).status_code == 200


def test_a_session_from_before_the_factor_stays_out_with_every_act(moderator, author):
    factories.make_held_post(author=author)
    case = Case.objects.get()
    client = log_in(moderator)
    add_app(moderator)
    for name in ("take", "decide", "release", "restore"):
        answer = client.post(reverse(f"admin:moderation_case_{name}", args=[case.pk]), {"measure": "clear"})
        assert answer.headers["Location"].startswith("/admin/login/")
    client.post(reverse("admin:moderation_case_next"))
    case.refresh_from_db()
    assert (case.status, case.claimed_by) == ("open", None)


def test_half_a_log_in_opens_nothing(moderator):
    add_app(moderator)
    client = log_in(moderator)
    client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert client.get(QUEUE, follow=True).redirect_chain[-1][0].startswith("/account/2fa/authenticate/")


def test_whoever_removes_the_factor_is_out_at_once(moderator):
    client = log_in_with_app(moderator, add_app(moderator))
    Authenticator.objects.filter(user=moderator).delete()
    assert client.get(QUEUE).status_code == 302


def test_another_persons_proof_in_the_session_is_no_proof(moderator, administrator, client_for):
    client = log_in_with_app(moderator, add_app(moderator))
    add_app(administrator)
    client.force_login(administrator, backend="accounts.backends.RoleBackend")
    assert client.get(QUEUE).status_code == 302


def test_who_is_no_staff_hears_nothing_of_it(reader):
    assert log_in(reader).get(DESK, follow=True).status_code == 403
    assert log_in(reader).get("/home").status_code == 200


def test_switched_off_a_password_is_enough(moderator, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert log_in(moderator).get(QUEUE).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [([], "1"), (["--demo"], "0"), (["--demo", "--host", "0.0.0.0"], "1")],  # noqa: S104  Nothing listens here.
)
def test_only_the_demo_does_without(arguments, expected):
    assert environment(parse(arguments, BASE_DIR), {})["STAFF_SECOND_FACTOR"] == expected


def test_every_page_of_the_desk_asks(moderator):
    """No address below /admin/ is open that does not ask `has_permission`."""
    client = log_in(moderator)
    for address in (DESK, QUEUE, "/admin/moderation/auditrow/", "/admin/jsi18n/", "/admin/accounts/user/"):
        assert client.get(address, follow=True).redirect_chain[-1] == (PAGE, 302)
    assert django_settings.STAFF_SECOND_FACTOR


def test_log_ins_and_factors_of_staff_stand_in_the_audit_trail(moderator, reader):
    log_in(reader)
    client = log_in_with_app(moderator, add_app(moderator))
    row = AuditRow.objects.get(verb="log_in")
    assert (row.actor, row.data) == ("@moderator_m", {"methods": ["password", "totp"]})
    client.post("/account/reauthenticate/", {"password": factories.PASSWORD})
    client.post("/account/2fa/totp/deactivate/")
    assert set(AuditRow.objects.values_list("verb", flat=True)) == {"log_in", "remove_factor"}
