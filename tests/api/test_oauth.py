import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from oauth2_provider.models import AccessToken

from accounts.models import Application
from tests.api import tokens

VERIFIER = "a-verifier-that-is-long-enough-to-be-one-0123456789"
REDIRECTS = (
    "https://app.example/back?x=1 com.tapbots.Ivory.10217:/request_token tusky://oauth " + tokens.OUT_OF_BAND
)


@pytest.fixture
def app(db) -> Application:
    return tokens.make_application(redirect_uris=REDIRECTS)


def ask(app, redirect_uri=tokens.OUT_OF_BAND, **more):
    return {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": redirect_uri,
        "scope": "read write",
        **more,
    }


def consent(client, app, *, answer="allow", **asked):
    """What a browser does: show the page, send its hidden fields back."""
    page = client.get("/oauth/authorize", ask(app, **asked))
    assert page.status_code == 200, page.content
    fields = {name: value for name, value in page.context["form"].initial.items() if value}
    return client.post("/oauth/authorize", fields | ({"allow": "1"} if answer == "allow" else {}))


def code_of(response):
    return parse_qs(urlsplit(response["Location"]).query)["code"][0]


def exchange(app, code, *, redirect_uri, secret=tokens.SECRET, **more):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": app.client_id,
        "client_secret": secret,
        "redirect_uri": redirect_uri,
        **more,
    }
    return Client().post("/oauth/token", form)


def who(token):
    return tokens.client_with(token).get("/api/v1/accounts/verify_credentials")


@pytest.mark.parametrize("redirect_uri", REDIRECTS.split()[:-1])
def test_a_person_lets_an_app_in(app, author, client_for, redirect_uri):
    answer = consent(client_for(author), app, redirect_uri=redirect_uri, state="s t&x")
    assert answer.status_code == 302
    scheme, _colon, rest = redirect_uri.partition(":")
    assert answer["Location"].startswith(f"{scheme.lower()}:{rest}")
    assert parse_qs(urlsplit(answer["Location"]).query)["state"] == ["s t&x"]
    token = exchange(app, code_of(answer), redirect_uri=redirect_uri)
    assert token.status_code == 200, token.content
    assert token.json().keys() == {"access_token", "token_type", "scope", "created_at"}
    assert token.json()["scope"] == "read write"
    assert who(token.json()["access_token"]).json()["username"] == "author"


def test_the_code_is_shown_where_there_is_no_address_to_go_back_to(app, author, client_for):
    page = consent(client_for(author), app)
    assert page.status_code == 200
    code = page.context["code"]
    assert f'value="{code}"' in page.content.decode()
    assert exchange(app, code, redirect_uri=tokens.OUT_OF_BAND).status_code == 200


def test_a_refusal_goes_back_to_the_app(app, author, client_for):
    answer = consent(client_for(author), app, answer="refuse", redirect_uri="tusky://oauth", state="abc")
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert answer["Location"].startswith("tusky://oauth?")
    assert query == {"error": ["access_denied"], "state": ["abc"]}
    page = consent(client_for(author), app, answer="refuse")
    assert "code" not in page.context or not page.context["code"]
    assert "was not let in" in page.content.decode()


def test_consent_needs_a_log_in(app):
    answer = Client().get("/oauth/authorize/", ask(app))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


def test_the_consent_page_may_lead_to_the_app_and_nowhere_else(app, author, client_for):
    client = client_for(author)
    policy = client.get("/oauth/authorize", ask(app, "tusky://oauth"))["Content-Security-Policy"]
    assert "form-action 'self' tusky:;" in policy
    policy = client.get("/oauth/authorize", ask(app, "https://app.example/back?x=1"))[
        "Content-Security-Policy"
    ]
    assert "form-action 'self' https://app.example;" in policy
    policy = client.get("/oauth/authorize", ask(app, "https://x;script-src *"))["Content-Security-Policy"]
    assert "script-src *" not in policy


@pytest.mark.parametrize(
    "address", ["https://evil.example/back", "tusky://oauth/more", "https://app.example/back"]
)
def test_an_address_that_was_not_registered_gets_nothing(app, author, client_for, address):
    answer = client_for(author).get("/oauth/authorize", ask(app, address))
    assert answer.status_code == 400
    assert "Location" not in answer


def test_a_code_works_once_and_only_for_its_address(app, author, client_for):
    code = consent(client_for(author), app).context["code"]
    assert exchange(app, code, redirect_uri="tusky://oauth").status_code == 400
    assert exchange(app, code, redirect_uri=tokens.OUT_OF_BAND).status_code == 200
    again = exchange(app, code, redirect_uri=tokens.OUT_OF_BAND)
    assert again.status_code == 400
    assert again.json()["error"] == "invalid_grant"


def test_a_code_is_of_no_use_without_the_secret(app, author, client_for):
    code = consent(client_for(author), app).context["code"]
    refused = exchange(app, code, redirect_uri=tokens.OUT_OF_BAND, secret="wrong")
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_client"


def test_a_code_with_a_challenge_needs_its_verifier(app, author, client_for):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = consent(client_for(author), app, **asked).context["code"]
    assert exchange(app, code, redirect_uri=tokens.OUT_OF_BAND).status_code == 400
    code = consent(client_for(author), app, **asked).context["code"]
    assert exchange(app, code, redirect_uri=tokens.OUT_OF_BAND, code_verifier=VERIFIER).status_code == 200


