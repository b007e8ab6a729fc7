"""An account's own pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, RefreshToken

from accounts import blocking
from accounts.models import Application, Block, Mute, User
from tests import factories


@pytest.fixture
def own(client_for: Callable[[User], Client], reader: User) -> Client:
    return client_for(reader)


def let_in(user: User, name: str = "Tusk") -> Application:
    """An app with a token of `user`."""
    application: Application = Application.objects.create(
        name=name, redirect_uris="urn:ietf:wg:oauth:2.0:oob"
    )
    token = AccessToken.objects.create(
        user=user,
        application=application,
        token=f"token-of-{user.pk}-{application.pk}",
        scope="read write",
        expires=timezone.now() + timedelta(days=1),
    )
    RefreshToken.objects.create(
        user=user, application=application, token=f"refresh-{token.pk}", access_token=token
    )
    return application


@pytest.mark.parametrize("page", ["", "/people", "/apps", "/delete"])
def test_settings_are_for_those_logged_in(client, db, page):
    response = client.get(f"/settings{page}")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/account/login/")


def test_the_hub_leads_to_every_setting(own):
    html = own.get("/settings").content.decode()
    for page in ("profile", "language", "people", "apps", "delete"):
        assert f'href="/settings/{page}"' in html


def test_the_chosen_language_is_spoken_at_once_and_remembered(own, reader):
    response = own.post("/settings/language", {"language": "de"})
    assert response.cookies["django_language"].value == "de"
    reader.refresh_from_db()
    assert reader.language == "de"
    assert '<html lang="de">' in own.get("/settings").content.decode()


def test_the_language_of_the_account_wins_over_that_of_the_browser(db, client_for):
    own = client_for(factories.make_user(language="de"))
    assert '<html lang="de">' in own.get("/settings", headers={"Accept-Language": "en"}).content.decode()


def test_who_is_not_logged_in_chooses_for_the_browser(client, db):
    client.post("/settings/language", {"language": "de"})
    assert '<html lang="de">' in client.get("/settings/language").content.decode()


def test_an_unknown_language_is_refused(own, reader):
    assert own.post("/settings/language", {"language": "xx"}).status_code == 200
    reader.refresh_from_db()
    assert reader.language == "en"


def test_a_mute_and_a_block_are_undone_from_the_list(own, reader, author, moderator):
    blocking.mute(reader, author)
    blocking.block(reader, moderator)
    html = own.get("/settings/people").content.decode()
    assert "@author" in html
    assert "@moderator_m" in html
    own.post(f"/settings/people/mutes/{Mute.objects.get().pk}/undo")
    own.post(f"/settings/people/blocks/{Block.objects.get().pk}/undo")
    assert not Mute.objects.exists()
    assert not Block.objects.exists()


def test_nobody_undoes_the_mutes_and_blocks_of_others(own, author, moderator):
    blocking.mute(author, moderator)
    blocking.block(author, moderator)
    assert own.post(f"/settings/people/mutes/{Mute.objects.get().pk}/undo").status_code == 404
    assert own.post(f"/settings/people/blocks/{Block.objects.get().pk}/undo").status_code == 404


def test_the_list_names_no_account_whose_handle_is_not_cleared(own, reader):
    blocking.mute(reader, factories.make_user("not_yet_cleared", is_cleared=False))
    html = own.get("/settings/people").content.decode()
    assert "not_yet_cleared" not in html
    assert "An account that is not shown" in html


def test_long_lists_have_pages_that_continue_where_the_last_one_ended(own, reader):
    for _number in range(51):
        blocking.mute(reader, factories.make_user(is_cleared=False))
    first = own.get("/settings/people").context["mutes"]
    rest = own.get(f"/settings/people?mutes_before={first.next}").context["mutes"]
    assert (len(first.rows), len(rest.rows), rest.next) == (50, 1, None)
    assert own.get("/settings/people?mutes_before=x&blocks_before=99999999999999999999").status_code == 200


@pytest.mark.parametrize("number", [1, 8])
def test_the_people_page_costs_the_same_for_few_and_many(own, reader, number, django_assert_max_num_queries):
    for _number in range(number):
        blocking.mute(reader, factories.make_user(is_cleared=False))
        blocking.block(reader, factories.make_user(is_cleared=False))
    own.get("/settings/people")
    with django_assert_max_num_queries(10):
        own.get("/settings/people")


def test_an_app_is_listed_with_its_scopes_and_shut_out(own, reader, author):
    application = let_in(reader)
    let_in(author, name="Of somebody else")
    html = own.get("/settings/apps").content.decode()
    assert "Tusk" in html
    assert "write" in html
    assert "Of somebody else" not in html
    own.post(f"/settings/apps/{application.pk}/revoke")
    assert not AccessToken.objects.filter(user=reader).exists()
    assert not RefreshToken.objects.filter(user=reader).exists()
    assert AccessToken.objects.filter(user=author).exists()


def test_an_app_that_one_never_let_in_is_not_there_to_shut_out(own, author):
    application = let_in(author)
    assert own.post(f"/settings/apps/{application.pk}/revoke").status_code == 404


@pytest.mark.parametrize("number", [1, 5])
def test_the_apps_page_costs_the_same_for_few_and_many(own, reader, number, django_assert_max_num_queries):
    for position in range(number):
        let_in(reader, name=f"App {position}")
    own.get("/settings/apps")
    with django_assert_max_num_queries(9):
        own.get("/settings/apps")


@pytest.mark.parametrize("address", ["people/mutes/1/undo", "people/blocks/1/undo", "apps/1/revoke"])
def test_what_changes_something_refuses_get(own, address):
    assert own.get(f"/settings/{address}").status_code == 405


@pytest.mark.parametrize("address", ["", "/people", "/apps"])
def test_what_only_shows_refuses_post(own, address):
    assert own.post(f"/settings{address}").status_code == 405
