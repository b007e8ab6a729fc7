"""Writing, reacting and presenting oneself through HTTP."""

import re

import pytest
from django.test import Client

from accounts import blocking, following
from accounts.models import Follow, Mute, User
from posts import publishing
from posts.models import Kind, Post, Upvote, Visibility
from posts.publishing import Draft
from posts.statuses import Status
from tests import factories


def body(response):
    return response.content.decode()


def filled(**fields):
    return {"text": "Good morning", "visibility": "public", "language": "en", **fields}


def key_of_the_form(client: Client) -> str:
    found = re.search(r'name="key" value="([^"]+)"', body(client.get("/home")))
    assert found
    return found[1]


def signed_in_client(user: User, **options) -> Client:
    client = Client(**options)
    client.force_login(user, backend="accounts.backends.RoleBackend")
    return client


def test_a_post_is_accepted_and_waits(author, client_for):
    response = client_for(author).post("/compose", filled(warning="Mornings", visibility="followers"))
    post = Post.objects.get()
    assert response.headers["Location"] == f"/@author/{post.pk}#post-{post.pk}"
    revision = post.get_latest_revision()
    assert (revision.text, revision.heading, revision.language) == ("Good morning", "Mornings", "en")
    assert (post.visibility, revision.status) == (Visibility.FOLLOWERS, Status.PENDING)
    assert "being checked" in body(client_for(author).get("/home"))


def test_a_form_sent_twice_makes_one_post(author, client_for):
    client = client_for(author)
    key = key_of_the_form(client)
    answers = {client.post("/compose", filled(key=key)).headers["Location"] for _time in range(2)}
    assert len(answers) == 1
    assert Post.objects.count() == 1
    client.post("/compose", filled(key=key_of_the_form(client)))
    assert Post.objects.count() == 2


def test_a_comment_and_a_quote_name_what_they_answer(author, reader, client_for):
    post = factories.make_post(author=author, text="the original")
    client = client_for(reader)
    for name in ("comment_on", "quote"):
        page = body(client.get(f"/compose?{name}={post.pk}"))
        assert "the original" in page
        assert f'name="{name}" value="{post.pk}"' in page
        client.post("/compose", filled(text=name, **{name: post.pk}))
    comment, quote = Post.objects.by(reader).order_by("pk")
    assert (comment.parent, comment.echoed) == (post, None)
    assert (quote.parent, quote.echoed, quote.kind) == (None, post, Kind.POST)


def test_one_answers_only_what_one_may_see(author, reader, client_for):
    hidden = factories.make_held_post(author=author, text="Zebrafish")
    client = client_for(reader)
    for name in ("comment_on", "quote"):
        assert "Zebrafish" not in body(client.get(f"/compose?{name}={hidden.pk}"))
        response = client.post("/compose", filled(**{name: hidden.pk}))
        assert response.status_code == 422
        assert "not to be seen any more" in body(response)
        assert "Zebrafish" not in body(response)
    assert not Post.objects.by(reader).exists()


