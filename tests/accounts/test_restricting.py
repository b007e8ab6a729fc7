"""Read-only, suspended and banned accounts: what they may do, what others see of them, and how it ends by the database's clock."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts import following, restricting
from accounts.models import Restriction, User
from accounts.restricting import Restricted
from posts import presenting, publishing, reacting, timelines
from posts.models import Post, Profile
from posts.publishing import Draft
from tests import factories
from tests.api.tokens import issue

DAY = timedelta(days=1)
Kind = Restriction.Kind
HIDING = [Kind.SUSPENDED, Kind.BANNED]


def restrict(account, kind, duration=DAY):
    made = restricting.restrict(account, kind, duration=None if kind == Kind.BANNED else duration)
    account.refresh_from_db()
    return made


def end(restriction):
    """Let a restriction end by the clock of the database: nobody lifts it."""
    Restriction.objects.filter(pk=restriction.pk).update(
        since=Now() - 2 * DAY, until=Now() - timedelta(seconds=1)
    )


@pytest.fixture
def post(author):
    return factories.make_post(author=author, text="A word of mine")


VERBS = {
    "publish": lambda author, other, own: publishing.submit(author, Draft(text="More")),
    "comment": lambda author, other, own: publishing.submit(author, Draft(text="More", parent=other)),
    "echo": lambda author, other, own: publishing.submit(author, Draft(echoed=other)),
    "edit": lambda author, other, own: publishing.edit(own, body="Changed", warning="", by=author),
    "upvote": lambda author, other, own: reacting.upvote(other, by=author),
    "follow": lambda author, other, own: following.follow(author, other.author),
    "present": lambda author, other, own: presenting.present(author, name="Another", biography=""),
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("verb", VERBS)
def test_nobody_under_a_restriction_shows_something_to_others(author, reader, post, kind, verb):
    other = factories.make_post(author=reader)
    restriction = restrict(author, kind)
    with pytest.raises(Restricted):
        VERBS[verb](author, other, post)
    restricting.lift(restriction)
    VERBS[verb](author, other, post)


@pytest.mark.parametrize("kind", [Kind.READ_ONLY, Kind.SUSPENDED])
def test_it_ends_by_the_clock_of_the_database_alone(author, post, kind, time_machine):
    restriction = restrict(author, kind)
    time_machine.move_to(timezone.now() + 3 * DAY)
    with pytest.raises(Restricted):
        publishing.submit(author, Draft(text="More"))
    assert Post.objects.visible_to(AnonymousUser()).exists() == (kind == Kind.READ_ONLY)
    time_machine.move_to(timezone.now() - 9 * DAY)
    end(restriction)
    publishing.submit(author, Draft(text="More"))
    assert Post.objects.visible_to(AnonymousUser()).filter(pk=post.pk).exists()
    author.refresh_from_db()
    assert author.get_restriction() is None


def places(client, reader, author, post):
    """Where others could come across the post; the first words of it, or not."""
    token = issue(reader)
    pages = ["/explore", "/home", post.get_absolute_url(), author.get_absolute_url(), "/tags/mine"]
    api = [
        "/api/v1/timelines/public",
        "/api/v1/timelines/home",
        f"/api/v1/statuses/{post.pk}",
        f"/api/v1/accounts/{author.pk}/statuses",
        f"/api/v1/accounts/{author.pk}",
    ]
    seen = {address: b"A word" in client.get(address).content for address in pages}
    headers = {"Authorization": f"Bearer {token}"}
    return seen | {address: client.get(address, headers=headers).content for address in api}


@pytest.mark.parametrize("kind", HIDING)
def test_what_they_published_is_hidden_everywhere_and_comes_back(client_for, author, reader, kind):
    post = factories.make_post(author=author, text="A word of #mine")
    above = factories.make_post(author=reader)
    factories.make_post(author=author, text="A word below", parent=above)
    factories.make_post(author=reader, echoed=post, text="")
    following.follow(reader, author)
    client = client_for(reader)
    before = places(client, reader, author, post)
    assert all(before[page] for page in ("/explore", "/home", post.get_absolute_url(), "/tags/mine"))
    restriction = restrict(author, kind)
    hidden = places(client, reader, author, post)
    assert not any(b"A word" in (seen if isinstance(seen, bytes) else b"") for seen in hidden.values())
    assert not any(seen is True for seen in hidden.values())
    thread = client.get(above.get_absolute_url()).content
    assert b"A word below" not in thread
    assert timelines.page(timelines.home(reader), reader=reader).posts[0].author != author
    restricting.lift(restriction)
    assert places(client, reader, author, post) == before


@pytest.mark.parametrize("kind", HIDING)
def test_the_profile_says_only_that_it_is_suspended(client_for, author, reader, kind):
    factories.clear(presenting.present(author, name="The Name", biography="The biography"))
    restrict(author, kind)
    for other in (reader, None):
        response = client_for(other).get(author.get_absolute_url())
        assert response.status_code == 403
        assert b"This account is suspended" in response.content
        assert b"The Name" not in response.content
        assert b"The biography" not in response.content
    assert not Profile.objects.visible_to(reader).filter(user=author).exists()


def test_of_an_account_that_nobody_may_know_of_nothing_is_said(client_for, reader):
    unknown = factories.make_user("unknown", is_cleared=False)
    restrict(unknown, Kind.BANNED)
    assert client_for(reader).get(unknown.get_absolute_url()).status_code == 404


OPEN = [
    "/statements",
    "/notices",
    "/appeals",
    "/rules",
    "/settings",
    "/settings/delete",
    "/settings/language",
    reverse("account_logout"),
]
SHUT = ["/home", "/explore", "/compose", "/settings/profile", "/", "/@reader", "/report/profile/reader"]


@pytest.mark.parametrize("kind", HIDING)
def test_suspended_accounts_read_reasons_appeal_and_look_after_their_account(
    client_for, author, reader, kind
):
    restrict(author, kind)
    client = client_for(author)
    for address in OPEN:
        assert client.get(address).status_code in (200, 302), address
    for address in SHUT:
        response = client.get(address)
        assert response.status_code == 403, address
        assert b"others see neither it nor what you published" in response.content


def test_a_suspended_account_logs_in(client_for, author):
    restrict(author, Kind.SUSPENDED)
    client = client_for(None)
    sent = {"login": author.handle, "password": factories.PASSWORD}
    assert client.post(reverse("account_login"), sent).status_code == 302
    assert client.get("/statements").status_code == 200


def test_a_suspended_moderator_does_not_judge(client_for, moderator):
    restrict(moderator, Kind.SUSPENDED)
    assert client_for(moderator).get(reverse("admin:moderation_case_changelist")).status_code == 403


def test_read_only_accounts_read_withdraw_report_and_change_settings(client_for, author, reader, post):
    other = factories.make_post(author=reader, text="Of another")
    restrict(author, Kind.READ_ONLY)
    client = client_for(author)
    for address in ("/home", "/explore", "/settings", other.get_absolute_url(), "/statements"):
        response = client.get(address)
        assert response.status_code == 200
        assert b"Your account is read-only until" in response.content, address
    assert (
        client.post(reverse("moderation:report_post", args=[other.pk]), {"violation": "V3"}).status_code
        == 302
    )
    assert client.post(reverse("posts:withdraw", args=[author.handle, post.pk])).status_code == 302
    assert b"read-only" not in client_for(reader).get("/home").content


def test_pages_refuse_with_403_and_keep_what_was_typed(client_for, author, reader, post):
    other = factories.make_post(author=reader)
    restrict(author, Kind.READ_ONLY)
    client = client_for(author)
    written = client.post("/compose", {"text": "Long thoughts", "visibility": "public", "language": "en"})
    edited = client.post(
        reverse("posts:edit", args=[author.handle, post.pk]), {"text": "Long thoughts", "warning": ""}
    )
    for response in (written, edited):
        assert response.status_code == 403
        assert b"Long thoughts" in response.content
        assert b"Your account is read-only until" in response.content
    for name in ("upvote", "echo"):
        address = reverse(f"posts:{name}", args=[reader.handle, other.pk])
        assert client.post(address, {"wanted": "yes"}).status_code == 403
    assert client.post(reverse("posts:follow", args=[reader.handle])).status_code == 403


def test_the_refusal_names_the_end_in_the_language_of_the_reader(db, client_for):
    german = factories.make_user(language="de")
    restriction = restrict(german, Kind.READ_ONLY)
    page = client_for(german).get("/home").content.decode()
    assert "Dein Konto ist bis" in page
    assert str(restriction.until.year) in page


def test_the_api_refuses_with_403(client_for, author, reader):
    other = factories.make_post(author=reader)
    headers = {"Authorization": f"Bearer {issue(author)}"}
    client = client_for(None)
    restriction = restrict(author, Kind.READ_ONLY)
    assert client.get("/api/v1/timelines/home", headers=headers).status_code == 200
    for address, sent in (
        ("/api/v1/statuses", {"status": "More"}),
        (f"/api/v1/statuses/{other.pk}/favourite", {}),
        (f"/api/v1/accounts/{reader.pk}/follow", {}),
    ):
        response = client.post(address, sent, headers=headers)
        assert response.status_code == 403, address
        assert "read-only until" in response.json()["error"]
    restricting.lift(restriction)
    restrict(author, Kind.SUSPENDED)
    assert client.get("/api/v1/timelines/home", headers=headers).status_code == 403
    assert client.get("/api/v1/accounts/verify_credentials", headers=headers).status_code == 200


def test_the_heaviest_restriction_counts_and_the_others_go_on(author):
    lighter = restrict(author, Kind.READ_ONLY, 30 * DAY)
    heavier = restrict(author, Kind.SUSPENDED)
    assert author.get_restriction() == heavier
    restricting.lift(heavier)
    author.refresh_from_db()
    assert author.get_restriction() == lighter


# What the database keeps


@pytest.mark.parametrize("kind", Kind)
def test_saving_an_account_that_was_read_earlier_undoes_nothing(author, kind):
    stale = User.objects.get(pk=author.pk)
    restrict(author, kind)
    stale.save()
    User.objects.filter(pk=author.pk).update(hidden_until=None, read_only_until=None)
    author.refresh_from_db()
    assert author.get_restriction().kind == kind


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "banned", "until": Now() + DAY},
        {"kind": "read_only"},
        {"kind": "suspended"},
        {"kind": "suspended", "until": Now() - DAY},
        {"kind": "muted", "until": Now() + DAY},
    ],
)
def test_the_database_refuses_what_makes_no_sense(author, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.create(account=author, **fields)


def test_what_is_lifted_stays_lifted(author):
    restriction = restrict(author, Kind.BANNED)
    restricting.lift(restriction)
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.filter(pk=restriction.pk).update(lifted_at=None)


def test_a_page_without_restrictions_asks_for_none(client_for, author, django_assert_num_queries):
    client = client_for(author)
    client.get("/settings")
    with django_assert_num_queries(2):  # Who asks, with what restricts them, and what is unread.
        client.get("/settings")
