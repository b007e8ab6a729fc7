"""Reporting, statements and rules through HTTP."""

import pytest
from django.urls import reverse

from accounts.models import Block, Follow
from moderation import deciding
from moderation.measures import Measure
from moderation.models import Case, Report, Statement
from moderation.taxonomy import Allowed, Violation
from posts.models import Visibility
from tests import factories
from tests.moderation.counting import own_queries

STATEMENTS = reverse("moderation:statements")


def address(post):
    return reverse("moderation:report_post", args=[post.pk])


def test_a_post_can_be_reported_and_the_reporter_is_thanked(client_for, author, reader):
    post = factories.make_post(author=author, text="Something nasty")
    client = client_for(reader)
    assert b"Something nasty" in client.get(address(post)).content
    response = client.post(address(post), {"violation": "V6", "comment": "Mean"}, follow=True)
    assert b"Your report has reached the moderators" in response.content
    report = Report.objects.get()
    assert (report.reporter, report.violation, report.comment) == (reader, "V6", "Mean")


def test_a_profile_can_be_reported(client_for, author, reader):
    client = client_for(reader)
    where = reverse("moderation:report_profile", args=["AUTHOR"])
    assert client.get(where).status_code == 200
    client.post(where, {"violation": "", "comment": "Pretends to be me"})
    assert Case.objects.get().profile == author.profile


def test_what_is_no_handle_is_found_nowhere(client_for, reader):
    assert client_for(reader).get("/report/profile/%00").status_code == 404


def test_a_report_needs_a_reason(client_for, author, reader):
    response = client_for(reader).post(address(factories.make_post(author=author)), {})
    assert response.status_code == 400
    assert b"Choose a reason" in response.content
    assert not Report.objects.exists()


def test_a_class_that_does_not_exist_is_refused(client_for, author, reader):
    response = client_for(reader).post(address(factories.make_post(author=author)), {"violation": "V99"})
    assert response.status_code == 400


def test_who_is_not_signed_in_logs_in_first(client_for, author):
    post = factories.make_post(author=author)
    assert client_for(None).get(address(post)).url.startswith("/account/login/")


def test_what_one_may_not_see_cannot_be_reported(client_for, author, reader):
    client = client_for(reader)
    held = factories.make_held_post(author=author)
    assert client.get(address(held)).status_code == 404
    post = factories.make_post(author=author)
    Block.objects.create(blocker=author, blocked=reader)
    assert client.post(address(post), {"violation": "V1"}).status_code == 404
    assert client.get(reverse("moderation:report_profile", args=[author.handle])).status_code == 404


def test_ones_own_text_is_refused_clearly(client_for, author):
    response = client_for(author).get(address(factories.make_post(author=author)))
    assert response.status_code == 403
    assert b"You cannot report yourself" in response.content


def test_reports_are_limited(client_for, author, reader, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "report": "1/600"}
    client = client_for(reader)
    first, second = (factories.make_post(author=author) for _n in range(2))
    assert client.post(address(first), {"violation": "V1"}).status_code == 302
    assert client.post(address(second), {"violation": "V1"}).status_code == 429
    assert Report.objects.count() == 1


@pytest.fixture
def statement(author, moderator):
    factories.make_held_post(author=author, text="I will come for you")
    deciding.decide(
        Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V3", reason="It names her."
    )
    factories.let_undo_pass()
    return Statement.objects.get()


def test_the_author_reads_the_whole_statement(client_for, author, statement):
    shown = client_for(author).get(statement.get_absolute_url()).content.decode()
    for words in (
        "We removed your post",
        "I will come for you",
        "Automated means",
        "V3, threat",
        "It names her.",
    ):
        assert words in shown
    assert "write to moderation@localhost" in shown


def test_a_statement_is_for_its_recipient_alone(client_for, reader, moderator, statement):
    for other in (reader, moderator):
        assert client_for(other).get(statement.get_absolute_url()).status_code == 404
        assert b"We removed" not in client_for(other).get(STATEMENTS).content
    assert client_for(None).get(statement.get_absolute_url()).status_code == 302


def test_without_statements_the_page_says_so(client_for, reader):
    assert (
        b"nobody has decided anything about what you published" in client_for(reader).get(STATEMENTS).content
    )


def test_statements_are_cut_into_pages_in_a_constant_number_of_queries(
    client_for, author, moderator, monkeypatch
):
    monkeypatch.setattr("moderation.views.PAGE", 2)
    client = client_for(author)
    client.get(STATEMENTS)
    with own_queries(2):  # One of them counts what is unread, for the navigation.
        client.get(STATEMENTS)
    for _number in range(5):
        post = factories.make_held_post(author=author)
        deciding.decide(Case.objects.get(post=post), Measure.CLEAR, by=moderator, version=1)
    factories.let_undo_pass()
    with own_queries(2):
        first = client.get(STATEMENTS)
    page = first.context["page"]
    seen = [*page.rows]
    while page.next:
        page = client.get(STATEMENTS, {"before": page.next}).context["page"]
        seen += page.rows
    assert seen == list(Statement.objects.order_by("-pk"))
    assert client.get(STATEMENTS, {"before": "x" * 40}).status_code == 200
    assert client.get(STATEMENTS, {"before": "9" * 40}).status_code == 200


def test_the_rules_name_every_class(client_for):
    shown = client_for(None).get(reverse("moderation:rules")).content.decode()
    for each in (*Violation, *Allowed):
        assert f'id="{each.value}"' in shown


def test_a_comment_is_reported_like_a_post(client_for, author, reader, moderator):
    post = factories.make_post(author=author)
    comment = factories.make_post(author=author, text="And you too", parent=post)
    client = client_for(reader)
    assert address(comment) in client.get(post.get_absolute_url()).content.decode()
    client.post(address(comment), {"violation": "V3"})
    case = Case.objects.get()
    assert case.post == comment
    page = reverse("admin:moderation_case_change", args=[case.pk])
    assert b"A comment" in client_for(moderator).get(page).content


def test_a_message_for_few_is_reported_by_those_who_got_it_and_by_nobody_else(client_for, author, reader):
    message = factories.make_post(
        author=author, text="I know where you live, @reader", visibility=Visibility.MENTIONED
    )
    stranger = client_for(factories.make_user("stranger"))
    assert stranger.get(address(message)).status_code == 404
    assert stranger.post(address(message), {"violation": "V3"}).status_code == 404
    assert not Case.objects.exists()
    recipient = client_for(reader)
    assert address(message) in recipient.get(message.get_absolute_url()).content.decode()
    assert recipient.post(address(message), {"violation": "V3"}).status_code == 302
    assert Case.objects.get().post == message


def test_profiles_are_reported_from_where_they_are_shown(client_for, author, reader):
    where = reverse("moderation:report_profile", args=[author.handle])
    post = factories.make_post(author=author)
    client = client_for(reader)
    for page in (author.get_absolute_url(), post.get_absolute_url(), "/explore"):
        assert where in client.get(page).content.decode()
    Follow.objects.create(follower=author, followed=reader)
    assert where in client.get(reverse("posts:followers", args=["reader"])).content.decode()
