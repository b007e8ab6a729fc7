"""The moderators' desk in Chromium: by keyboard alone, without JavaScript, without a complaint of axe or of the console."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from accounts.roles import Role
from moderation import appealing, bulk, deciding, noting, queueing, reporting, striking
from moderation.bulk import Joint
from moderation.choosing import Choice
from moderation.measures import Measure
from moderation.models import Batch, Case, CaseStatus, Decision, Statement
from posts.models import Post
from tests import factories

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

QUEUE = reverse("admin:moderation_case_changelist")
HELD = "They will see at the town hall on Saturday what they get for all of this"
COPY = "They will see at the town hall on Sunday what they get for all of this"
REPORTED = "Somebody ought to burn down that town hall"
SIZES = {"1280": (1280, 800), "390": (390, 844)}
SCHEMES = ("light", "dark")


@pytest.fixture
def site(live_server, settings) -> str:
    """The server; nobody here has a second factor to show."""
    settings.STAFF_SECOND_FACTOR = False
    return str(live_server.url)


@pytest.fixture
def author(transactional_db) -> User:
    return factories.make_user("author")


@pytest.fixture
def moderator(transactional_db) -> User:
    return factories.make_user("moderator_m", role=Role.MODERATOR)


@pytest.fixture
def colleague(transactional_db) -> User:
    return factories.make_user("colleague", role=Role.MODERATOR)


def log_in(page: Page, site: str, address: str, person: User) -> None:
    """The handle, Tab, the password, Enter: no mouse."""
    page.goto(f"{site}/account/login/?next={address}")
    page.locator("input[name=login]").focus()
    page.keyboard.type(person.handle)
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}{address}")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse has to."""
    for _press in range(120):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {selector}")


def is_public(post: Post) -> bool:
    return Post.objects.shown().filter(pk=post.pk).exists()


@pytest.mark.usefixtures("moderator", "colleague")
def test_the_main_journey_by_keyboard_alone(
    site: str, page: Page, browser: Browser, author, reader, complaints
) -> None:
    held = factories.make_held_post(author=author, text=HELD)
    log_in(page, site, QUEUE, User.objects.named("moderator_m").get())
    _clear(page)
    assert is_public(held)

    reported = factories.make_post(author=author, text=REPORTED)
    reporting.report(reported, by=reader, violation="V1")
    page.goto(f"{site}{QUEUE}")
    _take_down_and_go_on(page)
    assert not is_public(reported)
    assert striking.record_of(author).points > 0
    removal = Decision.objects.get(measure=Measure.TAKE_DOWN)
    assert removal.is_strike
    assert "also at night: a, s, n." in removal.reason

    _let_the_undo_pass(removal)
    appellant = browser.new_context().new_page()
    log_in(appellant, site, removal.statement.get_absolute_url(), author)
    _appeal(appellant)
    other = browser.new_context().new_page()
    log_in(other, site, reverse("admin:moderation_appeal_changelist"), User.objects.named("colleague").get())
    _grant(other)
    assert is_public(reported)
    assert striking.record_of(author).points == 0
    assert complaints == []


def _clear(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Decision", exact=True)).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("#decide input[value=clear]")).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Clear")).to_be_visible()


def _take_down_and_go_on(page: Page) -> None:
    page.keyboard.press("n")
    page.wait_for_url("**/case/*/")
    page.keyboard.press("t")
    page.keyboard.press("r")
    expect(page.locator("#decide input[name=violation]:checked")).to_be_focused()
    page.keyboard.press("w")
    page.keyboard.type("Calls to burn something down stay out, also at night: a, s, n.")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator(".messagelist")).to_contain_text("Decided")


def _appeal(appellant: Page) -> None:
    expect(appellant.get_by_text("also at night")).to_be_visible()
    tab_to(appellant, "a.button[href^='/appeals/']")
    appellant.keyboard.press("Enter")
    appellant.wait_for_url("**/appeals/**")
    tab_to(appellant, "main textarea")
    appellant.keyboard.type("It is a quotation from a play that we rehearse.")
    tab_to(appellant, "main button.button-primary")
    appellant.keyboard.press("Enter")
    expect(appellant.get_by_text("quotation from a play")).to_be_visible()


