import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from posts import publishing, reacting
from tests import factories

# Finding the token; `posts.timelines` says how many of its own a page takes.
AUTHENTICATION = 1
MOST_FOR_HOME = 8


def ids(answer) -> list[str]:
    return [status["id"] for status in answer.json()]


def links(answer) -> dict[str, str]:
    return {
        rel: address
        for address, rel in re.findall(r'<http://testserver([^>]+)>; rel="(\w+)"', answer.get("Link", ""))
    }


@pytest.fixture
def followed(api, author, reader):
    api(reader).post(f"/api/v1/accounts/{author.pk}/follow")
    return author


def test_home_has_what_is_followed_newest_first(api, followed, reader, moderator):
    first, second = (factories.make_post(author=followed) for _number in range(2))
    factories.make_post(author=moderator)
    assert ids(api(reader).get("/api/v1/timelines/home")) == [str(second.pk), str(first.pk)]


def test_home_is_nobody_s_without_a_token(api):
    answer = api().get("/api/v1/timelines/home")
    assert answer.status_code == 401
    assert answer.json() == {"error": "The access token is invalid"}
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_muted_author_is_not_in_home(api, followed, reader):
    factories.make_post(author=followed)
    api(reader).post(f"/api/v1/accounts/{followed.pk}/mute")
    assert ids(api(reader).get("/api/v1/timelines/home")) == []


def test_pages_are_linked_to_older_and_newer_ones(api, author):
    posts = [str(factories.make_post(author=author).pk) for _number in range(5)]
    newest = api().get("/api/v1/timelines/public?limit=2&local=true")
    assert ids(newest) == posts[:2:-1]
    assert newest["Link"].index('rel="next"') < newest["Link"].index('rel="prev"')
    older = api().get(links(newest)["next"])
    assert "local=true" in links(newest)["next"]
    assert ids(older) == [posts[2], posts[1]]
    assert ids(api().get(links(older)["prev"])) == [posts[4], posts[3]]
    assert ids(api().get(f"/api/v1/timelines/public?since_id={posts[0]}&limit=2")) == [posts[4], posts[3]]
    assert ids(api().get(f"/api/v1/timelines/public?min_id={posts[0]}&limit=2")) == [posts[2], posts[1]]
    assert not api().get(f"/api/v1/timelines/public?max_id={posts[0]}").get("Link")


@pytest.mark.parametrize("limit", ["0", "1000", "abc", "-1", "99999999999999999999999", ""])
def test_a_limit_is_brought_into_bounds(api, author, limit):
    factories.make_post(author=author)
    assert len(ids(api().get(f"/api/v1/timelines/public?limit={limit}"))) == 1


def test_public_has_no_comments_and_a_hashtag_s_timeline_has(api, author, reader):
    post = factories.make_post(author=author, text="one #Town")
    comment = factories.make_post(author=reader, text="two #town", parent=post)
    assert ids(api().get("/api/v1/timelines/public")) == [str(post.pk)]
    assert ids(api().get("/api/v1/timelines/tag/TOWN/")) == [str(comment.pk), str(post.pk)]
    assert ids(api().get("/api/v1/timelines/public?remote=true")) == []


def test_what_somebody_posted_can_be_narrowed(api, author, reader):
    post = factories.make_post(author=author, text="one #town")
    comment = factories.make_post(author=author, parent=post)
    other = factories.make_post(author=reader)
    echo = publishing.submit(author, publishing.Draft(echoed=other))
    factories.clear(echo.get_latest_revision())
    path = f"/api/v1/accounts/{author.pk}/statuses"
    assert ids(api().get(path)) == [str(echo.pk), str(comment.pk), str(post.pk)]
    assert ids(api().get(path + "?exclude_replies=True")) == [str(echo.pk), str(post.pk)]
    assert ids(api().get(path + "?exclude_reblogs=1")) == [str(comment.pk), str(post.pk)]
    assert ids(api().get(path + "?tagged=town")) == [str(post.pk)]
    assert ids(api().get(path + "?pinned=true")) == []


def _world(followed, reader, number):
    """Posts with everything that costs a question: mentions, hashtags, echoes, quotes, comments, upvotes."""
    for _round in range(number):
        post = factories.make_post(author=followed, text="Hello @reader #town")
        comment = factories.make_post(author=reader, text="Hello #you", parent=post)
        factories.make_post(author=followed, text="A quote", echoed=comment)
        echo = publishing.submit(followed, publishing.Draft(echoed=comment))
        factories.clear(echo.get_latest_revision())
        reacting.upvote(post, by=reader)


@pytest.mark.parametrize("path", ["home", "public", "tag/town"])
def test_the_number_of_questions_does_not_grow_with_the_page(api, followed, reader, path):
    client = api(reader)
    counts = []
    for number in (1, 4):
        _world(followed, reader, number)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/api/v1/timelines/{path}")
        assert answer.status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0]
    assert counts[0] - AUTHENTICATION <= MOST_FOR_HOME, [query["sql"] for query in asked.captured_queries]
