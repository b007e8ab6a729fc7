"""Authors hear at once that a machine holds their text, by mail only when it still waits, and never in a storm."""

import re

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import erasing
from moderation import announcing, deciding, mailing, screening
from moderation.measures import Measure
from moderation.models import Case, Notice, NoticeKind
from moderation.models.notices import MAX_ATTEMPTS
from posts import publishing
from posts.models import Revision
from posts.statuses import Status
from tests import factories

pytestmark = pytest.mark.django_db

THREAT = "I will kill the mayor tonight"


def hold(*revisions: Revision) -> None:
    """What a worker does: it holds, opens a case and tells the author."""
    with transaction.atomic():
        for revision in revisions:
            factories.hold(revision)
        announcing.announce(revisions)


def make_held(author, text=THREAT):
    post = factories.make_pending_post(author=author, text=text)
    hold(post.get_latest_revision())
    return post


def let_pass(minutes: int) -> None:
    """As if so much time had passed since the notices were made and mailed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE moderation_notice SET due_at = due_at - make_interval(mins => %s),"
            " mailed_at = mailed_at - make_interval(mins => %s)",
            [minutes, minutes],
        )


def test_the_worker_tells_the_author_of_what_it_holds(author):
    post = factories.make_pending_post(author=author, text=THREAT)
    screening.screen_due()
    notice = Notice.objects.get()
    assert post.get_latest_revision().status == Status.HELD
    assert (notice.kind, notice.recipient, notice.revision) == (
        NoticeKind.HOLD,
        author,
        post.get_latest_revision(),
    )
    assert notice.expected_at == Case.objects.get().due_at


def test_what_no_worker_could_judge_is_told_as_such(author):
    post = factories.make_pending_post(author=author)
    Revision.objects.filter(post=post).update(attempts=screening.MAX_ATTEMPTS)
    screening.screen_due()
    assert "could not judge it" in Notice.objects.get().text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["holds your post", "rule V3", "threat", "within 24 hours", "new version", "appeal"]),
        ("de", ["Dein Beitrag wird", "Regel V3", "Drohung", "innerhalb von 24 Stunden", "neue Version"]),
    ],
)
def test_the_notice_says_what_is_held_why_until_when_and_what_one_can_do(language, words):
    make_held(factories.make_user("writer", language=language))
    text = Notice.objects.get().text
    assert [each for each in words if each not in text] == []


def test_the_notice_names_the_class_and_not_the_pattern(author):
    post = make_held(author)
    text = Notice.objects.get().text
    (reason,) = post.get_latest_revision().scan.reasons
    assert THREAT[reason["start"] : reason["end"]] not in text
    assert text.count("threat") == 1  # The label of the class; `factories.hold` calls its rule the same.


def test_an_imminent_case_is_looked_at_sooner(author):
    post = factories.make_pending_post(author=author, text=THREAT)
    factories.hold(post.get_latest_revision(), violation="V8")
    announcing.announce([post.get_latest_revision()])
    assert "within 15 minutes" in Notice.objects.get().text


def test_a_held_profile_is_named_as_one(db):
    person = factories.make_user("someone", is_cleared=False)
    hold(person.profile.get_latest_revision())
    assert "your profile" in Notice.objects.get(recipient=person).text


def test_a_hold_that_is_rolled_back_tells_nobody(author):
    post = factories.make_pending_post(author=author)
    with pytest.raises(RuntimeError), transaction.atomic():
        hold(post.get_latest_revision())
        raise RuntimeError
    assert not Notice.objects.exists()


def test_an_erased_author_is_not_told(author):
    post = factories.make_pending_post(author=author)
    erasing.erase(author, by=author)
    announcing.announce([post.get_latest_revision()])
    assert not Notice.objects.exists()


def test_telling_costs_the_same_for_one_and_for_many(author):
    def cost(number: int) -> int:
        posts = [factories.make_pending_post(author=factories.make_user()) for _n in range(number)]
        revisions = [post.get_latest_revision() for post in posts]
        for revision in revisions:
            factories.hold(revision)
        with CaptureQueriesContext(connection) as captured:
            announcing.announce(revisions)
        return len(captured)

    assert cost(1) == cost(12) == 4
    assert Notice.objects.count() == 13


# By mail


def test_a_text_that_is_decided_soon_makes_no_mail(author, moderator):
    make_held(author)
    assert mailing.send_due() == 0
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    factories.let_undo_pass()
    let_pass(11)
    mailing.send_due()
    assert [message.subject for message in mail.outbox] == ["Parler: our decision about your post"]
    assert Notice.objects.get().due_at is None


def test_a_text_that_still_waits_is_mailed_once(author, settings):
    make_held(author)
    let_pass(9)
    assert mailing.send_due() == 0
    let_pass(2)
    assert mailing.send_due() == 1
    let_pass(200)
    assert mailing.send_due() == 0
    (message,) = mail.outbox
    assert message.subject == "Parler: your text waits for a person"
    assert "holds your post" in message.body
    assert settings.PARLER_URL + Notice.objects.get().get_absolute_url() in message.body


def test_many_held_texts_make_one_mail_an_hour(author, reader):
    for _number in range(7):
        make_held(author)
    make_held(reader)
    let_pass(11)
    assert mailing.send_due() == 2
    assert sorted(message.to[0] for message in mail.outbox) == sorted([author.email, reader.email])
    make_held(author)
    let_pass(30)
    assert mailing.send_due() == 0
    let_pass(31)
    assert mailing.send_due() == 1
    let_pass(300)
    assert mailing.send_due() == 0


def test_a_mail_that_failed_is_tried_again_and_others_wait_for_it(author, settings):
    make_held(author)
    make_held(author)
    let_pass(11)
    settings.EMAIL_BACKEND = "tests.moderation.test_mailing.BrokenServer"
    assert mailing.send_due() == 0
    assert list(Notice.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0]
    assert not Notice.objects.due().exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    let_pass(5)
    assert mailing.send_due() == 1


def test_a_mail_that_was_given_up_does_not_silence_later_ones(author):
    make_held(author)
    make_held(author)
    Notice.objects.filter(pk=Notice.objects.order_by("pk")[0].pk).update(attempts=MAX_ATTEMPTS)
    let_pass(11)
    assert mailing.send_due() == 1


# On the pages


def test_the_author_alone_reads_on_the_post_why_it_is_held(client_for, author, reader):
    post = make_held(author)
    shown = client_for(author).get(post.get_absolute_url()).content.decode()
    assert "Why this is held" in shown
    assert "rule V3 of our community rules" in shown
    assert re.search(r'<time datetime="[^"]+">', shown)
    assert client_for(reader).get(post.get_absolute_url()).status_code == 404


def test_the_notice_is_gone_from_the_post_when_it_is_decided(client_for, author, moderator):
    post = make_held(author)
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    client = client_for(author)
    assert "Why this is held" not in client.get(post.get_absolute_url()).content.decode()
    notice = client.get(Notice.objects.get().get_absolute_url()).content.decode()
    assert "does not wait any more" in notice
    assert "A person looks at it by" not in notice


def test_a_new_version_that_is_held_has_a_notice_of_its_own(author, client_for):
    post = make_held(author)
    revision = publishing.edit(post, body=f"{THREAT}!", warning="", by=author)
    hold(revision)
    assert Notice.objects.count() == 2
    assert Notice.objects.still_held().get().revision == revision


def test_the_notice_is_for_its_recipient_alone(client_for, author, reader):
    make_held(author)
    notice = Notice.objects.get()
    assert client_for(reader).get(notice.get_absolute_url()).status_code == 404
    assert client_for(author).get(notice.get_absolute_url()).status_code == 200
    assert b"waits for a person" in client_for(author).get(reverse("moderation:notices")).content
