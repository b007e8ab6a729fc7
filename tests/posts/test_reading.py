"""The pages on which people read, asked for over HTTP."""

import pytest

from accounts import blocking, following
from posts import presenting, publishing
from posts.models import Visibility
from posts.publishing import Draft
from tests import factories

SECRET = "Zebrafish"


def body(response):
    return response.content.decode()


def addresses_of(post):
    handle = post.author.handle
    base = f"/@{handle}/{post.pk}"
    return [
        "/explore",
        "/tags/secret",
        f"/@{handle}",
        f"/@{handle}?comments=1",
        base,
        f"{base}/card",
        f"{base}/history",
    ]


def withdrawn_post(author, text):
    post = factories.make_post(author=author, text=text)
    return publishing.withdraw(post, by=author)


def edited_post(author, text):
    """A post whose newest version waits; what is shown says something else."""
    post = factories.make_post(author=author, text="harmless")
    publishing.edit(post, body=text, warning=text, by=author)
    return post


HIDDEN = {
    "pending": lambda author, text: factories.make_pending_post(author=author, text=text, warning=text),
    "held": lambda author, text: factories.make_held_post(author=author, text=text),
    "withdrawn": withdrawn_post,
    "edited": edited_post,
}


@pytest.mark.parametrize("state", HIDDEN)
def test_what_is_not_cleared_appears_on_no_page_of_others(state, author, reader, client_for):
    following.follow(reader, author)
    post = HIDDEN[state](author, f"{SECRET} #secret")
    quoting = factories.make_user("quoting")
    target = post if post.shown_id else None
    factories.make_post(author=quoting, text="look", echoed=target)
    for who in (reader, None):
        client = client_for(who)
        for address in [*addresses_of(post), "/", "/@quoting", *(["/home"] if who else [])]:
            response = client.get(address)
            assert SECRET not in body(response), (state, who, address)
            if state != "edited" and address.startswith(f"/@author/{post.pk}"):
                assert response.status_code == 404


@pytest.mark.parametrize("state", ["pending", "held"])
def test_what_is_not_cleared_is_in_no_count(state, author, reader, client_for):
    post = factories.make_post(author=author)
    comment = HIDDEN[state](reader, SECRET)
    client = client_for()
    assert "<strong>1</strong> posts" in body(client.get("/@author"))
    assert "<strong>0</strong> posts" in body(client.get("/@reader"))
    publishing.submit(reader, Draft(text=SECRET, parent=post))
    page = body(client.get(f"/@author/{post.pk}"))
    assert "No comments yet." in page
    assert comment.pk != post.pk


def test_authors_see_what_becomes_of_their_posts(author, client_for):
    client = client_for(author)
    pending = factories.make_pending_post(author=author, text="first")
    page = body(client.get(f"/@author/{pending.pk}"))
    assert "being checked" in page
    assert 'hx-trigger="every 1s"' in page
    assert "Reload" in page
    held = factories.make_held_post(author=author)
    card = body(client.get(f"/@author/{held.pk}/card"))
    assert "held for review" in card
    assert "A person will look at it." in card
    assert "hx-trigger" not in card


def test_authors_read_where_the_reasons_are_when_a_post_is_taken_down(author, moderator, reader, client_for):
    post = factories.make_post(author=author)
    publishing.take_down(post.get_latest_revision(), by=moderator)
    card = body(client_for(author).get(f"/@author/{post.pk}/card"))
    assert "taken down" in card
    assert 'href="/statements"' in card
    assert client_for(reader).get(f"/@author/{post.pk}").status_code == 404


def test_the_author_of_an_edited_post_is_told_what_others_see(author, reader, client_for):
    post = edited_post(author, "new words")
    own = body(client_for(author).get(f"/@author/{post.pk}"))
    assert "new words" in own
    assert "Others still see the earlier version." in own
    other = body(client_for(reader).get(f"/@author/{post.pk}"))
    assert "harmless" in other
    assert "earlier version" not in other


def test_history_shows_cleared_versions_only(author, reader, client_for):
    post = factories.make_post(author=author, text="first words")
    publishing.edit(post, body="second words", warning="", by=author)
    factories.clear(post.get_latest_revision())
    publishing.edit(post, body="third words", warning="", by=author)
    for who in (reader, author, None):
        page = body(client_for(who).get(f"/@author/{post.pk}/history"))
        assert "first words" in page
        assert "second words" in page
        assert "third words" not in page


