"""Each moderator's own desk: keys or none, severe texts folded or not."""

import pytest
from django.urls import reverse

from moderation.models import AuditRow, Case, DeskSettings
from tests import factories

SETTINGS = reverse("admin:moderation_desksettings_changelist")
QUEUE = reverse("admin:moderation_case_changelist")
TEXT = "Somebody should burn down the town hall"


@pytest.fixture
def case(author):
    return Case.objects.get(post=factories.make_held_post(author=author, text=TEXT))


@pytest.fixture
def desk(client_for, moderator):
    return client_for(moderator)


@pytest.fixture
def pages(case):
    return [QUEUE, reverse("admin:moderation_case_change", args=[case.pk])]


def test_without_keys_no_page_brings_the_script_or_explains_it(desk, pages):
    for address in pages:
        assert b"parler/desk.js" in desk.get(address).content
        assert b'id="keys"' in desk.get(address).content
    assert desk.post(SETTINGS, {}).url == SETTINGS
    for address in pages:
        shown = desk.get(address).content
        assert b"parler/desk.js" not in shown
        assert b"parler/palette.js" not in shown
        assert b'id="keys"' not in shown


def test_severe_texts_stay_folded_for_whoever_wants_it(desk, case, pages):
    desk.post(SETTINGS, {"has_keys": "on", "hides_severe": "on"})
    queue, page = (desk.get(address).content.decode() for address in pages)
    assert TEXT[8:] not in queue
    assert "the text is hidden" in queue
    assert page.index('<details class="veil">') < page.index('class="text"')
    Case.objects.update(severity=2)
    queue, page = (desk.get(address).content.decode() for address in pages)
    assert TEXT[8:] in queue
    assert 'class="veil"' not in page


def test_the_settings_are_ones_own_and_stand_in_the_trail(desk, client_for, moderator, administrator):
    desk.post(SETTINGS, {"hides_severe": "on"})
    assert DeskSettings.objects.get().moderator == moderator
    assert AuditRow.objects.get(verb="arrange_desk").data == {"has_keys": False, "hides_severe": True}
    assert client_for(administrator).get(SETTINGS).context["form"].instance.has_keys


def test_the_settings_are_for_moderators_only(client_for, reader):
    reader.is_staff = True
    reader.save()
    assert client_for(reader).get(SETTINGS).status_code == 403
    assert client_for(reader).post(SETTINGS, {"hides_severe": "on"}).status_code == 403
    assert not DeskSettings.objects.exists()
