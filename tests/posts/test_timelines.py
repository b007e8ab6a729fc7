import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import blocking, following
from posts import publishing, reacting, timelines
from posts.models import Visibility
from posts.publishing import Draft
from posts.threads import thread
from posts.timelines import Window
from tests import factories

ANYBODY = AnonymousUser()


def texts(page):
    return [shown.text for shown in page.posts]


def make_posts(author, count, **draft):
    return [factories.make_post(author=author, text=f"post {number}", **draft) for number in range(count)]


def pages(timeline, reader, limit):
    """Every page of a timeline, from the newest down."""
    max_id = None
    while True:
        page = timelines.page(timeline, reader=reader, limit=limit, max_id=max_id)
        yield page
        if page.next_max_id is None:
            return
        max_id = page.next_max_id


def test_home_has_one_s_own_posts_and_those_of_whom_one_follows(author, reader):
    stranger = factories.make_user("stranger")
    following.follow(reader, author)
    for person in (author, reader, stranger):
        factories.make_post(author=person, text=person.handle)
    assert texts(timelines.page(timelines.home(reader), reader=reader)) == ["reader", "author"]


def test_home_shows_what_waits_to_its_author_only(author, reader):
    following.follow(reader, author)
    factories.make_pending_post(author=author, text="mine")
    assert texts(timelines.page(timelines.home(author), reader=author)) == ["mine"]
    assert texts(timelines.page(timelines.home(reader), reader=reader)) == []


@pytest.mark.parametrize("name", ["home", "public", "profile", "hashtag"])
def test_pages_join_without_gap_or_overlap(author, reader, name):
    following.follow(reader, author)
    posts = [factories.make_post(author=author, text=f"#tag {number}") for number in range(7)]
    timeline = {
        "home": timelines.home(reader),
        "public": timelines.public(reader),
        "profile": timelines.profile(author, reader, with_comments=True),
        "hashtag": timelines.hashtag("tag", reader),
    }[name]
    cut = list(pages(timeline, reader, 3))
    assert [len(page.posts) for page in cut] == [3, 3, 1]
    assert [shown.pk for page in cut for shown in page.posts] == [post.pk for post in reversed(posts)]
    newer = timelines.page(timeline, reader=reader, limit=3, min_id=posts[1].pk)
    assert [shown.pk for shown in newer.posts] == [posts[4].pk, posts[3].pk, posts[2].pk]
    assert newer.next_max_id == posts[2].pk
    newest = timelines.page(timeline, reader=reader, limit=3, since_id=posts[1].pk)
    assert [shown.pk for shown in newest.posts] == [posts[6].pk, posts[5].pk, posts[4].pk]


def test_home_finds_what_lies_below_many_posts_that_one_may_not_see(author, reader):
    following.follow(reader, author)
    factories.make_post(author=author, text="for all")
    for number in range(9):
        factories.make_post(author=author, text=f"psst {number}", visibility=Visibility.MENTIONED)
    assert texts(timelines.page(timelines.home(reader), reader=reader, limit=1)) == ["for all"]


def test_a_page_that_found_nothing_in_its_rounds_says_where_to_go_on(author, reader, monkeypatch):
    monkeypatch.setattr(timelines, "ROUNDS", (1, 1))
    following.follow(reader, author)
    factories.make_post(author=author, text="for all")
    for number in range(5):
        factories.make_post(author=author, text=f"psst {number}", visibility=Visibility.MENTIONED)
    cut = list(pages(timelines.home(reader), reader, 1))
    assert [texts(page) for page in cut] == [[], ["for all"]]


def test_home_follows_mutes_blocks_and_ends_of_follows(author, reader):
    following.follow(reader, author)
    factories.make_post(author=author)
    for away, again in (
        (lambda: blocking.mute(reader, author), lambda: blocking.unmute(reader, author)),
        (lambda: following.unfollow(reader, author), lambda: following.follow(reader, author)),
        (lambda: blocking.block(author, reader), lambda: blocking.unblock(author, reader)),
    ):
        away()
        assert not timelines.page(timelines.home(reader), reader=reader).posts
        again()
    following.follow(reader, author)
    assert timelines.page(timelines.home(reader), reader=reader).posts