def test_blocked_people_find_nothing_of_each_other(author, reader, client_for):
    post = factories.make_post(author=author, text=f"{SECRET} #secret")
    blocking.block(author, reader)
    for address in addresses_of(post):
        assert SECRET not in body(client_for(reader).get(address))
    client = client_for(reader)
    for address in ("/@author", "/@author/followers", f"/@author/{post.pk}", f"/@author/{post.pk}/history"):
        assert client.get(address).status_code == 404
    factories.make_post(author=reader, text="back")
    assert client_for(author).get("/@reader").status_code == 404


def test_muted_people_are_left_out_of_timelines_but_can_be_visited(author, reader, client_for):
    post = factories.make_post(author=author, text=f"{SECRET} #secret")
    following.follow(reader, author)
    blocking.mute(reader, author)
    client = client_for(reader)
    for address in ("/home", "/explore", "/tags/secret"):
        assert SECRET not in body(client.get(address))
    for address in ("/@author", f"/@author/{post.pk}"):
        assert SECRET in body(client.get(address))


def test_posts_for_followers_are_for_followers(author, reader, client_for):
    post = factories.make_post(author=author, text=SECRET, visibility=Visibility.FOLLOWERS)
    address = f"/@author/{post.pk}"
    assert client_for().get(address).status_code == 404
    assert client_for(reader).get(address).status_code == 404
    following.follow(reader, author)
    assert SECRET in body(client_for(reader).get(address))
    assert SECRET in body(client_for(reader).get("/home"))


def test_a_person_whose_handle_is_not_cleared_is_there_for_themselves_only(reader, client_for):
    newcomer = factories.make_user("newcomer", is_cleared=False)
    following.follow(newcomer, reader)
    for who in (reader, None):
        assert client_for(who).get("/@newcomer").status_code == 404
        assert "newcomer" not in body(client_for(who).get("/@reader/followers"))
        assert "<strong>0</strong> followers" in body(client_for(who).get("/@reader"))
    assert "being checked" in body(client_for(newcomer).get("/@newcomer"))


def test_a_name_that_waits_is_shown_to_its_owner_only(author, reader, client_for):
    factories.make_post(author=author)
    presenting.present(author, name=SECRET, biography=SECRET)
    for address in ("/@author", "/explore"):
        assert SECRET not in body(client_for(reader).get(address))
    page = body(client_for(author).get("/@author"))
    assert SECRET in page
    assert "being checked" in page


def test_a_quote_of_something_withdrawn_says_so(author, reader, client_for):
    post = factories.make_post(author=author, text=SECRET)
    factories.make_post(author=reader, text="look at this", echoed=post)
    assert SECRET in body(client_for().get("/@reader"))
    publishing.withdraw(post, by=author)
    page = body(client_for().get("/@reader"))
    assert SECRET not in page
    assert "The quoted post is not available." in page


def test_an_echo_leads_to_what_it_echoes(author, reader, client_for):
    post = factories.make_post(author=author, text="original")
    echo = factories.make_post(author=reader, text="", echoed=post)
    assert client_for().get(f"/@reader/{echo.pk}").headers["Location"] == f"/@author/{post.pk}"
    assert "echoed" in body(client_for().get("/@reader"))


def test_the_front_page_is_for_strangers(author, client_for):
    factories.make_post(author=author, text="hello world")
    page = body(client_for().get("/"))
    assert "hello world" in page
    assert "Sign up" in page
    assert client_for(author).get("/").headers["Location"] == "/home"
    assert client_for().get("/home").headers["Location"].startswith("/account/login")


def test_empty_pages_say_so(author, client_for):
    client = client_for(author)
    for address in (
        "/home",
        "/explore",
        "/tags/nothing",
        "/@author",
        "/@author/followers",
        "/@author/following",
    ):
        assert 'class="empty"' in body(client.get(address)), address


