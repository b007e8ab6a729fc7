"""Somebody without an account gives notice, reads how it stands, and hears of the removal and of the appeal that undid it."""

import re

from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from moderation import mailing
from moderation.models import Appeal, Case
from tests import factories


def find(pattern, text):
    """The first match, of which the test makes its next step."""
    found = re.search(pattern, text)
    assert found, text
    return found[1]


def test_a_guest_follows_a_notice_from_the_form_to_the_outcome_and_beyond(client_for, author, moderator):
    post = factories.make_post(author=author, text="The last act slays me")
    guest = Client(enforce_csrf_checks=True)

    # The form is one click from every page; it carries the token that it wants back.
    link = find(r'href="(/report/notice)"', guest.get("/explore").content.decode())
    token = find(r'name="csrfmiddlewaretoken" value="(\w+)"', guest.get(link).content.decode())
    fields = {
        "csrfmiddlewaretoken": token,
        "address": f"{settings.PARLER_URL}{post.get_absolute_url()}",
        "ground": "V3",
        "reasons": "That is about me.",
        "name": "Ada Guest",
        "email": "ada@example.net",
        "good_faith": "on",
    }
    thanks = guest.post(link, fields, follow=True)
    assert "we have your notice" in thanks.content.decode().lower()

    # The receipt has the link to how it stands.
    mailing.send_due()
    page = find(r"(/report/notice/[\w-]{43})", str(mail.outbox[0].body))
    assert "waiting" in guest.get(page).content.decode()

    # A moderator reads who it is from, and takes the post down.
    desk = client_for(moderator)
    desk.post(reverse("admin:moderation_case_next"))
    case = Case.objects.get()
    assert (
        "That is about me."
        in desk.get(reverse("admin:moderation_case_change", args=[case.pk])).content.decode()
    )
    desk.post(
        reverse("admin:moderation_case_decide", args=[case.pk]),
        {"measure": "take_down", "violation": "V3", "reason": "It says slay.", "version": case.version},
    )
    assert guest.get(post.get_absolute_url()).status_code == 404
    factories.let_undo_pass()
    assert "we took this measure" in guest.get(page).content.decode()

    # The author never learns who it was; the appeal is granted, and the guest hears that too.
    home = client_for(author)
    statement = case.decisions.get().statement
    read = home.get(statement.get_absolute_url()).content.decode()
    assert "Ada" not in read
    home.post(reverse("moderation:make_appeal", args=[statement.decision_id]), {"text": "It is a play."})
    other = client_for(factories.make_user("other_moderator", role=Role.MODERATOR))
    other.post(
        reverse("admin:moderation_appeal_decide", args=[Appeal.objects.get().pk]),
        {"outcome": "granted", "reasons": "It is about a play.", "version": 1},
    )
    assert guest.get(post.get_absolute_url()).status_code == 200
    assert "took that back" in guest.get(page).content.decode()
    mailing.send_due()
    assert [each.subject for each in mail.outbox if each.to == ["ada@example.net"]] == [
        "Parler: we have your notice",
        "Parler: what came of your notice",
        "Parler: what came of your notice",
    ]