def test_public_has_no_comments_no_echoes_and_nothing_for_followers(author, reader):
    post = factories.make_post(author=author, text="for all")
    factories.make_post(author=author, text="for followers", visibility=Visibility.FOLLOWERS)
    factories.make_post(author=reader, text="a comment", parent=post)
    factories.make_post(author=reader, text="", echoed=post)
    factories.make_pending_post(author=author, text="waiting")
    for who in (ANYBODY, author, reader):
        assert texts(timelines.page(timelines.public(who), reader=who)) == ["for all"]


def test_a_profile_has_comments_when_asked(author, reader):
    post = factories.make_post(author=reader, text="post")
    factories.make_post(author=author, text="comment", parent=post)
    without = timelines.profile(author, ANYBODY, with_comments=False)
    assert texts(timelines.page(without, reader=ANYBODY)) == []
    having = timelines.profile(author, ANYBODY, with_comments=True)
    assert texts(timelines.page(having, reader=ANYBODY)) == ["comment"]


def test_a_hashtag_page_goes_by_the_version_that_is_shown(author, reader):
    post = factories.make_post(author=author, text="about #one")
    publishing.edit(post, body="about #two", warning="", by=author)
    assert texts(timelines.page(timelines.hashtag("one", reader), reader=reader)) == ["about #one"]
    assert not timelines.page(timelines.hashtag("two", reader), reader=reader).posts
    factories.clear(post.get_latest_revision())
    assert not timelines.page(timelines.hashtag("one", reader), reader=reader).posts
    assert texts(timelines.page(timelines.hashtag("TWO", reader), reader=reader)) == ["about #two"]


def test_the_author_reads_the_newest_version_and_others_the_shown_one(author, reader):
    post = factories.make_post(author=author, text="first")
    publishing.edit(post, body="second", warning="", by=author)
    (own,) = timelines.page(timelines.profile(author, author, with_comments=True), reader=author).posts
    (other,) = timelines.page(timelines.profile(author, reader, with_comments=True), reader=reader).posts
    assert (own.text, own.is_waiting, own.has_earlier_shown) == ("second", True, True)
    assert (other.text, other.is_waiting, other.edited_at) == ("first", False, None)


def test_a_quote_of_what_one_may_not_see_stands_without_it(author, reader):
    post = factories.make_post(author=author, text="original")
    quoting = factories.make_user("quoting")
    factories.make_post(author=quoting, text="look", echoed=post)
    timeline = timelines.profile(quoting, reader, with_comments=False)
    (shown,) = timelines.page(timeline, reader=reader).posts
    assert shown.original
    assert shown.original.text == "original"
    blocking.block(author, reader)
    (shown,) = timelines.page(timeline, reader=reader).posts
    assert shown.lacks_original


def test_a_comment_names_its_parent_only_to_those_who_may_see_it(author, reader):
    post = factories.make_post(author=author, text="original")
    commenting = factories.make_user("commenting")
    factories.make_post(author=commenting, text="indeed", parent=post)
    timeline = timelines.profile(commenting, reader, with_comments=True)
    (shown,) = timelines.page(timeline, reader=reader).posts
    assert shown.parent
    assert shown.parent.pk == post.pk
    publishing.withdraw(post, by=author)
    assert timelines.page(timeline, reader=reader).posts[0].parent is None


def test_what_the_reader_did_is_marked(author, reader):
    post = factories.make_post(author=author)
    reacting.upvote(post, by=reader)
    publishing.submit(reader, Draft(echoed=post))
    (shown,) = timelines.page(timelines.public(reader), reader=reader).posts
    assert (shown.has_upvoted, shown.has_echoed) == (True, True)
    (shown,) = timelines.page(timelines.public(author), reader=author).posts
    assert (shown.has_upvoted, shown.has_echoed) == (False, False)


