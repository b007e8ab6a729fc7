"""A post is taken down, its author appeals, the first decider is refused by page and by SQL, somebody else grants it."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.roles import Role
from moderation.models import AuditRow, Case, KnownBad
from posts.models import Post
from tests import factories

SNEAK = """UPDATE moderation_appeal SET status = 'rejected', decided_by_id = %s, decided_at = now(), reasons = 'No.'
           WHERE decision_id = %s"""


def world():
    return (
        list(Post.objects.order_by("pk").values_list("shown", "comment_count", "echo_count", "upvote_count")),
        list(KnownBad.objects.values_list("digest", flat=True)),
    )


def find_link(page, to):
    """The first link whose address matches `to`."""
    found = re.search(rf'href="({to})"', page)
    assert found, page
    return found[1]


def test_a_removal_is_appealed_and_undone_by_somebody_else(client_for, author, reader, moderator):
    other = factories.make_user("other_moderator", role=Role.MODERATOR)
    parent = factories.make_post(author=reader, text="What do you think of the play?")
    post = factories.make_post(author=author, text="The last act slays me", parent=parent)
    address = reverse("posts:detail", args=[author.handle, post.pk])
    before = world()

    # The reader reports it, and the first moderator takes it down.
    client_for(reader).post(
        reverse("moderation:report_post", args=[post.pk]), {"violation": "V3", "comment": ""}
    )
    desk = client_for(moderator)
    desk.post(reverse("admin:moderation_case_next"))
    case = Case.objects.get()
    desk.post(
        reverse("admin:moderation_case_decide", args=[case.pk]),
        {"measure": "take_down", "violation": "V3", "reason": "It says slay.", "version": case.version},
    )
    assert client_for(None).get(address).status_code == 404
    assert world() != before

    # The author reads why, as soon as the moderator can undo it no more, and appeals from there.
    factories.let_undo_pass()
    home = client_for(author)
    statements = home.get(reverse("moderation:statements")).content.decode()
    statement = home.get(find_link(statements, r"/statements/\d+")).content.decode()
    assert "It says slay." in statement
    form = find_link(statement, r"/appeals/against/\d+")
    assert "What happens next" in home.get(form).content.decode()
    shown = home.post(form, {"text": "I was talking about a play."}, follow=True)
    mine = shown.request["PATH_INFO"]
    decision = case.decisions.get()

    # The first decider is refused by the page and by the database.
    appeal = decision.appeals.get()
    decide = reverse("admin:moderation_appeal_decide", args=[appeal.pk])
    sent = {"outcome": "rejected", "reasons": "I said so.", "version": 1}
    refused = desk.post(decide, sent)
    assert refused.status_code == 403
    assert "You decided this first." in refused.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SNEAK, [moderator.pk, decision.pk])

    # Another moderator finds it in the queue of appeals and grants it.
    second = client_for(other)
    assert (
        "I was talking about a play."
        in second.get(reverse("admin:moderation_appeal_changelist")).content.decode()
    )
    second.post(decide, {"outcome": "granted", "reasons": "It is about a play.", "version": 1})
    assert client_for(None).get(address).status_code == 200
    assert world() == before

    # Both hear of it, and the trail has every step.
    assert "It is about a play." in home.get(mine).content.decode()
    told = client_for(reader).get(reverse("moderation:notices")).content.decode()
    assert "took that back" in told
    assert list(AuditRow.objects.order_by("pk").values_list("verb", flat=True))[-3:] == [
        "appeal",
        "decide",
        "decide_appeal",
    ]
