"""Trusted flaggers: administrators say who they are, and what they report goes first."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from moderation import deciding, reporting
from moderation.lanes import Lane
from moderation.measures import Measure
from moderation.models import AuditRow, Case, Origin, Report, TrustedFlagger
from moderation.reporters import flagging
from moderation.reporters.flagging import MayNotFlag
from moderation.sources import Source
from posts import publishing
from tests import factories
from tests.moderation.counting import own_queries

FLAGGERS = reverse("admin:moderation_trustedflagger_changelist")
TRUST = reverse("admin:moderation_trustedflagger_trust")
QUEUE = reverse("admin:moderation_case_changelist")


def trust(account, *, by=None, until=None, organisation="Help Line"):
    return flagging.trust(account, organisation=organisation, area="threats", until=until, by=by)


@pytest.fixture
def flagger(reader):
    trust(reader)
    return reader


def test_their_reports_are_never_slower_than_manifest(author, flagger):
    reporting.report(factories.make_post(author=author), by=flagger, violation="V6")
    case = Case.objects.get()
    assert (case.lane, case.origin) == (Lane.MANIFEST, Origin.TRUSTED)
    assert case.get_source() == Source.TRUSTED_FLAGGER
    assert case.due_at - case.opened_at < timedelta(hours=24, minutes=1)


def test_imminent_harm_stays_imminent(author, flagger):
    reporting.report(factories.make_post(author=author), by=flagger, violation="V8")
    assert Case.objects.get().lane == Lane.IMMINENT


def test_they_make_an_open_case_faster_and_it_shows(author, moderator, flagger):
    post = factories.make_post(author=author)
    reporting.report(post, by=moderator, violation="V6")
    before = Case.objects.get()
    reporting.report(post, by=flagger, violation="V6")
    case = Case.objects.get()
    assert (before.lane, case.lane) == (Lane.OTHER, Lane.MANIFEST)
    assert case.due_at < before.due_at
    assert (case.origin, case.get_source()) == (Origin.TRUSTED, Source.USER_REPORT)


def test_a_held_text_stays_held_and_is_faster(author, moderator, flagger, client_for):
    post = factories.make_post(author=author)
    publishing.edit(post, body="They will see", warning="", by=author)
    factories.hold(post.get_latest_revision(), violation="V6")
    assert Case.objects.get().lane == Lane.OTHER
    reporting.report(post, by=flagger, violation="")
    case = Case.objects.get()
    assert (case.lane, case.origin, case.was_held) == (Lane.MANIFEST, Origin.SCAN, True)
    assert "trusted flagger" in client_for(moderator).get(QUEUE).content.decode()


def test_queue_and_case_say_who_reported(author, moderator, flagger, client_for):
    reporting.report(factories.make_post(author=author), by=flagger, violation="V6")
    desk = client_for(moderator)
    case = Case.objects.get()
    desk.get(QUEUE)
    with own_queries(3):
        listed = desk.get(QUEUE, {"origin": "trusted"})
    assert [row.pk for row in listed.context["rows"]] == [case.pk]
    assert "tag-trusted" in listed.content.decode()
    shown = desk.get(reverse("admin:moderation_case_change", args=[case.pk])).content.decode()
    assert "trusted flagger: Help Line" in shown


def test_a_mark_that_ran_out_or_was_taken_back_counts_no_more(author, flagger):
    mark = TrustedFlagger.objects.get()
    TrustedFlagger.objects.update(since=Now() - timedelta(days=2), until=Now() - timedelta(seconds=1))
    reporting.report(factories.make_post(author=author), by=flagger, violation="V6")
    assert Report.objects.get().flagger is None
    trust(flagger)
    assert flagging.distrust(flagger, by=None)
    assert not flagging.distrust(flagger, by=None)
    reporting.report(factories.make_post(author=author), by=flagger, violation="V6")
    assert set(Case.objects.values_list("lane", "origin")) == {(Lane.OTHER, Origin.REPORT)}
    mark.refresh_from_db()
    assert mark.ended_at is not None


def test_they_decide_nothing(author, flagger, client_for):
    post = factories.make_post(author=author)
    reporting.report(post, by=flagger, violation="V1")
    assert client_for(None).get(post.get_absolute_url()).status_code == 200
    with pytest.raises(deciding.NotAllowed):
        deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=flagger, version=1, violation="V1")


def test_giving_and_taking_stand_in_the_trail(reader, administrator):
    trust(reader, by=administrator)
    flagging.distrust(reader, by=administrator)
    rows = AuditRow.objects.order_by("pk").values_list("actor", "verb", "subject")
    account = f"account {reader.pk}"
    assert list(rows)[-2:] == [
        ("@administrator_a", "trust_flagger", account),
        ("@administrator_a", "distrust_flagger", account),
    ]


def test_a_new_mark_takes_the_place_of_the_old_one(reader, administrator):
    trust(reader, by=administrator)
    new = trust(reader, by=administrator, organisation="Another")
    assert TrustedFlagger.objects.in_force().get() == new
    with pytest.raises(IntegrityError, match="one_mark"), transaction.atomic():
        TrustedFlagger.objects.create(account=reader, organisation="Third")


def test_only_administrators_trust_and_not_themselves(reader, moderator, administrator):
    senior = factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)
    for person in (reader, moderator, senior):
        with pytest.raises(MayNotFlag):
            trust(factories.make_user(), by=person)
    with pytest.raises(MayNotFlag):
        trust(administrator, by=administrator)
    with pytest.raises(ValidationError):
        trust(reader, by=administrator, organisation=" ")
    with pytest.raises(ValidationError):
        trust(reader, by=administrator, until=timezone.now())
    assert not TrustedFlagger.objects.exists()


def test_an_administrator_trusts_on_the_desks_page(reader, administrator, client_for):
    desk = client_for(administrator)
    assert b"There is no trusted flagger." in desk.get(FLAGGERS).content
    sent = {"account": "@READER", "organisation": "Help Line", "area": "threats", "until": "2999-01-31"}
    assert desk.get(TRUST).status_code == 405
    assert b"Help Line" in desk.post(TRUST, sent, follow=True).content
    mark = TrustedFlagger.objects.get()
    assert (mark.account, mark.given_by, mark.until and mark.until.year) == (reader, administrator, 2999)
    for wrong in ({"account": "nobody_here"}, {"organisation": ""}, {"until": "2000-01-01"}):
        assert desk.post(TRUST, {**sent, **wrong}).status_code == 400
    desk.post(reverse("admin:moderation_trustedflagger_distrust", args=[mark.pk]))
    assert not TrustedFlagger.objects.in_force().exists()
    assert b"taken back" in desk.get(FLAGGERS).content


def test_moderators_see_who_is_trusted_and_change_nothing(reader, moderator, client_for):
    mark = trust(reader)
    desk = client_for(moderator)
    shown = desk.get(FLAGGERS)
    assert b"Help Line" in shown.content
    assert b"Trust an account" not in shown.content
    assert desk.post(TRUST, {"account": "reader", "organisation": "Mine"}).status_code == 403
    taken = desk.post(reverse("admin:moderation_trustedflagger_distrust", args=[mark.pk]))
    assert taken.status_code == 403
    assert TrustedFlagger.objects.in_force().get() == mark
    assert client_for(reader).get(FLAGGERS, follow=True).status_code == 403


def test_the_page_takes_the_same_number_of_queries_however_many_there_are(reader, administrator, client_for):
    desk = client_for(administrator)
    desk.get(FLAGGERS)
    with own_queries(1):
        desk.get(FLAGGERS)
    for _number in range(5):
        trust(factories.make_user(), by=administrator)
    with own_queries(1):
        assert len(desk.get(FLAGGERS).context["page"].rows) == 5


def run(*arguments):
    said = StringIO()
    call_command("trust_flagger", *arguments, stdout=said)
    return said.getvalue()


def test_an_operator_trusts_by_command(reader):
    said = run("@reader", "--organisation", "Help Line", "--until", "2999-01-31")
    assert said == "@reader reports for Help Line now.\n"
    assert TrustedFlagger.objects.in_force().get().given_by is None
    assert "no trusted flagger's account any more" in run("reader", "--end")
    with pytest.raises(CommandError, match="no trusted flagger"):
        run("reader", "--end")


def test_the_command_refuses_what_the_desk_refuses(reader, moderator):
    for arguments in (
        ("nobody_here", "--organisation", "x"),
        ("reader", "--organisation", "x", "--by", moderator.handle),
        ("reader", "--organisation", "x", "--until", "2000-01-01"),
        ("reader",),
    ):
        with pytest.raises(CommandError):
            run(*arguments)
    assert not TrustedFlagger.objects.exists()
