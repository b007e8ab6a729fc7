"""Pages of guests, of reporters and of the desk about them: a guest's way in Chromium, and no barrier on any of them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.roles import Role
from moderation import reporting
from moderation.guests import noticing
from moderation.guests.noticing import Words
from moderation.models import Case, GuestNotice, ReporterMute, ReporterWarning
from moderation.reporters import flagging
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def address(live_server: Any, settings: Any) -> str:
    settings.PARLER_URL = live_server.url
    return str(live_server.url)


@transaction.atomic
def make_world() -> dict[str, str]:
    """A post that many people and a guest reported, a muted reporter, and the paths of the pages about them."""
    administrator = factories.make_user("administrator_a", role=Role.ADMINISTRATOR)
    author, noisy = factories.make_user("author"), factories.make_user("noisy")
    post = factories.make_post(author=author, text="Somebody should teach her a lesson")
    warning = ReporterWarning.objects.create(reporter=noisy, by=administrator, reason="None breaks a rule.")
    for number in range(6):
        reporter = factories.make_user()
        if number == 0:
            flagging.trust(reporter, organisation="Help Line", area="threats", until=None, by=administrator)
        reporting.report(post, by=reporter, violation="V5" if number % 2 else "", comment="Please look")
    reporting.report(post, by=noisy, violation="V1")
    ReporterMute.objects.create(
        reporter=noisy, warning=warning, by=administrator, reason="Enough.", until=Now() + timedelta(days=7)
    )
    where = f"{django_settings.PARLER_URL}{post.get_absolute_url()}"
    said = Words(where, "V5", "It is about my sister.", "Ada Guest", "ada@example.net")
    notice = noticing.give_notice(said, language="en")
    return {
        "form": reverse("moderation:give_notice"),
        "notice": notice.get_absolute_url(),
        "standing": reverse("moderation:reporter_standing"),
        "queue": reverse("admin:moderation_case_changelist"),
        "case": reverse("admin:moderation_case_change", args=[Case.objects.get().pk]),
        "reporter": reverse("admin:moderation_reporterwarning_about", args=[noisy.pk]),
        "flaggers": reverse("admin:moderation_trustedflagger_changelist"),
    }


def session_of(handle: str, address: str) -> dict[str, str]:
    """The cookie of somebody who is signed in."""
    client = Client()
    client.force_login(User.objects.get(handle=handle), backend="accounts.backends.RoleBackend")
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_a_barrier(
    browser: Browser, address: str, screenshots: Path, scheme: Any, width: int
) -> None:
    pages = make_world()
    found: dict[str, list[Any]] = {}
    for name, path in pages.items():
        handle = "noisy" if name == "standing" else "administrator_a"
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        if name not in ("form", "notice"):
            context.add_cookies([session_of(handle, address)])  # type: ignore[list-item]  # A cookie's optional keys.
        page = context.new_page()
        response = page.goto(f"{address}{path}")
        assert response
        assert response.status == 200
        page.screenshot(path=screenshots / f"reports-{name}-{scheme}-{width}.png", full_page=True)
        is_too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        axe = Axe().run(page)
        if axe.violations_count or is_too_wide:
            found[name] = [
                is_too_wide,
                *((each["id"], each["nodes"][0]["html"]) for each in axe.response["violations"]),
            ]
        context.close()
    assert not found, found


def test_a_guest_gives_notice_and_confirms_it(page: Page, address: str, complaints: list[str]) -> None:
    """Under `no-referrer`, Chromium sends `Origin: null` along with the forms of the page."""
    with transaction.atomic():
        post = factories.make_post(author=factories.make_user("author"))
    page.goto(f"{address}/explore")
    page.get_by_role("link", name="Give notice").first.click()
    page.get_by_label("Address of the post or profile").fill(f"{address}{post.get_absolute_url()}")
    page.get_by_label("Veiled threat").check()
    page.get_by_label("Why is it illegal").fill("It is about my sister.")
    page.get_by_label("Your name").fill("Ada Guest")
    page.get_by_label("Your e-mail address").fill("ada@example.net")
    page.get_by_label("I believe in good faith").check()
    page.get_by_role("button", name="Send the notice").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(f"{address}{GuestNotice.objects.get().get_absolute_url()}")
    page.get_by_role("button", name="Yes, this notice is mine").click()
    expect(page.get_by_text("You confirmed that this notice is yours.")).to_be_visible()
    assert complaints == []
