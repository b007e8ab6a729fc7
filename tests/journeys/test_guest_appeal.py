"""Somebody without an account gives notice, is refused, appeals by the link, and another moderator takes the text down."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from moderation import mailing
from moderation.models import AuditRow, Case
from tests import factories

SNEAK = """UPDATE moderation_appeal SET status = 'rejected', decided_by_id = %s, decided_at = now(), reasons = 'No.'
           WHERE id = %s"""


def find(pattern, text):
    """The first match, of which the test makes its next step."""
    found = re.search(pattern, text)
    assert found, text
    return found[1]


def test_a_guest_appeals_against_a_rejection_and_reads_the_outcome(client_for, author, moderator):
    post = factories.make_post(author=author, text="She lives at the end of Mill Lane")
    guest = Client()
    fields = {
        "address": f"{settings.PARLER_URL}{post.get_absolute_url()}",
        "ground": "V11",
        "reasons": "That is where I live.",
        "name": "Ada Guest",
        "email": "ada@example.net",
        "good_faith": "on",
    }
    guest.post(reverse("moderation:give_notice"), fields)

    # By the link in the receipt the guest says that the notice is theirs.
    mailing.send_due()
    page = find(r"(/report/notice/[\w-]{43})", str(mail.outbox[0].body))
    guest.post(find(r'action="([^"]+/confirm)"', guest.get(page).content.decode()))

    # The first moderator leaves the post as it is, and the letter says where and until when to appeal.
    desk = client_for(moderator)
    desk.post(reverse("admin:moderation_case_next"))
    case = Case.objects.get()
    desk.post(
        reverse("admin:moderation_case_decide", args=[case.pk]),
        {"measure": "clear", "reason": "", "version": case.version},
    )
    factories.let_undo_pass()
    mailing.send_due()
    assert "you can appeal until" in mail.outbox[-1].body

    # The guest appeals there.
    shown = guest.get(page).content.decode()
    form = find(r'action="([^"]+/appeal)"', shown)
    shown = guest.post(form, {"text": "It is my address."}, follow=True).content.decode()
    assert "Nobody has decided yet" in shown

    # The first decider is refused by the page and by the database.
    appeal = case.decisions.get().appeals.get()
    decide = reverse("admin:moderation_appeal_decide", args=[appeal.pk])
    sent = {"outcome": "rejected", "reasons": "I said so.", "version": 1}
    assert desk.post(decide, sent).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SNEAK, [moderator.pk, appeal.pk])

    # Another moderator finds it in the queue, asks, and gets an answer.
    other = client_for(factories.make_user("other_moderator", role=Role.MODERATOR))
    queue = other.get(reverse("admin:moderation_appeal_changelist")).content.decode()
    assert "without an account" in queue
    other.post(reverse("admin:moderation_appeal_answer", args=[appeal.pk]), {"text": "Alone?"})
    mailing.send_due()
    assert "Alone?" in mail.outbox[-1].body
    shown = guest.get(page).content.decode()
    assert "Alone?" in shown
    guest.post(find(r'action="([^"]+/answer)"', shown), {"text": "Yes, alone."})
    assert (
        "Yes, alone."
        in other.get(reverse("admin:moderation_appeal_change", args=[appeal.pk])).content.decode()
    )

    # The appeal is granted on the version with that answer: the post is gone, and the guest reads why.
    granted = {"outcome": "granted", "violation": "V11", "reasons": "It says where somebody lives."}
    assert other.post(decide, {**granted, "version": 2}).status_code == 409
    other.post(decide, {**granted, "version": 3})
    assert guest.get(post.get_absolute_url()).status_code == 404
    shown = guest.get(page).content.decode()
    assert "we removed it" in shown
    assert "It says where somebody lives." in shown
    factories.let_undo_pass()
    mailing.send_due()
    assert [message.subject for message in mail.outbox if message.to == ["ada@example.net"]] == [
        "Parler: we have your notice",
        "Parler: what came of your notice",
        "Parler: a message about your appeal",
        "Parler: your appeal",
    ]

    # The author reads the reasons and not who asked; the trail has every step.
    removal = case.decisions.latest("pk")
    assert "Ada" not in client_for(author).get(removal.statement.get_absolute_url()).content.decode()
    verbs = ["appeal", "answer_appeal", "answer_appeal", "decide", "decide_appeal"]
    assert list(AuditRow.objects.order_by("pk").values_list("verb", flat=True))[-5:] == verbs