def _grant(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/appeal/*/")
    page.keyboard.press("d")
    expect(page.locator("input[name=outcome][value=rejected]")).to_be_checked()
    page.keyboard.press("g")
    expect(page.locator("input[name=outcome][value=granted]")).to_be_checked()
    page.keyboard.press("w")
    page.keyboard.type("A play is a play, god knows.")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_text("The appeal is decided")).to_be_visible()


def _let_the_undo_pass(decision: Decision) -> None:
    Statement.objects.update(visible_from=decision.at)


def test_keys_do_nothing_while_somebody_types_or_when_they_are_off(
    site: str, page: Page, author, moderator
) -> None:
    factories.make_held_post(author=author, text=HELD)
    case = queueing.claim(Case.objects.get(), by=moderator)
    address = reverse("admin:moderation_case_change", args=[case.pk])
    log_in(page, site, address, moderator)
    page.locator("#decide textarea[name=reason]").focus()
    page.keyboard.type("tasnc?")
    page.locator("#decide select[name=on_account]").focus()
    page.keyboard.type("t")
    page.keyboard.press("Control+s")
    assert page.locator("#decide input[name=measure]:checked").count() == 0
    assert page.locator("dialog[open]").count() == 0
    page.goto(f"{site}{reverse('admin:moderation_desksettings_changelist')}")
    page.locator("input[name=has_keys]").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto(f"{site}{address}")
    page.keyboard.press("t")
    page.keyboard.press("c")
    assert page.locator("#decide input[name=measure]:checked").count() == 0
    case.refresh_from_db()
    assert case.claimed_by == moderator


def test_rows_help_and_palette(site: str, page: Page, author, moderator, complaints) -> None:
    for text in (HELD, COPY):
        factories.make_held_post(author=author, text=text)
    log_in(page, site, QUEUE, moderator)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-row] input:checked").count() == 1
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(1).locator("input, a").first).to_be_focused()
    page.keyboard.press("k")
    tab_to(page, "[data-row] th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/*/")
    page.keyboard.press("Control+k")
    search = page.get_by_role("combobox", name="What do you want to do?")
    expect(search).to_be_focused()
    page.keyboard.type("take this")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Decision", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("no such thing")
    expect(page.locator("#palette-none")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.wait_for_url(f"{site}{QUEUE}")
    assert not Case.objects.filter(claimed_by__isnull=False).exists()
    assert complaints == []


def test_similar_cases_are_decided_together_by_keyboard(
    site: str, page: Page, author, reader, moderator, complaints
) -> None:
    for person, text in ((author, HELD), (reader, COPY)):
        factories.make_held_post(author=person, text=text)
    log_in(page, site, QUEUE, moderator)
    page.keyboard.press("n")
    page.wait_for_url("**/case/*/")
    for key in ("t", "j", "x", "s"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="2 cases")).to_be_visible()
    assert not Decision.objects.exists()
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="2 of 2 cases decided")).to_be_visible()
    assert not Case.objects.open().exists()
    page.keyboard.press("u")
    expect(page.get_by_text("Nothing of it stands any more.")).to_be_visible()
    assert Case.objects.open().count() == 2
    assert complaints == []


def test_everything_works_without_javascript(site: str, browser: Browser, author, reader, moderator) -> None:
    for person, text in ((author, HELD), (reader, COPY), (author, REPORTED)):
        factories.make_held_post(author=person, text=text)
    page = browser.new_context(java_script_enabled=False).new_page()
    log_in(page, site, QUEUE, moderator)
    page.get_by_role("button", name="Take the next case").first.click()
    page.locator("input[value=clear]").check()
    page.get_by_role("button", name="Submit and next").click()
    page.get_by_role("button", name="Undo within ten seconds").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    page.get_by_label("A note for other moderators").fill("A play, it seems.")
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("A play, it seems.")).to_be_visible()
    page.get_by_role("button", name="Release").click()
    page.goto(f"{site}{QUEUE}")
    for box in page.locator("input[name=together]").all():
        box.check()
    page.locator("#together_measure").select_option("take_down")
    page.locator("#together_violation").select_option("V1")
    page.get_by_role("button", name="Preview").click()
    page.locator("input[name=together]").first.uncheck()
    page.get_by_role("button", name="Decide the ticked cases").click()
    expect(page.get_by_role("heading", name="2 of 2 cases decided")).to_be_visible()
    assert Case.objects.filter(status=CaseStatus.OPEN).count() == 1


