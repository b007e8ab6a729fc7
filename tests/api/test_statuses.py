import pytest

from moderation import deciding
from moderation.measures import Measure
from parler.api.views import statuses
from posts import publishing
from posts.models import Post, Visibility
from posts.statuses import Status
from tests import factories

HELD = "Somebody should burn down the town hall"


def post_status(client, text="Good morning", **more):
    headers = more.pop("headers", None)
    return client.post(
        "/api/v1/statuses", {"status": text, **more}, content_type="application/json", headers=headers
    )


def cleared(status):
    """The id of a status, after the worker found nothing in it."""
    factories.clear(Post.objects.get(pk=status["id"]).get_latest_revision())
    return status["id"]


def test_a_new_status_waits_and_only_its_author_is_told(api, author, reader):
    answer = post_status(api(author), "Good morning")
    assert answer.status_code == 200
    status = answer.json()
    assert status["parler"]["moderation"]["state"] == "pending"
    assert status["content"].startswith("<p>Good morning</p><hr><p><i lang=")
    assert "only you can see this post" in status["content"]
    for other in (api(reader), api()):
        answer = other.get(f"/api/v1/statuses/{status['id']}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


def test_a_cleared_status_is_everybody_s_and_says_nothing_of_moderation(api, author, reader):
    pk = cleared(post_status(api(author)).json())
    for other in (api(reader), api()):
        status = other.get(f"/api/v1/statuses/{pk}/").json()
        assert status["content"] == "<p>Good morning</p>"
        assert "parler" not in status
    assert api(author).get(f"/api/v1/statuses/{pk}").json()["parler"]["moderation"]["state"] == "published"


@pytest.mark.parametrize("step", ["", "/context", "/history"])
@pytest.mark.parametrize("make", [factories.make_pending_post, factories.make_held_post])
def test_nothing_of_an_uncleared_post_is_read_by_others(api, author, reader, make, step):
    post = make(author=author, text=HELD)
    for other in (api(reader), api()):
        answer = other.get(f"/api/v1/statuses/{post.pk}{step}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


@pytest.mark.parametrize("act", ["favourite", "unfavourite", "reblog", "unreblog"])
@pytest.mark.parametrize("make", [factories.make_pending_post, factories.make_held_post])
def test_nobody_reacts_to_an_uncleared_post(api, author, reader, make, act):
    post = make(author=author, text=HELD)
    assert api(reader).post(f"/api/v1/statuses/{post.pk}/{act}").status_code == 404


def test_nobody_answers_or_quotes_an_uncleared_post(api, author, reader):
    post = factories.make_held_post(author=author)
    answer = post_status(api(reader), in_reply_to_id=str(post.pk))
    assert answer.status_code == 404
    assert answer.json()["error"] == "The post you are trying to reply to does not appear to exist."
    assert post_status(api(reader), quote_id=str(post.pk)).status_code == 404
    assert post_status(api(reader), in_reply_to_id="nonsense").status_code == 404


def test_an_uncleared_post_is_in_no_list_of_others(api, author, reader):
    api(reader).post(f"/api/v1/accounts/{author.pk}/follow")
    thread = factories.make_post(author=reader)
    factories.make_held_post(author=author, text=HELD + " #town", parent=thread)
    factories.make_pending_post(author=author, text="Wait #town")
    lists = [
        "timelines/home", "timelines/public", "timelines/tag/town", f"accounts/{author.pk}/statuses",
        f"statuses/{thread.pk}/context", f"accounts/{author.pk}", f"statuses/{thread.pk}",
    ]  # fmt: skip
    for path in lists:
        text = api(reader).get(f"/api/v1/{path}").content.decode()
        assert "burn" not in text
        assert "Wait" not in text
    assert api(reader).get(f"/api/v1/accounts/{author.pk}").json()["statuses_count"] == 0
    assert api(reader).get(f"/api/v1/statuses/{thread.pk}").json()["replies_count"] == 0


def test_an_edit_is_read_by_others_when_it_is_cleared(api, author, reader):
    pk = cleared(post_status(api(author), "first").json())
    edited = api(author).put(f"/api/v1/statuses/{pk}", {"status": "second"}, content_type="application/json")
    assert edited.status_code == 200
    assert edited.json()["parler"]["moderation"] | {"since": ""} == {
        "state": "pending", "since": "", "reasons": [], "others_see_earlier": True, "marks": [],
    }  # fmt: skip
    assert "second" in edited.json()["content"]
    assert api(reader).get(f"/api/v1/statuses/{pk}").json()["content"] == "<p>first</p>"
    assert [v["content"] for v in api(reader).get(f"/api/v1/statuses/{pk}/history").json()] == [
        "<p>first</p>"
    ]
    assert api(reader).get(f"/api/v1/statuses/{pk}/source").json()["text"] == "first"
    own = api(author).get(f"/api/v1/statuses/{pk}/history").json()
    assert [version["content"] for version in own] == ["<p>first</p>", "<p>second</p>"]
    factories.clear(Post.objects.get(pk=pk).get_latest_revision())
    after = api(reader).get(f"/api/v1/statuses/{pk}").json()
    assert after["content"] == "<p>second</p>"
    assert after["edited_at"].endswith("Z")


def test_a_post_that_was_taken_down_tells_its_author_why(api, author, moderator, reader):
    post = factories.make_held_post(author=author)
    case = post.cases.get()
    deciding.decide(
        case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V1", reason="A call."
    )
    moderation = api(author).get(f"/api/v1/statuses/{post.pk}").json()["parler"]["moderation"]
    assert moderation["state"] == "rejected"
    assert moderation["reasons"] == ["V1"]
    assert api(reader).get(f"/api/v1/statuses/{post.pk}").status_code == 404
    edit = api(author).put(f"/api/v1/statuses/{post.pk}", {"status": "x"}, content_type="application/json")
    assert edit.status_code == 422


def test_withdrawing_gives_the_text_back(api, author, reader):
    pk = cleared(post_status(api(author), "take @reader back").json())
    assert api(reader).delete(f"/api/v1/statuses/{pk}").status_code == 404
    answer = api(author).delete(f"/api/v1/statuses/{pk}")
    assert answer.json()["text"] == "take @reader back"
    assert api(author).get(f"/api/v1/statuses/{pk}").status_code == 404
    assert api(author).delete(f"/api/v1/statuses/{pk}").status_code == 404


def test_the_same_key_gives_the_same_status(api, author):
    client = api(author)
    first = post_status(client, "once", headers={"Idempotency-Key": "k"}).json()
    again = post_status(client, "once", headers={"Idempotency-Key": "k"}).json()
    other = post_status(client, "once", headers={"Idempotency-Key": "l"}).json()
    assert first["id"] == again["id"] != other["id"]
    assert post_status(client, "x", headers={"Idempotency-Key": "k" * 201}).status_code == 422


def test_a_reply_a_mention_and_a_hashtag_are_told(api, author, reader):
    parent = factories.make_post(author=author)
    answer = post_status(
        api(reader), "@author yes #Town", in_reply_to_id=str(parent.pk), spoiler_text="hm", language="en"
    )
    status = api().get(f"/api/v1/statuses/{cleared(answer.json())}").json()
    assert status["in_reply_to_id"] == str(parent.pk)
    assert status["in_reply_to_account_id"] == str(author.pk)
    assert status["mentions"] == [
        {"id": str(author.pk), "username": "author", "acct": "author", "url": "http://testserver/@author"}
    ]
    assert status["tags"] == [{"name": "town", "url": "http://testserver/tags/town"}]
    assert '<a href="http://testserver/@author"' in status["content"]
    assert (status["spoiler_text"], status["sensitive"], status["language"]) == ("hm", True, "en")
    context = api().get(f"/api/v1/statuses/{parent.pk}/context").json()
    assert [reply["id"] for reply in context["descendants"]] == [status["id"]]
    context = api().get(f"/api/v1/statuses/{status['id']}/context").json()
    assert [above["id"] for above in context["ancestors"]] == [str(parent.pk)]


@pytest.mark.parametrize(
    ("asked", "stored", "answered"),
    [
        ("public", Visibility.PUBLIC, "public"),
        ("unlisted", Visibility.PUBLIC, "public"),
        ("private", Visibility.FOLLOWERS, "private"),
        ("direct", Visibility.MENTIONED, "direct"),
    ],
)
def test_visibilities_are_translated(api, author, reader, asked, stored, answered):
    status = post_status(api(author), visibility=asked).json()
    assert status["visibility"] == answered
    assert Post.objects.get(pk=status["id"]).visibility == stored
    cleared(status)
    seen = api(reader).get(f"/api/v1/statuses/{status['id']}").status_code
    assert seen == (200 if stored == Visibility.PUBLIC else 404)


def test_forms_with_keys_in_ruby_s_style_are_understood(api, author):
    client = api(author)
    answer = client.post("/api/v1/statuses/", {"status": "a form", "poll[options][]": ["yes", "no"]})
    assert answer.status_code == 422
    answer = client.post("/api/v1/statuses?status=a+query&language=None&in_reply_to_id=")
    assert answer.status_code == 200
    assert answer.json()["language"] is None
    answer = post_status(client, "nulls", media_ids=[], in_reply_to_id=None, poll=None, sensitive="false")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"status": ""}', b"{}", b'{"status": "\\u0000"}', b'{"status": "\\ud800"}', b'{"status": 1.5, "visibility": "x"}',
        b"[]", b"{", b"\xff", b'{"status": ["a"]}', b'{"status": "a", "media_ids": ["1"]}',
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words(api, author, body):
    answer = api(author).post("/api/v1/statuses", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert isinstance(answer.json()["error"], str)


def test_texts_that_are_too_much_are_refused(api, author):
    assert post_status(api(author), "a" * 1001).status_code == 422
    assert post_status(api(author), "a" + "\u0301" * 1000).status_code == 422
    large = post_status(api(author), "a" * 300_000)
    assert (large.status_code, large.json()) == (413, {"error": "The request is too large"})
    large = api(author).post("/api/v1/statuses", {"status": "a" * 300_000})
    assert large.status_code == 413


def test_posting_is_limited(api, author, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"post": "1/600"}
    client = api(author)
    assert post_status(client, "one").status_code == 200
    refused = post_status(client, "two")
    assert refused.status_code == 429
    assert refused.json() == {"error": "Too many requests"}
    assert refused["X-RateLimit-Remaining"] == "0"
    assert refused["X-RateLimit-Reset"].endswith("Z")
    assert int(refused["Retry-After"]) > 0


def test_an_upvote_counts_once_and_is_taken_back(api, author, reader):
    post = factories.make_post(author=author)
    client = api(reader)
    for _twice in range(2):
        status = client.post(f"/api/v1/statuses/{post.pk}/favourite").json()
        assert (status["favourited"], status["favourites_count"]) == (True, 1)
    status = client.post(f"/api/v1/statuses/{post.pk}/unfavourite").json()
    assert (status["favourited"], status["favourites_count"]) == (False, 0)


def test_an_echo_is_a_status_of_its_own(api, author, reader):
    post = factories.make_post(author=author)
    client = api(reader)
    echo = client.post(f"/api/v1/statuses/{post.pk}/reblog").json()
    assert echo["id"] != str(post.pk)
    assert echo["reblog"]["id"] == str(post.pk)
    assert echo["reblog"]["reblogged"] is True
    assert client.post(f"/api/v1/statuses/{post.pk}/reblog").json()["id"] == echo["id"]
    cleared(echo)
    assert api().get(f"/api/v1/statuses/{echo['id']}").json()["reblog"]["reblogs_count"] == 1
    undone = client.post(f"/api/v1/statuses/{echo['id']}/unreblog").json()
    assert (undone["id"], undone["reblogged"]) == (str(post.pk), False)
    assert api().get(f"/api/v1/statuses/{echo['id']}").status_code == 404


def test_a_quote_shows_what_it_quotes_as_long_as_that_is_up(api, author, reader):
    post = factories.make_post(author=author)
    pk = cleared(post_status(api(reader), "look", quote_id=str(post.pk)).json())
    quote = api().get(f"/api/v1/statuses/{pk}").json()["quote"]
    assert (quote["state"], quote["quoted_status"]["id"]) == ("accepted", str(post.pk))
    publishing.withdraw(post, by=author)
    assert api().get(f"/api/v1/statuses/{pk}").json()["quote"] == {
        "state": "unauthorized",
        "quoted_status": None,
    }


def test_one_s_own_post_is_not_echoed_before_it_is_cleared(api, author):
    post = factories.make_pending_post(author=author)
    assert post.get_latest_revision().status == Status.PENDING
    answer = api(author).post(f"/api/v1/statuses/{post.pk}/reblog")
    assert answer.status_code == 422


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "9223372036854775807", "abc", "1.5", "-1"])
def test_ids_that_are_none_are_not_found(api, author, pk):
    for client in (api(author), api()):
        answer = client.get(f"/api/v1/statuses/{pk}")
        assert (answer.status_code, answer.json()) == (404, {"error": "Record not found"})


@pytest.mark.parametrize(
    ("sent", "shown"), [("de-AT", "de"), ("KILL JEWS", None), ("kill-them", None), ("EN", "en")]
)
def test_nothing_but_a_language_is_told_as_the_language(api, author, sent, shown):
    answer = post_status(api(author), language=sent)
    assert answer.json()["language"] == shown


def test_a_history_without_end_is_told_from_its_newest_versions(api, author, monkeypatch):
    monkeypatch.setattr(statuses, "MAX_VERSIONS", 2)
    post = factories.make_post(author=author, text="Version 1")
    for number in (2, 3):
        factories.clear(publishing.edit(post, body=f"Version {number}", warning="", by=author))
    told = api().get(f"/api/v1/statuses/{post.pk}/history").json()
    assert [version["content"] for version in told] == ["<p>Version 2</p>", "<p>Version 3</p>"]
