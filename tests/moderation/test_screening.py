"""What a worker leaves behind when it has judged a batch."""

from moderation import screening
from moderation.models import Case, Scan
from tests import factories


def test_the_case_of_a_held_text_names_the_scan_that_held_it(author):
    post = factories.make_pending_post(author=author, text="I will find you and kill you")
    screening.screen_due()
    assert Case.objects.get(post=post).scan == Scan.objects.get(revision__post=post)


def test_each_case_of_a_batch_names_its_own_scan(author, reader):
    posts = [
        factories.make_pending_post(author=one, text=f"I will find you and kill you, {one.handle}")
        for one in (author, reader)
    ]
    factories.make_pending_post(author=author, text="Good morning, what a lovely day for a walk")
    screening.screen_due()
    for post in posts:
        assert Case.objects.get(post=post).scan == Scan.objects.get(revision=post.get_latest_revision())