def test_an_app_gets_parts_of_what_it_registered_and_no_more(author, client_for):
    reading = tokens.make_application(scopes="read", redirect_uris=REDIRECTS)
    page = client_for(author).get("/oauth/authorize", ask(reading, scope="read:accounts"))
    assert page.status_code == 200
    answer = client_for(author).get("/oauth/authorize", ask(reading, "tusky://oauth", scope="write"))
    assert answer["Location"].startswith("tusky://oauth?error=invalid_scope")
    page = client_for(author).get("/oauth/authorize", ask(reading, scope="write"))
    assert "was not let in" in page.content.decode()


@pytest.mark.parametrize("how", ["form", "json", "query"])
def test_an_app_gets_a_token_for_itself(app, how):
    asked = {
        "grant_type": "client_credentials",
        "client_id": app.client_id,
        "client_secret": "secret",
        "redirect_uri": tokens.OUT_OF_BAND,
    }
    match how:
        case "form":
            answer = Client().post("/oauth/token/", asked)
        case "json":
            answer = Client().post("/oauth/token", asked | {"scope": None}, content_type="application/json")
        case _:
            answer = Client().post(f"/oauth/token?{urlencode(asked)}")
    assert answer.status_code == 200, answer.content
    own = tokens.client_with(answer.json()["access_token"])
    assert own.get("/api/v1/apps/verify_credentials").json()["name"] == "An app"
    assert own.get("/api/v1/timelines/public").status_code == 200
    assert own.get("/api/v1/timelines/home").status_code == 422


def test_passwords_are_no_grant(app, author):
    form = {"grant_type": "password", "username": "author", "password": "correct horse battery staple"}
    answer = Client().post("/oauth/token", form | {"client_id": app.client_id, "client_secret": "secret"})
    assert answer.status_code == 400
    assert answer.json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"grant_type": 1}', b'{"client_id": "\\u0000"}', b"\xff"])
def test_nonsense_at_the_token_address_is_refused(app, body):
    answer = Client().post("/oauth/token", body, content_type="application/json")
    assert answer.status_code == 400
    assert "error" in answer.json()


def test_an_app_gives_its_token_back(app, author, client_for):
    code = consent(client_for(author), app).context["code"]
    token = exchange(app, code, redirect_uri=tokens.OUT_OF_BAND).json()["access_token"]
    form = {"client_id": app.client_id, "client_secret": "secret", "token": token}
    answer = Client().post("/oauth/revoke", form)
    assert (answer.status_code, answer.json()) == (200, {})
    refused = who(token)
    assert refused.status_code == 401
    assert refused.json() == {"error": "The access token is invalid"}


def test_an_app_cannot_revoke_what_another_one_holds(app, author):
    token = tokens.issue(author)
    form = {"client_id": app.client_id, "client_secret": "secret", "token": token}
    Client().post("/oauth/revoke", form)
    assert who(token).status_code == 200


def test_tokens_are_stored_as_checksums_only(app, author, client_for):
    code = consent(client_for(author), app).context["code"]
    token = exchange(app, code, redirect_uri=tokens.OUT_OF_BAND).json()["access_token"]
    stored = AccessToken.objects.get(user=author)
    assert stored.token == ""
    assert stored.token_checksum == hashlib.sha256(token.encode()).hexdigest()


def test_a_closed_account_s_token_is_refused(author):
    token = tokens.issue(author)
    author.is_active = False
    author.save()
    assert who(token).status_code == 403
    assert who(token).json() == {"error": "Your login is currently disabled"}


def test_apps_read_what_the_server_can_do(db):
    found = Client().get("/.well-known/oauth-authorization-server")
    assert found.json()["code_challenge_methods_supported"] == ["S256"]
    assert found.json()["token_endpoint"] == "http://testserver/oauth/token"
    assert found["Access-Control-Allow-Origin"] == "*"


def test_a_plain_challenge_is_refused(app, author, client_for):
    answer = client_for(author).get(
        "/oauth/authorize", ask(app, "tusky://oauth", code_challenge="a" * 43, code_challenge_method="plain")
    )
    fields = (
        {name: value for name, value in answer.context["form"].initial.items() if value}
        if answer.context
        else {}
    )
    if fields:
        answer = client_for(author).post("/oauth/authorize", fields | {"allow": "1"})
    assert "code=" not in answer.get("Location", "")


def test_a_proof_without_a_challenge_is_no_proof(app, author, client_for):
    """Somebody who strips the challenge on the way gets a code that the app, which proves what it asked for, cannot use."""
    code = consent(client_for(author), app).context["code"]
    answer = exchange(app, code, redirect_uri=tokens.OUT_OF_BAND, code_verifier=VERIFIER)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("address", ["/oauth/token", "/oauth/revoke"])
@pytest.mark.parametrize(
    "body",
    [
        '{"grant_type": "client_credentials", "client_id": "\\ud800", "client_secret": "x", "token": "x"}',
        '{"grant_type": "client_credentials", "client_id": "x", "client_secret": "\\ud800", "token": "\\ud800"}',
        "[" * 100_000,
        "\udcff",
    ],
    ids=["client", "secret", "nesting", "bytes"],
)
def test_what_no_app_would_send_is_refused(db, address, body):
    sent = body.encode(errors="surrogateescape")
    answer = Client().post(address, sent, content_type="application/json")
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize(
    "more",
    [
        {"client_id": "a\x00b"},
        {"redirect_uri": "\x00"},
        {"code_challenge": "a" * 129, "code_challenge_method": "S256"},
    ],
    ids=["client", "address", "challenge"],
)
def test_a_link_that_cannot_be_stored_is_refused(app, author, client_for, more):
    answer = client_for(author).get("/oauth/authorize", ask(app) | more)
    assert answer.status_code == 400


def test_a_code_stays_in_no_cache(app, author, client_for):
    assert "no-store" in consent(client_for(author), app)["Cache-Control"]
