"""What makes the scanner more careful: a new author and a heated thread, counted by the database's clock."""

from datetime import timedelta

from django.db.models import F

from accounts.models import User
from moderation.circumstances import HEATED_FROM, KNOWN_FROM, circumstances_of
from moderation.models import Case
from moderation.scanning.scanner import Circumstances
from tests import factories
from tests.moderation.counting import own_queries

CALM, NEW, HEATED = Circumstances(), Circumstances(is_new_account=True), Circumstances(is_heated_thread=True)


def grow_old(user):
    User.objects.filter(pk=user.pk).update(joined_at=F("joined_at") - timedelta(days=30))
    return user


def around(post):
    (found,) = circumstances_of([post.get_latest_revision()])
    return found


def make_heated_thread(author):
    root = factories.make_post(author=author)
    for _number in range(HEATED_FROM):
        factories.make_held_post(author=author, parent=root)
    return root


def test_an_account_of_today_is_new(author):
    assert around(factories.make_pending_post(author=author)) == NEW


def test_an_account_whose_posts_were_shown_is_not_new_any_more(author):
    for _number in range(KNOWN_FROM):
        factories.make_post(author=author)
    assert around(factories.make_pending_post(author=author)) == CALM


def test_posts_that_nobody_saw_make_no_account_known(author):
    for _number in range(KNOWN_FROM):
        factories.make_held_post(author=author)
    assert around(factories.make_pending_post(author=author)) == NEW


def test_an_account_that_has_been_there_for_long_is_not_new(author):
    assert around(factories.make_pending_post(author=grow_old(author))) == CALM


def test_a_thread_with_many_fresh_cases_is_heated_for_all_its_posts(author):
    root = make_heated_thread(grow_old(author))
    assert around(factories.make_pending_post(author=author, parent=root)) == HEATED
    assert around(root) == HEATED
    assert around(factories.make_pending_post(author=author)) == CALM


def test_a_thread_cools_down(author):
    root = make_heated_thread(grow_old(author))
    Case.objects.update(opened_at=F("opened_at") - timedelta(hours=2))
    assert around(root) == CALM


def test_a_profile_has_no_circumstances(author):
    assert circumstances_of([author.profile.get_latest_revision()]) == [CALM]


def test_the_number_of_queries_does_not_depend_on_the_number_of_texts(author, reader):
    posts = [factories.make_pending_post(author=one) for one in (author, reader, author, reader)]
    revisions = [post.get_latest_revision() for post in posts]
    for some in (revisions[:1], revisions):
        with own_queries(3):
            circumstances_of(some)