def test_a_quote_needs_a_text_of_its_own_or_is_an_echo(author, reader, client_for):
    post = factories.make_post(author=author)
    client_for(reader).post("/compose", filled(text="", quote=post.pk))
    assert Post.objects.by(reader).get().is_echo


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Write something first."),
        ({"text": "a" * 1001}, "1001 characters"),
        ({"text": "a" + "\u0301" * 1000}, "stacks too many marks"),
        ({"text": "a\x00b"}, "Null characters are not allowed."),
        ({"text": "a\x07b"}, "control characters"),
        ({"text": "a" * 30_000}, "too long"),
        ({"warning": "a" * 201}, "201 characters"),
        ({"visibility": "nobody"}, "not one of the available choices"),
        ({"comment_on": "x"}, "Enter a whole number"),
        ({"quote": "9" * 30}, "not to be seen any more"),
        ({"key": "k" * 300}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_a_post_comes_back_with_a_reason(author, client_for, fields, sentence):
    response = client_for(author).post("/compose", filled(**fields))
    assert response.status_code == 422
    assert sentence in body(response)
    assert not Post.objects.exists()


def test_a_refused_text_is_kept(author, client_for):
    response = client_for(author).post("/compose", filled(text="my long thoughts " * 100, warning="Long"))
    assert response.status_code == 422
    assert "my long thoughts my long thoughts" in body(response)
    assert 'value="Long"' in body(response)


@pytest.mark.parametrize("halves", [b"%ED%A0%80", b"%FF%FE", b"%C0%80", b"%ud800"])
def test_bytes_that_are_no_text_never_fail_the_server(author, client_for, halves):
    client = client_for(author)
    form = b"visibility=public&language=en&text=a" + halves
    response = client.post("/compose", form, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (302, 400, 422)
    if response.status_code == 302:
        assert "\ud800" not in Post.objects.get().get_latest_revision().text
        assert client.get("/home").status_code == 200


def test_a_body_of_a_megabyte_is_refused_clearly(author, client_for):
    client = client_for(author)
    urlencoded = b"visibility=public&text=" + b"a" * 1_000_000
    for response in (
        client.post("/compose", filled(text="a" * 1_000_000)),
        client.post("/compose", urlencoded, content_type="application/x-www-form-urlencoded"),
    ):
        assert response.status_code in (400, 413)
        assert "<html" in body(response)
    assert not Post.objects.exists()


def test_posting_is_limited(author, client_for, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "post": "1/600"}
    client = client_for(author)
    assert client.post("/compose", filled()).status_code == 302
    response = client.post("/compose", filled(text="again"))
    assert response.status_code == 429
    assert "Retry-After" in response.headers
    assert Post.objects.count() == 1


def test_an_account_that_may_not_publish_is_told(author, client_for):
    author.groups.clear()
    response = client_for(author).post("/compose", filled())
    assert response.status_code == 403
    assert "may not publish" in body(response)
    assert "Good morning" in body(response)


def test_an_edit_is_a_new_version(author, client_for):
    post = factories.make_post(author=author, text="first", warning="W")
    client = client_for(author)
    page = body(client.get(f"/@author/{post.pk}/edit"))
    assert "first" in page
    assert 'value="W"' in page
    response = client.post(f"/@author/{post.pk}/edit", {"text": "second", "warning": ""})
    assert response.headers["Location"] == f"/@author/{post.pk}"
    assert post.get_latest_revision().text == "second"
    refused = client.post(f"/@author/{post.pk}/edit", {"text": "b" * 1001})
    assert refused.status_code == 422
    assert "bbbb" in body(refused)
    assert client.post(f"/@author/{post.pk}/edit").status_code == 422


def test_a_post_that_was_taken_down_is_not_edited(author, moderator, client_for):
    post = factories.make_post(author=author)
    publishing.take_down(post.get_latest_revision(), by=moderator)
    response = client_for(author).post(f"/@author/{post.pk}/edit", {"text": "better"})
    assert response.status_code == 422
    assert "taken down and cannot be edited" in body(response)


def test_withdrawing_asks_first(author, reader, client_for):
    post = factories.make_post(author=author, text="regret")
    client = client_for(author)
    assert "regret" in body(client.get(f"/@author/{post.pk}/withdraw"))
    post.refresh_from_db()
    assert post.withdrawn_at is None
    assert client.post(f"/@author/{post.pk}/withdraw").headers["Location"] == "/@author"
    assert client_for(reader).get(f"/@author/{post.pk}").status_code == 404
    assert client.post(f"/@author/{post.pk}/withdraw").status_code == 404


def test_an_echo_of_something_withdrawn_can_be_withdrawn(author, reader, client_for):
    post = factories.make_post(author=author)
    echo = publishing.submit(reader, Draft(echoed=post))
    publishing.withdraw(post, by=author)
    client = client_for(reader)
    assert client.get(f"/@reader/{echo.pk}/withdraw").status_code == 200
    assert client.get(f"/@reader/{echo.pk}/edit").status_code == 404
    assert client.post(f"/@reader/{echo.pk}/withdraw").status_code == 302


@pytest.mark.parametrize("page", ["edit", "withdraw"])
def test_only_authors_change_their_posts(author, reader, client_for, page):
    post = factories.make_post(author=author)
    address = f"/@author/{post.pk}/{page}"
    for method in ("get", "post"):
        assert getattr(client_for(reader), method)(address).status_code == 404
        anonymous = getattr(client_for(), method)(address)
        assert anonymous.headers["Location"].startswith("/account/login/")


def test_an_upvote_is_given_and_taken_back(author, reader, client_for):
    post = factories.make_post(author=author)
    client = client_for(reader)
    for _time in range(2):
        response = client.post(f"/@author/{post.pk}/upvote", {"wanted": "yes", "next": "/explore"})
        assert response.headers["Location"] == "/explore"
    assert Upvote.objects.count() == 1
    card = client.post(f"/@author/{post.pk}/upvote", {"wanted": "no"}, headers={"HX-Request": "true"})
    assert 'aria-pressed="false"' in body(card)
    assert "<html" not in body(card)
    assert not Upvote.objects.exists()


def test_an_echo_is_made_and_taken_back(author, reader, client_for):
    post = factories.make_post(author=author)
    client = client_for(reader)
    for _time in range(2):
        client.post(f"/@author/{post.pk}/echo", {"wanted": "yes"})
    echo = Post.objects.by(reader).get()
    assert echo.echoed == post
    client.post(f"/@reader/{echo.pk}/upvote", {"wanted": "yes"})
    assert Upvote.objects.get().post == post
    client.post(f"/@author/{post.pk}/echo", {"wanted": "no"})
    echo.refresh_from_db()
    assert echo.withdrawn_at is not None


def test_a_post_for_few_is_not_echoed(author, reader, client_for):
    post = factories.make_post(author=author, visibility=Visibility.MENTIONED, text="psst @reader")
    response = client_for(reader).post(f"/@author/{post.pk}/echo", {"next": "/home"}, follow=True)
    assert "Only a post that everyone may see can be echoed." in body(response)
    assert not Post.objects.by(reader).exists()


@pytest.mark.parametrize("verb", ["upvote", "echo"])
def test_one_reacts_only_to_what_one_may_see(author, reader, client_for, verb):
    held = factories.make_held_post(author=author)
    assert client_for(reader).post(f"/@author/{held.pk}/{verb}").status_code == 404
    shown = factories.make_post(author=author)
    blocking.block(author, reader)
    assert client_for(reader).post(f"/@author/{shown.pk}/{verb}").status_code == 404


def test_people_are_followed_muted_and_blocked(author, reader, client_for):
    client = client_for(reader)
    assert client.post("/@author/follow").headers["Location"] == "/@author"
    assert Follow.objects.filter(follower=reader, followed=author).exists()
    assert "Unfollow" in body(client.get("/@author"))
    client.post("/@author/unfollow")
    assert not Follow.objects.exists()
    client.post("/@author/mute", {"next": "/explore"})
    assert "Unmute" in body(client.get("/@author"))
    client.post("/@author/unmute")
    assert not Mute.objects.exists()
    following.follow(reader, author)
    assert client.post("/@author/block", {"next": "/@author"}).headers["Location"] == "/home"
    assert client.get("/@author").status_code == 404
    assert not Follow.objects.exists()
    client.post("/@author/unblock")
    assert client.get("/@author").status_code == 200
    assert client.post("/@author/unblock").status_code == 404


def test_one_cannot_follow_oneself(reader, client_for):
    response = client_for(reader).post("/@reader/follow", follow=True)
    assert "You read your own posts anyway." in body(response)


def test_a_profile_is_changed_and_waits(author, client_for):
    client = client_for(author)
    response = client.post("/settings/profile", {"name": "Ada", "biography": "Engines"})
    assert response.headers["Location"] == "/@author"
    revision = author.profile.get_latest_revision()
    assert (revision.heading, revision.text, revision.status) == ("Ada", "Engines", Status.PENDING)
    assert 'value="Ada"' in body(client.get("/settings/profile"))
    refused = client.post("/settings/profile", {"name": "A" * 51, "biography": "b" * 501})
    assert refused.status_code == 422
    assert "51 characters" in body(refused)
    assert "501 characters" in body(refused)


@pytest.mark.parametrize(
    "address",
    ["follow", "unfollow", "mute", "unmute", "block", "unblock", "{pk}/upvote", "{pk}/echo"],
)
def test_what_changes_something_refuses_get_strangers_and_forged_forms(author, reader, address):
    post = factories.make_post(author=author)
    target = "/@author/" + address.format(pk=post.pk)
    assert signed_in_client(reader).get(target).status_code == 405
    assert Client().post(target).headers["Location"].startswith("/account/login/")
    assert signed_in_client(reader, enforce_csrf_checks=True).post(target).status_code == 403


@pytest.mark.parametrize(
    "address", ["/compose", "/settings/profile", "/@author/{pk}/edit", "/@author/{pk}/withdraw"]
)
def test_forms_need_their_token(author, address):
    post = factories.make_post(author=author)
    client = signed_in_client(author, enforce_csrf_checks=True)
    assert client.post(address.format(pk=post.pk), filled()).status_code == 403
    assert client.delete(address.format(pk=post.pk)).status_code in (403, 405)
    post.refresh_from_db()
    assert post.withdrawn_at is None
    assert Post.objects.count() == 1


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "javascript:alert(1)",
        "http:///example.org",
        "\x00",
    ],
)
def test_a_form_leads_back_to_this_site_only(author, reader, client_for, elsewhere):
    post = factories.make_post(author=author)
    client = client_for(reader)
    for address in (f"/@author/{post.pk}/upvote", "/@author/mute", "/compose"):
        response = client.post(address, filled(next=elsewhere))
        assert response.headers["Location"].startswith("/@")


def test_a_name_cannot_turn_the_handle_beside_it(author, client_for):
    response = client_for(author).post("/settings/profile", {"name": "Rehtua\u202e", "biography": ""})
    assert response.status_code == 422
    assert author.profile.get_latest_revision().heading == ""