@pytest.fixture
def addresses(author, reader, moderator, colleague) -> dict[str, str]:
    """Every page of the desk, with something on it."""
    posts = [factories.make_held_post(author=author, text=text) for text in (HELD, COPY, REPORTED)]
    posts.append(factories.make_post(author=author, text=f"“{REPORTED}”, they say", parent=None))
    reporting.report(posts[3], by=reader, violation="V1", comment="Look at this.")
    factories.make_post(
        author=reader, text=HELD
    )  # A copy of what is held, as long as somebody opens no case about it.
    open_case, similar, closed, reported = (Case.objects.get(post=post) for post in posts)
    noting.note(open_case, "Seen before, in other words.", by=colleague, is_pinned=True)
    noting.note(open_case, "Writes plays.", by=colleague, is_about_author=True)
    removal = deciding.decide(
        closed, Measure.TAKE_DOWN, by=colleague, version=1, violation="V1", reason="No."
    )
    appeal = appealing.appeal(removal, by=author, text="It is a play.")
    batch = bulk.decide_together(
        [(reported, reported.version)], Joint(Choice(Measure.TAKE_DOWN), "V1", "No."), by=colleague
    )
    queueing.claim(similar, by=moderator)
    factories.give_role(moderator, Role.SENIOR_MODERATOR)  # Who reads the trail, too.
    case = "admin:moderation_case_change"
    return {
        "index": reverse("admin:index"),
        "queue": QUEUE,
        "queue-empty": f"{QUEUE}?violation=V10",
        "case-open": reverse(case, args=[open_case.pk]),
        "case-mine": reverse(case, args=[similar.pk]),
        "case-closed": reverse(case, args=[closed.pk]),
        "case-reported": reverse(case, args=[reported.pk]),
        "batch": batch.get_absolute_url(),
        "batches": reverse("admin:moderation_batch_changelist"),
        "appeals": reverse("admin:moderation_appeal_changelist"),
        "appeal": reverse("admin:moderation_appeal_change", args=[appeal.pk]),
        "decisions": reverse("admin:moderation_decision_changelist"),
        "trail": reverse("admin:moderation_auditrow_changelist"),
        "settings": reverse("admin:moderation_desksettings_changelist"),
    }


@pytest.fixture
def looking(site: str, browser: Browser, moderator) -> Iterator[Callable[[str, str], Page]]:
    """A moderator's browser in some size and scheme, logged in."""
    contexts = []

    def look(size: str, scheme: str) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  # One of SCHEMES.
        )
        contexts.append(context)
        page = context.new_page()
        log_in(page, site, QUEUE, moderator)
        return page

    yield look
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES)
def test_axe_and_the_console_find_nothing(
    addresses: dict[str, str], site: str, looking, screenshots: Path, size: str, scheme: str
) -> None:
    page: Page = looking(size, scheme)
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    found: dict[str, str] = {}

    def examine(name: str) -> None:
        page.screenshot(path=screenshots / f"{name}-{size}-{scheme}.png")
        results = Axe().run(page)
        if results.violations_count:
            found[name] = results.generate_report()
        # A page never scrolls sideways.
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    for name, address in addresses.items():
        page.goto(f"{site}{address}")
        examine(name)
    page.goto(f"{site}{addresses['case-mine']}")
    page.keyboard.press("Control+k")
    examine("palette")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    examine("keys")
    page.keyboard.press("Escape")
    page.locator("#decide input[value=take_down]").check()
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url("**/preview/")
    examine("preview")
    assert not found, "\n".join(f"{name}: {words}" for name, words in found.items())
    assert heard == []
    assert not Batch.objects.filter(by__handle="moderator_m").exists()


def test_what_a_decision_needs_is_above_the_fold(addresses: dict[str, str], site: str, looking) -> None:
    page: Page = looking("1280", "light")
    page.goto(f"{site}{addresses['case-mine']}")
    for selector in (
        ".text",
        "#author",
        "#policy",
        "#decide input[value=clear]",
        "#decide input[value=take_down]",
        "#decide input[name=violation]:checked",
        "#decide button[data-key=s]",
        "#decide button[data-key=n]",
    ):
        expect(page.locator(selector).first).to_be_in_viewport()
    page.mouse.wheel(0, 4000)
    expect(page.locator("#decide button[data-key=s]")).to_be_in_viewport()
