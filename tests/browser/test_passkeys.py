"""Passkeys are the one thing that needs JavaScript: allauth's own, from static files, under our policy."""

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def passkey_page(page: Page, settings: Any) -> Page:
    """A browser with a fingerprint reader that always says yes."""
    # The test server speaks plain HTTP.
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    reader = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": reader})
    return page


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/account/login/")
    page.get_by_label("E-mail address or handle").fill("author")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def test_a_passkey_is_added_and_then_logs_in_alone(
    passkey_page: Page, live_server: Any, complaints: list[str]
) -> None:
    page, address = passkey_page, live_server.url
    with transaction.atomic():
        factories.make_user("author")
    log_in(page, address)
    page.wait_for_url("**/home")
    page.goto(f"{address}/account/2fa/webauthn/add/")
    page.get_by_label("Password").fill(factories.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url("**/recovery-codes/")

    page.goto(f"{address}/settings")
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{address}/account/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/home")
    assert page.get_by_role("link", name="@author").is_visible()
    assert complaints == []
