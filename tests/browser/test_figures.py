"""Figures and second looks in Chromium: nobody is shut out by colour, width or a missing mouse, and the policy is kept."""

import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import User
from accounts.roles import Role
from moderation import deciding, queueing
from moderation.figures import looking_again, sampling
from moderation.measures import Measure
from moderation.models import Case, DailyFigure, Kind, RolledDay, SecondLook
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAST = date(2026, 3, 10)
DAYS = 28


def fill(first: User, second: User) -> None:
    """Figures of four weeks, a second look that is judged and one that is being taken."""
    rows = []
    for number in range(DAYS):
        day = LAST - timedelta(days=number)
        RolledDay.objects.create(day=day, is_final=number > 0)
        swing = 1 + math.sin(number / 3)
        for lane in (1, 2, 3):
            rows += [
                DailyFigure(day=day, kind=Kind.BACKLOG, key=str(lane), count=round(300 * lane * swing)),
                DailyFigure(day=day, kind=Kind.OPENED, key=str(lane), count=round(40 * lane * swing)),
                DailyFigure(day=day, kind=Kind.CLOSED, key=str(lane), count=45 * lane),
                DailyFigure(day=day, kind=Kind.ACTION, key=str(lane), bucket=40 + 25 * lane, count=30),
                DailyFigure(day=day, kind=Kind.ACTION, key=str(lane), bucket=60 + 25 * lane, count=4),
            ]
        for name, hits in (("threat", 1), ("call to arms at a named place with a very long name indeed", 3)):
            rows.append(DailyFigure(day=day, kind=Kind.RULE, key=name, count=6, hits=hits))
        for person, hits in ((first, 1), (second, 0)):
            rows.append(DailyFigure(day=day, kind=Kind.DECIDER, key=str(person.pk), count=20, hits=hits))
        for pair, number_of in (("clear:clear", 3), ("take_down:take_down", 2), ("take_down:clear", 1)):
            rows.append(
                DailyFigure(
                    day=day, kind=Kind.AGREEMENT, key=f"decided:{pair}", count=number_of, hits=number_of
                )
            )
        rows.append(DailyFigure(day=day, kind=Kind.SAMPLE, key="post", count=40, hits=1))
        rows.append(DailyFigure(day=day, kind=Kind.MODEL, key="2026-11-20-a", count=9, hits=2))
    oldest = int(datetime(2026, 3, 4, tzinfo=UTC).timestamp())
    rows.append(DailyFigure(day=LAST, kind=Kind.OLDEST, key="2", count=oldest))
    DailyFigure.objects.bulk_create(rows)


@pytest.fixture
def desk(
    page: Page,
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Page:
    """A senior's browser at a desk with figures, second looks and a break that is due."""
    monkeypatch.setattr(sampling, "OF_DECIDED", 1.0)
    with transaction.atomic():
        senior = factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)
        moderator = factories.make_user("moderator_m", role=Role.MODERATOR)
        author = factories.make_user("author")
        fill(senior, moderator)
    for text in ("Burn it all down", "Somebody should burn it"):
        with transaction.atomic():
            post = factories.make_held_post(author=author, text=text)
        deciding.decide(
            Case.objects.get(post=post), Measure.TAKE_DOWN, by=moderator, version=1, violation="V7"
        )
    judged = SecondLook.objects.order_by("pk").first()
    assert judged is not None
    looking_again.judge(judged, Measure.CLEAR, by=senior, note="A quotation from a song.")
    looking_again.claim_next(by=senior)
    with transaction.atomic():
        factories.make_held_post(author=author, text="One that waits")
    queueing.claim_next(by=senior)
    with connection.cursor() as cursor:
        for minutes in range(100, 0, -5):
            cursor.execute(
                "INSERT INTO moderation_auditrow (id, at, actor_id, actor, via, verb, subject, data, previous_hash, hash)"
                " VALUES (0, statement_timestamp() - make_interval(mins => %s), %s, '@senior_s', 'desk', 'claim', 'case 1', '{}', '', '')",
                [minutes, senior.pk],
            )
    client = Client()
    client.force_login(senior, backend="accounts.backends.RoleBackend")
    cookie = {
        "name": django_settings.SESSION_COOKIE_NAME,
        "value": client.session.session_key,
        "url": live_server.url,
    }
    page.context.add_cookies([cookie])  # type: ignore[list-item]  # A plain dict of the three.
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_can_be_used_by_everybody(
    desk: Page, live_server: Any, complaints: list[str], screenshots: Path, width: int, scheme: Any
) -> None:
    judged, waiting = SecondLook.objects.order_by("pk")
    case = Case.objects.open().get()
    look = "admin:moderation_secondlook_change"
    pages = {
        "figures": reverse("admin:moderation_dailyfigure_changelist"),
        "second-looks": reverse("admin:moderation_secondlook_changelist"),
        "differences": f"{reverse('admin:moderation_secondlook_changelist')}?show=differences",
        "second-look": reverse(look, args=[waiting.pk]),
        "second-look-done": reverse(look, args=[judged.pk]),
        "queue": reverse("admin:moderation_case_changelist"),
        "case": reverse("admin:moderation_case_change", args=[case.pk]),
    }
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 800})
    for name, address in pages.items():
        desk.goto(f"{live_server.url}{address}")
        desk.screenshot(path=screenshots / f"{name}-{width}-{scheme}.png", full_page=True)
        found = Axe().run(desk)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        overflow = desk.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not overflow, f"{name} is wider than {width}"
    assert complaints == []
