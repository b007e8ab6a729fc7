import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from posts import publishing
from posts.models import Kind, Post, Transition, Visibility
from posts.publishing import Draft
from posts.statuses import Status
from tests import factories

ANYBODY = AnonymousUser()


def test_a_new_post_is_seen_by_nobody_but_its_author(author, reader):
    post = factories.make_pending_post(author=author)
    assert not Post.objects.visible_to(reader).exists()
    assert not Post.objects.visible_to(ANYBODY).exists()
    assert Post.objects.visible_to(author).get() == post


def test_a_cleared_post_is_seen_by_everybody(author, reader):
    post = factories.make_post(author=author)
    assert Post.objects.visible_to(reader).get() == post
    assert Post.objects.visible_to(ANYBODY).get() == post


def test_posts_of_an_account_whose_handle_is_not_cleared_are_not_seen(db):
    newcomer = factories.make_user("newcomer", is_cleared=False)
    factories.make_post(author=newcomer)
    assert not Post.objects.visible_to(ANYBODY).exists()


def test_an_edit_keeps_the_cleared_version_up(author, reader):
    post = factories.make_post(author=author, text="first")
    publishing.edit(post, body="second", warning="", by=author)
    assert Post.objects.visible_to(reader).filter(shown__text="first").exists()
    factories.clear(post.get_latest_revision())
    assert Post.objects.visible_to(reader).filter(shown__text="second").exists()


def test_an_edit_supersedes_a_version_that_waits(author):
    post = factories.make_pending_post(author=author, text="first")
    first = post.get_latest_revision()
    publishing.edit(post, body="second", warning="", by=author)
    assert publishing.clear_pending([first]) == []
    first.refresh_from_db()
    assert first.status == Status.WITHDRAWN


def test_saying_the_same_again_makes_no_version(author):
    post = factories.make_post(author=author, text="same")
    publishing.edit(post, body="same", warning="", by=author)
    assert post.revisions.count() == 1


def test_a_withdrawn_post_is_gone_and_stays_gone(author, reader):
    post = factories.make_post(author=author)
    publishing.withdraw(post, by=author)
    assert not Post.objects.visible_to(reader).exists()
    assert not Post.objects.visible_to(author).exists()
    with pytest.raises(publishing.NotEditable):
        publishing.withdraw(post, by=author)


def test_counters_follow_what_is_shown(author, reader):
    post = factories.make_post(author=author)
    comment = factories.make_pending_post(author=reader, text="well said", parent=post)
    post.refresh_from_db()
    assert post.comment_count == 0
    factories.clear(comment.get_latest_revision())
    post.refresh_from_db()
    assert post.comment_count == 1
    publishing.withdraw(comment, by=reader)
    post.refresh_from_db()
    assert post.comment_count == 0


def test_an_echo_disappears_with_what_it_echoes(author, reader):
    post = factories.make_post(author=author)
    echo = factories.make_post(author=reader, text="", echoed=post)
    assert echo.kind == Kind.ECHO
    assert Post.objects.visible_to(ANYBODY).count() == 2
    publishing.withdraw(post, by=author)
    assert not Post.objects.visible_to(ANYBODY).exists()


def test_a_post_is_echoed_once(author, reader):
    post = factories.make_post(author=author)
    assert publishing.submit(reader, Draft(echoed=post)) == publishing.submit(reader, Draft(echoed=post))


def test_a_comment_reaches_no_further_than_its_parent(author, reader):
    post = factories.make_post(author=author, visibility=Visibility.MENTIONED, text="psst @reader")
    comment = factories.make_post(author=reader, parent=post, text="what is it, @author?")
    assert comment.visibility == Visibility.MENTIONED
    assert Post.objects.visible_to(reader).count() == 2
    assert not Post.objects.visible_to(ANYBODY).exists()


def test_one_idempotency_key_gives_one_post(author):
    first = publishing.submit(author, Draft(text="once"), idempotency_key="k")
    assert publishing.submit(author, Draft(text="once"), idempotency_key="k") == first
    assert publishing.submit(author, Draft(text="once")) != first


@pytest.mark.parametrize(
    "text", ["", "   ", "a\x00b", "\ud800", "a" * 1001, "a" + "\u0301" * 1000, "x" * 1_000_000]
)
def test_what_cannot_be_a_post_is_refused(author, text):
    with pytest.raises(ValidationError):
        publishing.submit(author, Draft(text=text))
    assert not Post.objects.exists()


def test_a_thousand_families_are_a_thousand_characters(author):
    family = "👨‍👩‍👧‍👦"
    assert publishing.submit(author, Draft(text=family * 1000)).pk


def test_the_database_refuses_to_show_what_is_not_cleared(author):
    post = factories.make_pending_post(author=author)
    revision = post.get_latest_revision()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE posts_post SET shown_id = %s WHERE id = %s", [revision.pk, post.pk])


def test_the_database_refuses_that_nobody_cleared_a_revision(author):
    revision = factories.make_pending_post(author=author).get_latest_revision()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE posts_revision SET status = 'cleared' WHERE id = %s", [revision.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_step_leaves_a_transition(author):
    post = factories.make_post(author=author)
    steps = Transition.objects.filter(revision__post=post).order_by("id").values_list("old", "new")
    assert list(steps) == [("", "pending"), ("pending", "cleared")]