@pytest.mark.parametrize("count", [2, 12])
def test_the_number_of_queries_does_not_grow(author, reader, count, django_assert_max_num_queries):
    following.follow(reader, author)
    for number in range(count):
        factories.make_post(author=reader, text=f"own #tag {number}")
        post = factories.make_post(author=author, text=f"other #tag {number}")
        factories.make_post(author=author, text="comment #tag", parent=post)
        factories.make_post(author=author, text="quote #tag", echoed=post)
    with django_assert_max_num_queries(5):
        timelines.page(timelines.home(reader), reader=reader)
    with django_assert_max_num_queries(4):
        timelines.page(timelines.public(reader), reader=reader)
    with django_assert_max_num_queries(3):
        timelines.page(timelines.profile(author, ANYBODY, with_comments=True), reader=ANYBODY)
    with django_assert_max_num_queries(5):
        timelines.page(timelines.hashtag("tag", reader), reader=reader)


def test_home_costs_at_most_seven_queries_where_hardly_anything_is_to_be_seen(
    author, reader, django_assert_max_num_queries
):
    following.follow(reader, author)
    make_posts(author, 2)
    for number in range(9):
        factories.make_post(author=author, text=f"psst {number}", visibility=Visibility.MENTIONED)
    with django_assert_max_num_queries(7):
        assert len(timelines.page(timelines.home(reader), reader=reader, limit=2).posts) == 2


def test_bounds_beyond_any_id_are_harmless(reader):
    for bound in (0, -1, 2**63 - 1, 2**70):
        assert Window(max_id=bound).below <= 2**63 - 1
        for name in ("max_id", "min_id", "since_id"):
            timelines.page(timelines.home(reader), reader=reader, **{name: bound})
            timelines.page(timelines.public(ANYBODY), reader=ANYBODY, **{name: bound})


def test_a_thread_shows_what_is_above_and_below(author, reader, django_assert_max_num_queries):
    first = factories.make_post(author=author, text="first")
    second = factories.make_post(author=reader, text="second", parent=first)
    third = factories.make_post(author=author, text="third", parent=second)
    factories.make_post(author=reader, text="fourth", parent=third)
    factories.make_post(author=reader, text="aside", parent=second)
    factories.make_pending_post(author=author, text="waiting", parent=second)
    with django_assert_max_num_queries(7):
        found = thread(second, reader)
    assert [shown.text for shown in found.ancestors] == ["first"]
    assert [(answer.shown.text, answer.depth) for answer in found.descendants] == [
        ("third", 0),
        ("fourth", 1),
        ("aside", 0),
    ]
    assert "waiting" in [answer.shown.text for answer in thread(second, author).descendants]


def test_a_gap_in_a_thread_does_not_hide_what_lies_below_it(author, reader):
    first = factories.make_post(author=author, text="first")
    second = factories.make_post(author=author, text="second", parent=first)
    middle = factories.make_post(author=author, text="middle", parent=second)
    factories.make_post(author=reader, text="last", parent=middle)
    publishing.withdraw(middle, by=author)
    found = thread(first, ANYBODY)
    assert [(each.shown.text, each.depth) for each in found.descendants] == [("second", 0), ("last", 1)]


def test_a_large_thread_comes_in_parts(author, monkeypatch):
    monkeypatch.setattr("posts.threads.MAX_COMMENTS", 2)
    post = factories.make_post(author=author)
    comments = [factories.make_post(author=author, text=f"{n}", parent=post).pk for n in range(3)]
    part = thread(post, ANYBODY)
    assert [answer.shown.pk for answer in part.descendants] == comments[:2]
    assert part.next_after
    rest = thread(post, ANYBODY, after=part.next_after)
    assert [answer.shown.pk for answer in rest.descendants] == comments[2:]
    assert rest.next_after is None
