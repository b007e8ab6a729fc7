"""The pages of referrals and legal holds in Chromium: without errors, without faults that axe finds, light and dark, wide and narrow."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.urls import reverse

from moderation.evidence import authorities, holding, referring
from moderation.evidence.authorities import Entry
from moderation.evidence.holding import Terms
from moderation.evidence.packing import Errand
from moderation.models import Case, Ground, Urgency
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(1280, 900), (390, 844)]


@pytest.fixture
def addresses(author, moderator, administrator) -> dict[str, str]:
    police = authorities.save(None, Entry("Central police office", "DE", "By phone: 110"), by=administrator)
    case = Case.objects.get(post=factories.make_held_post(author=author))
    asked = Case.objects.get(post=factories.make_held_post(author=author))
    referring.ask(asked, by=moderator, why="Names the town hall.")
    errand = Errand(police, Ground.THREAT, Urgency.NOW, "Names the town hall.")
    made = referring.refer(case, errand, by=administrator)
    hold = holding.place(author, Terms("AZ 12/34", "An order to preserve it."), by=administrator)
    return {
        "case": reverse("admin:moderation_case_change", args=[case.pk]),
        "referrals": reverse("admin:moderation_referral_changelist"),
        "refer": reverse("admin:moderation_referral_make", args=[asked.pk]),
        "referral": made.get_absolute_url(),
        "authorities": reverse("admin:moderation_authority_changelist"),
        "authority": reverse("admin:moderation_authority_add"),
        "holds": reverse("admin:moderation_legalhold_changelist"),
        "place": reverse("admin:moderation_legalhold_place"),
        "hold": hold.get_absolute_url(),
    }


@pytest.fixture
def desk(page, live_server, client_for, administrator):
    """Chromium, in which an administrator is signed in."""
    session = client_for(administrator).cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_can_be_used_by_everybody(desk, live_server, complaints, screenshots, addresses, scheme):
    desk.emulate_media(color_scheme=scheme)
    faults: list[tuple[object, ...]] = []
    for name, address in addresses.items():
        for width, height in SIZES:
            desk.set_viewport_size({"width": width, "height": height})
            assert desk.goto(f"{live_server.url}{address}").status == 200
            desk.screenshot(path=screenshots / f"{name}-{scheme}-{width}.png", full_page=True)
            if not desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
                faults.append((name, width, "wider than the window"))
            for violation in Axe().run(desk).response["violations"]:
                targets = [node["target"] for node in violation["nodes"]]
                faults.append((name, width, violation["id"], targets))
    assert faults == []
    assert complaints == []
