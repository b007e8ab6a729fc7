"""House rules at the desk in Chromium, without JavaScript: two people let one hold; axe finds no violation; light, dark, wide and narrow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.roles import Role
from moderation import screening
from moderation.models import HouseRule, RuleVersion
from moderation.rule_states import Breaker, RuleState
from moderation.rulebook import narrowing, stepping
from tests import factories
from tests.moderation.rulebook.builders import make_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = reverse("admin:moderation_ruleversion_changelist")
LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


@pytest.fixture
def open_as(browser: Browser, live_server: Any, client_for: Callable[[User], Client]) -> Callable[..., Page]:
    """A page that is signed in as somebody."""

    def make(user: User, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        name = settings.SESSION_COOKIE_NAME
        value = client_for(user).cookies[name].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        return context.new_page()

    return make


def test_a_rule_is_written_tested_and_approved_without_javascript(open_as: Callable[..., Page]) -> None:
    writer, approver = (
        factories.make_user(handle, role=Role.SENIOR_MODERATOR) for handle in ("writer_w", "approver_a")
    )
    page = open_as(writer, java_script_enabled=False)
    page.goto(RULES)
    page.get_by_role("link", name="Write a rule").click()
    page.get_by_label("Name").fill("code_word")
    page.get_by_label("Pattern").fill("zorblax")
    page.get_by_label("Must hit, one example a line").fill("zorblax\nthe zorblax\nno zorblax")
    page.get_by_label("Must not hit, one example a line").fill("bread\nbutter\njam")
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_label("Text", exact=True).fill("Is the zorblax here?")
    page.get_by_role("button", name="Try", exact=True).click()
    expect(page.get_by_role("status").locator("mark")).to_have_text("zorblax")
    for button in ("Run the examples", "Try it on stored posts", "Into the shadow"):
        page.get_by_role("button", name=button).click()
    expect(page.get_by_text("a senior moderator other than @writer_w")).to_be_visible()
    other = open_as(approver, java_script_enabled=False)
    other.goto(page.url)
    other.get_by_role("button", name="Approve: hold a share").click()
    other.get_by_role("button", name="Approve: live").click()
    expect(other.locator(".case-head .rule-live")).to_be_visible()
    assert RuleVersion.objects.get().state == RuleState.LIVE


def test_the_pages_of_rules_are_accessible_and_fit_every_screen(
    open_as: Callable[..., Page], screenshots: Path
) -> None:
    writer, approver = (
        factories.make_user(handle, role=Role.SENIOR_MODERATOR) for handle in ("writer_w", "approver_a")
    )
    live = make_version(RuleState.LIVE, writer=writer, approver=approver)
    for number in range(3):
        factories.make_pending_post(author=factories.make_user(), text=f"Bring the zorblax {number}")
    screening.screen_due()
    stepping.narrow(
        make_version(RuleState.LIVE, writer=writer, approver=approver, name="wild_one"), Breaker.FLOOD
    )
    narrowing.narrow_shipped("kill_you", Breaker.CLEARED)
    revert = reverse("admin:moderation_massrevert_add")
    addresses = {
        "rules": RULES,
        "rule": reverse("admin:moderation_ruleversion_change", args=[live.pk]),
        "edit": reverse("admin:moderation_ruleversion_revise", args=[live.pk]),
        "revert": f"{revert}?rule=house/code_word%231&since=2020-01-01T00:00&until=2999-01-01T00:00",
        "reverts": reverse("admin:moderation_massrevert_changelist"),
    }
    for width, scheme in LOOKS:
        page = open_as(writer, viewport={"width": width, "height": 900}, color_scheme=scheme)
        for name, address in addresses.items():
            page.goto(address)
            for hidden in page.locator("details > summary").all():
                hidden.click()
            page.screenshot(path=screenshots / f"{name}-{width}-{scheme}.png", full_page=True)
            found = Axe().run(page)
            assert found.violations_count == 0, f"{name} {width} {scheme}: {found.generate_report()}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} {width}"
        page.context.close()
    assert HouseRule.objects.count() == 2
