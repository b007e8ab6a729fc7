"""The main job as a person does it, in Chromium, against a real web server, worker, broker and database."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.stack import Stack, wait_until

PASSWORD = "lanterns over quiet water"
GREETING = "good morning"
THREAT = "Let's all meet at the town hall tonight and shoot the mayor."
REASON = "This calls for somebody to be killed."
CODE = re.compile(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", re.MULTILINE)

MAKE_MODERATOR = f"""
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from accounts.models import User
user = User.objects.create_user("the_desk", "desk@example.org", "{PASSWORD}", is_staff=True)
user.groups.add(Group.objects.get(name="moderator"))
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
"""


@pytest.fixture
def running(stack: Stack) -> Stack:
    """A whole Parler, with mails as files."""
    stack.start_worker()
    stack.start_beat()
    stack.start_web()
    stack.python(MAKE_MODERATOR)
    return stack


def read_mails(stack: Stack) -> str:
    """All mails so far, newest last."""
    files = sorted((stack.data_dir / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime)
    return "\n".join(path.read_text() for path in files)


def sign_up(page: Page, stack: Stack, handle: str) -> None:
    page.goto(f"{stack.base_url}/account/signup/")
    page.locator("input[name=email]").fill(f"{handle}@example.org")
    page.locator("input[name=username]").fill(handle)
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    wait_until(lambda: CODE.search(read_mails(stack)) is not None, "the code is mailed")
    codes = CODE.findall(read_mails(stack))
    page.locator("input[name=code]").fill(codes[-1])
    page.keyboard.press("Enter")
    page.wait_for_url("**/home")


def log_in(page: Page, stack: Stack, address: str, handle: str) -> None:
    page.goto(f"{stack.base_url}{address}")
    page.locator("input[name=login]").fill(handle)
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def publish(page: Page, stack: Stack, text: str) -> float:
    """Post from the home page; returns when (by the monotonic clock)."""
    page.goto(f"{stack.base_url}/home")
    page.locator("textarea[name=text]").fill(text)
    page.get_by_role("button", name="Post", exact=True).click()
    return time.monotonic()


def seconds_until_public(visitor: Page, stack: Stack, text: str, since: float) -> float:
    """How long after `since` somebody without an account can read `text` on the public timeline."""

    def is_there() -> bool:
        visitor.goto(f"{stack.base_url}/explore")
        return visitor.get_by_text(text).count() > 0

    wait_until(is_there, f"“{text}” is public")
    return time.monotonic() - since


@pytest.mark.browser
@pytest.mark.processes
def test_nothing_is_seen_before_it_is_cleared_and_the_author_reads_why(
    running: Stack, page: Page, browser: Browser, screenshots: Path, complaints: list[str], record_property
) -> None:
    visitor = browser.new_context().new_page()
    visitor.goto(running.base_url)
    sign_up(page, running, "early_bird")
    page.screenshot(path=screenshots / "home-empty.png")

    posted = publish(page, running, GREETING)
    took = seconds_until_public(visitor, running, GREETING, posted)
    record_property("seconds_until_public", took)
    print(f"“{GREETING}” was public {took:.2f} s after it was posted.")  # noqa: T201  A figure for whoever runs this.
    visitor.screenshot(path=screenshots / "explore.png")

    publish(page, running, THREAT)
    card = page.locator("article.post", has_text=THREAT)
    expect(card.locator(".badge-held")).to_be_visible(timeout=20_000)
    page.screenshot(path=screenshots / "held.png")
    visitor.goto(f"{running.base_url}/explore")
    expect(visitor.get_by_text(GREETING)).to_be_visible()
    expect(visitor.get_by_text("shoot the mayor")).to_have_count(0)
    visitor.goto(f"{running.base_url}/@early_bird")
    expect(visitor.get_by_text("shoot the mayor")).to_have_count(0)

    desk = browser.new_context().new_page()
    log_in(desk, running, "/admin/", "the_desk")
    desk.screenshot(path=screenshots / "desk.png")
    desk.get_by_role("button", name="Take the next case").first.click()
    expect(desk.locator("mark").first).to_be_visible()
    desk.screenshot(path=screenshots / "case.png", full_page=True)
    desk.locator(".measure-take_down input").check()
    desk.locator("textarea[name=reason]").fill(REASON)
    desk.get_by_role("button", name="Submit", exact=True).click()
    expect(desk.get_by_role("heading", name=re.compile("^Take down"))).to_be_visible()
    desk.screenshot(path=screenshots / "decided.png", full_page=True)

    page.goto(f"{running.base_url}/@early_bird")
    expect(page.locator("article.post", has_text=THREAT).locator(".badge-removed")).to_be_visible()
    # Nobody is told before the moderator can undo it no more.
    wait_until(lambda: REASON in read_mails(running), "the statement is mailed")
    page.goto(f"{running.base_url}/statements")
    page.locator("main .list a").first.click()
    expect(page.get_by_text(REASON)).to_be_visible()
    page.screenshot(path=screenshots / "statement.png", full_page=True)
    visitor.goto(f"{running.base_url}/@early_bird")
    expect(visitor.get_by_text("shoot the mayor")).to_have_count(0)
    assert complaints == []