def test_pages_of_posts_are_linked(author, client_for):
    for number in range(25):
        factories.make_post(author=author, text=f"number {number};")
    client = client_for()
    first = client.get("/explore")
    oldest = first.context["page"].next_max_id
    assert f'rel="next" href="?max_id={oldest}"' in body(first)
    second = client.get(f"/explore?max_id={oldest}")
    assert "number 4;" in body(second)
    assert "number 5;" not in body(second)
    assert 'rel="prev"' in body(second)
    assert 'rel="next"' not in body(second)
    part = client.get(f"/explore?max_id={oldest}", headers={"HX-Request": "true"})
    assert "<html" not in body(part)
    assert "number 4;" in body(part)
    comments = client.get("/@author?comments=1")
    assert f"?comments=1&amp;max_id={oldest}" in body(comments)


@pytest.mark.parametrize(
    "query",
    ["max_id=x", "max_id=-1", "max_id=1e3", "min_id=%00", "max_id=9999999999999999999", "min_id=٣"],
)
def test_a_bound_that_is_no_id_is_not_found(author, client_for, query):
    for address in ("/explore", "/@author", "/@author/followers"):
        if address != "/@author/followers" or query.startswith("max"):
            assert client_for().get(f"{address}?{query}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/@nobody",
        "/@author/1",
        "/@author/99999999999999999999999",
        "/@author%00",
        "/@author/1/history",
        "/tags/a%00b",
        "/@%ff",
        "/tags/%ED%A0%80",
    ],
)
def test_what_is_not_there_is_not_found(author, client_for, address):
    assert client_for(author).get(address).status_code == 404


def test_a_post_is_found_below_its_author_only(author, reader, client_for):
    post = factories.make_post(author=author)
    assert client_for().get(f"/@reader/{post.pk}").status_code == 404
    assert client_for().get(f"/@AUTHOR/{post.pk}").status_code == 200


def test_a_warning_hides_the_text_until_it_is_opened(author, client_for):
    post = factories.make_post(author=author, text="the end", warning="Spoiler")
    assert "<summary>Spoiler</summary>" in body(client_for().get(f"/@author/{post.pk}"))


def test_markup_in_a_post_is_text(author, client_for):
    text = "<script>alert(1)</script> & <b>bold</b>"
    post = factories.make_post(author=author, text=text, warning="<img src=x>")
    presenting.present(author, name="<i>me</i>", biography="<u>")
    factories.clear(author.profile.get_latest_revision())
    for address in (f"/@author/{post.pk}", "/@author", f"/@author/{post.pk}/history"):
        page = body(client_for().get(address))
        assert not {"<script>alert", "<b>bold", "<i>me", "<img src=x"} & {
            part for part in ("<script>alert", "<b>bold", "<i>me", "<img src=x") if part in page
        }


def test_comments_come_in_parts(author, client_for, monkeypatch):
    monkeypatch.setattr("posts.threads.MAX_COMMENTS", 1)
    post = factories.make_post(author=author)
    first = factories.make_post(author=author, text="first comment", parent=post)
    factories.make_post(author=author, text="second comment", parent=post)
    client = client_for()
    page = body(client.get(f"/@author/{post.pk}"))
    assert "second comment" not in page
    assert f"?after={first.pk}" in page
    part = body(client.get(f"/@author/{post.pk}?after={first.pk}", headers={"HX-Request": "true"}))
    assert "second comment" in part
    assert "<html" not in part


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_of_queries_of_a_page_does_not_grow(
    author, reader, client_for, count, django_assert_max_num_queries
):
    following.follow(reader, author)
    post = factories.make_post(author=author, text="#tag")
    for number in range(count):
        person = factories.make_user()
        following.follow(person, author)
        factories.make_post(author=author, text=f"#tag {number}", echoed=post)
        factories.make_post(author=person, text=f"#tag {number}", parent=post)
        factories.make_post(author=reader, text=f"#tag {number}")
    client = client_for(reader)
    client.get("/home")
    limits = {
        "/home": 8,
        "/explore": 7,
        "/tags/tag": 8,
        "/@author": 12,
        "/@author?comments=1": 12,
        "/@author/followers": 4,
        "/@author/following": 4,
        f"/@author/{post.pk}": 12,
        f"/@author/{post.pk}/history": 7,
        f"/@author/{post.pk}/card": 6,
    }
    for address, limit in limits.items():
        with django_assert_max_num_queries(limit, info=address):
            assert client.get(address).status_code == 200
    with django_assert_max_num_queries(4):
        client_for().get("/")
