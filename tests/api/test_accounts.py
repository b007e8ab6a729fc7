import pytest

from accounts import following
from parler.api.entities import accounts
from posts import presenting
from tests import factories
from tests.api import tokens


def test_one_s_own_account_has_its_source(api, author):
    presenting.present(author, name="The Author", biography="I write.")
    answer = api(author, "profile").get("/api/v1/accounts/verify_credentials/")
    account = answer.json()
    assert (account["username"], account["display_name"], account["note"]) == ("author", "author", "")
    assert account["source"]["note"] == "I write."
    assert account["created_at"].endswith("T00:00:00.000Z")


def test_a_name_is_read_by_others_when_it_is_cleared(api, author, reader):
    revision = presenting.present(author, name="The Author", biography="See #town")
    assert "The Author" not in api(reader).get(f"/api/v1/accounts/{author.pk}").content.decode()
    factories.clear(revision)
    account = api().get(f"/api/v1/accounts/{author.pk}").json()
    assert account["display_name"] == "The Author"
    assert 'href="http://testserver/tags/town"' in account["note"]
    assert "source" not in account


def test_an_account_whose_handle_is_not_cleared_is_not_there(api, reader):
    newcomer = factories.make_user("newcomer", is_cleared=False)
    for path in (str(newcomer.pk), "lookup?acct=newcomer", f"{newcomer.pk}/statuses"):
        assert api(reader).get(f"/api/v1/accounts/{path}").status_code == 404
    assert api(newcomer).get("/api/v1/accounts/verify_credentials").status_code == 200
    assert api(reader).post(f"/api/v1/accounts/{newcomer.pk}/follow").status_code == 404


@pytest.mark.parametrize("name", ["author", "@author", "AUTHOR", "author@testserver", "@Author@TestServer"])
def test_a_handle_is_found_in_every_form(api, author, name):
    assert api().get("/api/v1/accounts/lookup", {"acct": name}).json()["id"] == str(author.pk)


@pytest.mark.parametrize("name", ["author@elsewhere.example", "nobody", "@", "au\x00thor"])
def test_what_is_no_handle_here_is_not_found(api, author, name):
    assert api().get("/api/v1/accounts/lookup", {"acct": name}).status_code in (400, 404, 422)


def test_following_muting_and_blocking_hold_at_once_and_are_undone(api, author, reader):
    client = api(reader)

    def act(verb):
        return client.post(f"/api/v1/accounts/{author.pk}/{verb}").json()

    assert act("follow")["following"] is True
    assert client.get(f"/api/v1/accounts/{author.pk}").json()["followers_count"] == 1
    assert act("mute")["muting"] is True
    assert act("unmute")["muting"] is False
    assert act("unfollow")["following"] is False
    assert act("block")["blocking"] is True
    assert client.get(f"/api/v1/accounts/{author.pk}").status_code == 404
    assert api(author).get(f"/api/v1/accounts/{reader.pk}").status_code == 404
    relationship = client.get(f"/api/v1/accounts/relationships?id[]={author.pk}").json()
    assert relationship[0]["blocking"] is True
    assert act("unblock")["blocking"] is False
    assert client.get(f"/api/v1/accounts/{author.pk}").status_code == 200


def test_one_does_not_follow_oneself(api, author):
    answer = api(author).post(f"/api/v1/accounts/{author.pk}/follow")
    assert answer.status_code == 403
    assert "error" in answer.json()


def test_relationships_keep_the_order_asked_for(api, author, reader, moderator):
    asked = [moderator.pk, author.pk]
    query = "&".join(f"id[]={pk}" for pk in [*asked, 12345])
    answer = api(reader).get(f"/api/v1/accounts/relationships?{query}").json()
    assert [one["id"] for one in answer] == [str(pk) for pk in asked]
    assert api(reader).get(f"/api/v1/accounts/relationships?id={author.pk}").json()[0]["id"] == str(author.pk)


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        ("read", "get", "accounts/verify_credentials", 200),
        ("read:accounts", "get", "accounts/verify_credentials", 200),
        ("profile", "get", "accounts/verify_credentials", 200),
        ("write", "get", "accounts/verify_credentials", 403),
        ("read:statuses", "get", "timelines/home", 200),
        ("read:accounts", "get", "timelines/home", 403),
        ("read:accounts", "get", "timelines/public", 403),
        ("follow", "post", "accounts/{}/follow", 200),
        ("write:follows", "post", "accounts/{}/follow", 200),
        ("write:statuses", "post", "accounts/{}/follow", 403),
        ("follow", "post", "accounts/{}/block", 200),
        ("read", "post", "statuses", 403),
        ("write:favourites", "post", "reports", 403),
    ],
)
def test_a_token_does_what_its_scopes_say(api, author, *, scopes, method, path, status):
    answer = getattr(api(factories.make_user(), scopes), method)(f"/api/v1/{path.format(author.pk)}")
    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"error": "This action is outside the authorized scopes"}


def test_an_app_alone_is_no_person(author):
    client = tokens.client_with(tokens.issue(None))
    answer = client.get("/api/v1/accounts/verify_credentials")
    assert answer.status_code == 422
    assert answer.json() == {"error": "This method requires an authenticated user"}
    assert client.get(f"/api/v1/accounts/{author.pk}").status_code == 200


def test_a_cookie_is_no_credential(author, client_for):
    client = client_for(author)
    assert client.get("/api/v1/accounts/verify_credentials").status_code == 401
    assert client.post("/api/v1/statuses", {"status": "x"}).status_code == 401


def test_preferences_name_the_language(api, author):
    assert api(author).get("/api/v1/preferences").json()["posting:default:language"] == "en"


def test_counts_stop_somewhere_and_leave_out_who_is_not_there(api, author, monkeypatch):
    monkeypatch.setattr(accounts, "MOST_COUNTED", 2)
    address = f"/api/v1/accounts/{author.pk}"
    following.follow(factories.make_user(is_cleared=False), author)
    following.follow(author, factories.make_user())
    account = api().get(address).json()
    assert (account["followers_count"], account["following_count"], account["statuses_count"]) == (0, 1, 0)
    for _number in range(3):
        following.follow(factories.make_user(), author)
        factories.make_post(author=author)
    account = api().get(address).json()
    assert (account["followers_count"], account["following_count"], account["statuses_count"]) == (2, 1, 2)
