"""What becomes of a post that moderators mark and leave up."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts import following
from posts import marking, publishing, timelines
from posts.models import Mark, Marking, Post, Step
from posts.publishing import Draft, MayNotPublish
from tests import factories
from tests.api import tokens

LABEL = "Marked sensitive by moderators"
CLOSED = "Comments are closed by moderators."
VERBS = {
    Mark.LABELLED: (marking.label, marking.unlabel),
    Mark.LIMITED: (marking.limit, marking.unlimit),
    Mark.LOCKED: (marking.lock, marking.unlock),
}
PUBLIC_LISTS = ["/explore", "/tags/tag", "/api/v1/timelines/public", "/api/v1/timelines/tag/tag"]


@pytest.fixture
def post(author):
    return factories.make_post(author=author, text="Remarkable #tag")


@pytest.fixture
def follower(author):
    follower = factories.make_user("follower")
    following.follow(follower, author)
    return follower


def client_of(client_for, user, address):
    """A signed-in browser for pages, a client with a token for the API; without a user, somebody anonymous."""
    if user is None or not address.startswith("/api/"):
        return client_for(user)
    return tokens.client_with(tokens.issue(user, "read write"))


def read(client_for, user, address):
    answer = client_of(client_for, user, address).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def status_of(client_for, user, post):
    address = f"/api/v1/statuses/{post.pk}"
    return client_of(client_for, user, address).get(address).json()


def home_of(user):
    return [shown.pk for shown in timelines.page(timelines.home(user), reader=user).posts]


@pytest.mark.parametrize("mark", Mark)
def test_a_mark_is_set_once_and_lifted_once(post, moderator, mark):
    set_it, lift_it = VERBS[mark]
    assert [set_it(post, by=moderator), set_it(post, by=moderator)] == [True, False]
    post.refresh_from_db()
    first = getattr(post, f"{mark}_at")
    assert first is not None
    assert [lift_it(post, by=moderator), lift_it(post, by=moderator)] == [True, False]
    post.refresh_from_db()
    assert (post.labelled_at, post.limited_at, post.locked_at) == (None, None, None)
    steps = Marking.objects.order_by("pk").values_list("post", "mark", "step", "by")
    assert list(steps) == [
        (post.pk, mark, Step.SET, moderator.pk),
        (post.pk, mark, Step.LIFTED, moderator.pk),
    ]


def test_what_was_marked_by_whom_cannot_be_changed(post, moderator):
    marking.lock(post, by=moderator)
    for statement in ("UPDATE posts_marking SET mark = 'limited'", "DELETE FROM posts_marking"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_mark_stays_through_an_edit(post, author, moderator):
    marking.label(post, by=moderator)
    publishing.edit(post, body="Other words", warning="", by=author)
    factories.clear(post.get_latest_revision())
    post.refresh_from_db()
    assert post.labelled_at is not None


@pytest.mark.parametrize("who", ["author", "reader", None])
def test_a_labelled_text_stands_behind_the_label_on_every_page(request, client_for, post, moderator, who):
    user = who and request.getfixturevalue(who)
    quoting = factories.make_post(author=factories.make_user("quoting"), text="look", echoed=post)
    marking.label(post, by=moderator)
    base = f"/@author/{post.pk}"
    pages = ["/explore", "/tags/tag", "/@author", base, f"{base}/card", f"{base}/history"]
    for address in [*pages, f"/@quoting/{quoting.pk}"]:
        page = read(client_for, user, address)
        assert page.count(f"<summary>{LABEL}</summary>") == page.count("Remarkable") > 0, address
    marking.unlabel(post, by=moderator)
    for address in pages:
        assert LABEL not in read(client_for, user, address)


@pytest.mark.parametrize("who", ["author", "reader", None])
def test_apps_get_the_label_as_a_content_warning(request, client_for, author, post, moderator, who):
    user = who and request.getfixturevalue(who)
    warned = factories.make_post(author=author, text="with a warning", warning="Spiders")
    echo = factories.make_post(author=factories.make_user("echoing"), text="", echoed=post)
    for marked in (post, warned):
        marking.label(marked, by=moderator)
    for of, spoiler in ((post, LABEL), (echo, LABEL), (warned, f"{LABEL} · Spiders")):
        status = status_of(client_for, user, of)
        assert (status["sensitive"], status["spoiler_text"]) == (True, spoiler)
    (version,) = client_for(user).get(f"/api/v1/statuses/{post.pk}/history").json()
    assert (version["sensitive"], version["spoiler_text"]) == (True, LABEL)


def test_an_author_edits_the_own_warning_without_the_label(client_for, author, moderator):
    post = factories.make_post(author=author, text="with a warning", warning="Spiders")
    marking.label(post, by=moderator)
    assert LABEL not in read(client_for, author, f"/@author/{post.pk}/edit")
    source = tokens.client_with(tokens.issue(author, "read")).get(f"/api/v1/statuses/{post.pk}/source")
    assert source.json()["spoiler_text"] == "Spiders"


@pytest.mark.parametrize("who", ["author", "reader", "follower", None])
def test_a_post_of_limited_reach_stands_in_no_public_list(request, client_for, post, moderator, who):
    user = who and request.getfixturevalue(who)
    quoting = factories.make_user("quoting")
    factories.make_post(author=quoting, text="look #tag", echoed=post)
    plain = factories.make_post(author=quoting, text="Plain #tag")
    marking.limit(post, by=moderator)
    for address in PUBLIC_LISTS:
        found = read(client_for, user, address)
        assert str(plain.pk) in found, address
        assert str(post.pk) not in found, address
        assert "Remarkable" not in found, address
    marking.unlimit(post, by=moderator)
    for address in PUBLIC_LISTS:
        assert str(post.pk) in read(client_for, user, address), address


def test_anonymous_people_do_not_find_it_on_the_front_page(client_for, post, moderator):
    assert "Remarkable" in read(client_for, None, "/")
    marking.limit(post, by=moderator)
    assert "Remarkable" not in read(client_for, None, "/")


@pytest.mark.parametrize("who", ["author", "reader", "follower", None])
def test_whoever_looks_for_it_finds_it(request, client_for, post, author, moderator, who):
    user = who and request.getfixturevalue(who)
    marking.limit(post, by=moderator)
    base = f"/@author/{post.pk}"
    api = f"/api/v1/accounts/{author.pk}/statuses"
    for address in ["/@author", base, f"{base}/history", api, f"/api/v1/statuses/{post.pk}"]:
        assert "Remarkable" in read(client_for, user, address), address
    assert 'content="noindex"' in read(client_for, user, base)


def test_it_comes_home_to_its_author_and_to_followers_but_to_nobody_by_an_echo(
    post, author, follower, moderator
):
    onlooker = factories.make_user("onlooker")
    following.follow(onlooker, follower)
    echo = factories.make_post(author=follower, text="", echoed=post)
    quote = factories.make_post(author=follower, text="look", echoed=post)
    assert home_of(onlooker) == [quote.pk, echo.pk]
    marking.limit(post, by=moderator)
    assert home_of(onlooker) == []
    assert home_of(author) == [post.pk]
    assert home_of(follower) == [quote.pk, echo.pk, post.pk]
    following.follow(onlooker, author)
    assert home_of(onlooker) == [quote.pk, echo.pk, post.pk]


@pytest.mark.parametrize("body", ["", "look"])
def test_strangers_cannot_echo_or_quote_it(post, author, reader, follower, moderator, body):
    marking.limit(post, by=moderator)
    with pytest.raises(MayNotPublish):
        publishing.submit(reader, Draft(text=body, echoed=post))
    assert publishing.submit(follower, Draft(text=body, echoed=post)).pk
    assert publishing.submit(author, Draft(text=body, echoed=post)).pk


def test_strangers_are_offered_no_echo_but_can_take_theirs_back(
    client_for, post, reader, follower, moderator
):
    publishing.submit(reader, Draft(echoed=post))
    marking.limit(post, by=moderator)
    address = f"/@author/{post.pk}"
    assert f"{address}/echo" in read(client_for, reader, address)
    client_for(reader).post(f"{address}/echo", {"wanted": "no"})
    for user, is_offered in ((reader, False), (follower, True)):
        page = read(client_for, user, address)
        assert (f"{address}/echo" in page, f"?quote={post.pk}" in page) == (is_offered, is_offered)


def test_an_app_reads_why_it_cannot_echo(client_for, post, reader, moderator):
    marking.limit(post, by=moderator)
    address = f"/api/v1/statuses/{post.pk}/reblog"
    answer = client_of(client_for, reader, address).post(address)
    assert answer.status_code == 403
    with translation.override("en"):
        assert "limited the reach" in answer.json()["error"]


def test_a_locked_thread_takes_no_comment_anywhere_below(post, author, reader, moderator):
    comment = factories.make_post(author=reader, text="a comment", parent=post)
    deep = factories.make_post(author=author, text="an answer", parent=comment)
    marking.lock(post, by=moderator)
    for parent in (post, comment, deep):
        for person in (author, reader, moderator):
            with pytest.raises(MayNotPublish):
                publishing.submit(person, Draft(text="one more", parent=parent))
    assert publishing.submit(reader, Draft(text="look", echoed=post)).pk
    marking.unlock(post, by=moderator)
    assert publishing.submit(reader, Draft(text="one more", parent=deep)).pk


def test_a_locked_comment_closes_only_what_is_below_it(post, author, reader, moderator):
    comment = factories.make_post(author=reader, text="a comment", parent=post)
    deep = factories.make_post(author=author, text="an answer", parent=comment)
    marking.lock(comment, by=moderator)
    for parent in (comment, deep):
        with pytest.raises(MayNotPublish):
            publishing.submit(reader, Draft(text="one more", parent=parent))
    assert publishing.submit(reader, Draft(text="beside it", parent=post)).pk


def test_a_lock_reaches_to_the_bottom_of_a_very_deep_thread(post, author, moderator):
    last = post
    for _number in range(60):
        last = Post.objects.create(author=author, parent=last, root=post)
    marking.lock(post, by=moderator)
    with pytest.raises(MayNotPublish):
        publishing.submit(author, Draft(text="one more", parent=last))


@pytest.mark.parametrize("who", ["author", "reader", None])
def test_the_page_of_a_locked_thread_keeps_its_comments_and_says_why_there_is_no_form(
    request, client_for, post, reader, moderator, who
):
    user = who and request.getfixturevalue(who)
    comment = factories.make_post(author=reader, text="Stays here", parent=post)
    marking.lock(post, by=moderator)
    for address in (f"/@author/{post.pk}", f"/@reader/{comment.pk}"):
        page = read(client_for, user, address)
        assert "Stays here" in page
        assert CLOSED in page
        assert 'name="comment_on"' not in page


def test_the_form_and_the_api_refuse_a_comment_and_say_why(client_for, post, reader, moderator):
    marking.lock(post, by=moderator)
    client = client_for(reader)
    page = client.get(f"/compose?comment_on={post.pk}")
    assert (page.status_code, CLOSED in page.content.decode()) == (403, True)
    sent = client.post("/compose", {"text": "typed", "visibility": "public", "comment_on": post.pk})
    assert sent.status_code == 403
    assert CLOSED in sent.content.decode()
    assert "typed" in sent.content.decode()
    app = tokens.client_with(tokens.issue(reader, "read write"))
    answer = app.post(
        "/api/v1/statuses", {"status": "x", "in_reply_to_id": str(post.pk)}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()) == (403, {"error": CLOSED})
    assert not Post.objects.by(reader).exists()


def test_only_the_author_is_told_what_was_set(client_for, post, author, reader, moderator):
    for set_it, _lift_it in VERBS.values():
        set_it(post, by=moderator)
    address = f"/@author/{post.pk}"
    for badge in ("marked sensitive", "reach limited", "comments closed"):
        assert f">{badge}</span>" in read(client_for, author, address)
        assert f">{badge}</span>" not in read(client_for, reader, address)
    assert status_of(client_for, author, post)["parler"]["moderation"]["marks"] == [
        "labelled",
        "limited",
        "locked",
    ]
    assert "parler" not in status_of(client_for, reader, post)


def test_the_public_timeline_reads_an_index_without_what_is_limited(author, reader):
    factories.make_post(author=author)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    timeline = timelines.public(reader)
    assert isinstance(timeline, timelines.Listed)
    plan = timeline.posts.order_by("-pk")[:20].explain()
    assert "using posts_post_public" in plan
    # What the index does not hold needs no filter; of what is quoted (another name stands before the column) it says nothing.
    assert re.search(r"[^.]\blimited_at\b", plan) is None, plan
