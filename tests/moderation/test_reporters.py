"""Reporters: how right they were, what crowds have in common, and warnings and mutes that people give and take back."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from accounts.erasing import erase
from accounts.models import Follow, User
from accounts.roles import Role
from moderation import deciding, mailing, queueing, reporting
from moderation.measures import Measure
from moderation.models import (
    AuditRow,
    Case,
    Letter,
    Report,
    ReporterMute,
    ReporterWarning,
    SetAsideReport,
)
from moderation.reporters import crowding, filing, muting
from moderation.reporters.accuracy import Accuracy, measure_accuracy
from moderation.reporters.muting import NotAllowed, NotDue
from posts import publishing
from tests import factories
from tests.moderation.counting import own_queries
from tests.moderation.racing import in_thread, wait_until_somebody_waits

STANDING = reverse("moderation:reporter_standing")
_numbers = itertools.count(1)


def report_and_decide(author, reporter, moderator, measure):
    """A report that was decided; its decision."""
    post = factories.make_post(author=author, text=f"Text number {next(_numbers)}")
    reporting.report(post, by=reporter, violation="V3")
    case = Case.objects.get(post=post)
    violation = "V3" if measure.restricts else ""
    return deciding.decide(case, measure, by=moderator, version=case.version, violation=violation)


def reject(author, reporter, moderator, times):
    for _time in range(times):
        report_and_decide(author, reporter, moderator, Measure.CLEAR)


@pytest.fixture
def noisy(author, moderator):
    """Somebody whose last reports all led to nothing."""
    person = factories.make_user("noisy")
    reject(author, person, moderator, 5)
    return person


@pytest.fixture
def muted(noisy, author, moderator):
    """Somebody who was warned, went on, and is muted."""
    muting.warn(noisy, by=moderator, reason="None of it breaks a rule.")
    reject(author, noisy, moderator, 1)
    muting.mute(noisy, by=moderator, days=7, reason="It went on.")
    return noisy


def about(person, act=""):
    return reverse(f"admin:moderation_reporterwarning_{act or 'about'}", args=[person.pk])


def test_accuracy_is_the_share_of_decided_reports_that_led_to_a_measure(author, reader, moderator):
    report_and_decide(author, reader, moderator, Measure.TAKE_DOWN)
    reject(author, reader, moderator, 3)
    reporting.report(factories.make_post(author=author), by=reader, violation="V1")
    assert measure_accuracy([reader.pk]) == {reader.pk: Accuracy(decided=4, led=1, recent=4, rejected=3)}


def test_a_measure_that_was_overturned_does_not_count(author, reader, moderator):
    reject(author, reader, moderator, 1)
    removal = report_and_decide(author, reader, moderator, Measure.TAKE_DOWN)
    deciding.overturn(removal, by=moderator)
    assert measure_accuracy([reader.pk])[reader.pk] == Accuracy(decided=1, led=0, recent=1, rejected=1)


def test_a_reporter_whose_appeal_was_granted_was_right(author, reader, moderator):
    decision = report_and_decide(author, reader, moderator, Measure.CLEAR)
    report = decision.case.reports.get()
    deciding.remove_after_all(decision, by=moderator, violation="V3", reason="It is.", report=report)
    assert measure_accuracy([reader.pk])[reader.pk].led == 1


def test_of_whom_nothing_was_decided_nothing_is_known(author, reader):
    reporting.report(factories.make_post(author=author), by=reader, violation="V1")
    assert measure_accuracy([reader.pk]) == {}


def test_five_of_the_last_six_make_a_record_poor(author, reader, moderator):
    reject(author, reader, moderator, 4)
    report_and_decide(author, reader, moderator, Measure.TAKE_DOWN)
    assert not measure_accuracy([reader.pk])[reader.pk].is_poor
    reject(author, reader, moderator, 1)
    assert measure_accuracy([reader.pk])[reader.pk].is_poor
    report_and_decide(author, reader, moderator, Measure.TAKE_DOWN)
    assert not measure_accuracy([reader.pk])[reader.pk].is_poor


def test_the_page_of_a_case_shows_accuracy_in_as_many_queries_for_many_as_for_few(
    client_for, author, reader, moderator
):
    report_and_decide(author, reader, moderator, Measure.TAKE_DOWN)
    reject(author, reader, moderator, 1)
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6", comment="Mean")
    for number in range(4):
        reporting.report(post, by=factories.make_user(f"earlier{number}"), violation="V1")
    desk = client_for(moderator)
    page = reverse("admin:moderation_case_change", args=[Case.objects.get(post=post).pk])
    shown = desk.get(page).content.decode()
    assert "right in 1 of 2 reports" in shown
    with own_queries(9):
        desk.get(page)
    for number in range(8):
        reporting.report(post, by=factories.make_user(f"reporter{number}"), violation="V1" if number else "")
    with own_queries(9):
        many = " ".join(desk.get(page).content.decode().split())
    assert "call to violence: <strong>11</strong>" in many
    assert "Something else: <strong>1</strong>" in many
    assert "nothing decided yet" in many


def test_a_long_list_of_reports_is_cut_and_says_so(client_for, author, reader, moderator, monkeypatch):
    monkeypatch.setattr("moderation.reporters.weighing.SHOWN", 2)
    post = factories.make_post(author=author)
    for _number in range(5):
        reporting.report(post, by=factories.make_user(), violation="V6")
    page = reverse("admin:moderation_case_change", args=[Case.objects.get().pk])
    assert "3 earlier reports are not listed." in client_for(moderator).get(page).content.decode()


def report_as_crowd(post, people):
    for person in people:
        reporting.report(post, by=person, violation="V3")
    return Case.objects.get(post=post)


@pytest.fixture
def settled():
    """Accounts that have been here for long, and know nobody."""
    people = [factories.make_user() for _number in range(6)]
    User.objects.update(joined_at=Now() - timedelta(days=100))
    return people


def test_new_accounts_that_report_at_once_are_a_sign(client_for, author, moderator, settled):
    User.objects.filter(pk__in=[person.pk for person in settled[:3]]).update(joined_at=Now())
    case = report_as_crowd(factories.make_post(author=author), settled)
    crowd = crowding.look_at(case)
    assert (crowd.reports, crowd.at_once, crowd.new, crowd.linked) == (6, 6, 3, 0)
    assert crowd.is_suspicious
    page = reverse("admin:moderation_case_change", args=[case.pk])
    shown = client_for(moderator).get(page).content.decode()
    assert "6 reports came within 10 minutes." in shown
    assert "3 reporters had joined less than a week before." in shown


def test_accounts_that_follow_one_another_are_a_sign(author, reader, settled):
    first, second, third, *_others = settled
    Follow.objects.create(follower=first, followed=second)
    Follow.objects.create(follower=third, followed=first)
    Follow.objects.create(follower=third, followed=reader)
    crowd = crowding.look_at(report_as_crowd(factories.make_post(author=author), settled))
    assert crowd.linked == 3
    assert crowd.is_suspicious


def test_strangers_over_hours_are_no_sign(client_for, author, moderator, settled):
    case = report_as_crowd(factories.make_post(author=author), settled)
    assert not crowding.look_at(case).is_suspicious
    User.objects.update(joined_at=Now() - timedelta(days=1))
    for hours, report in enumerate(Report.objects.order_by("pk")):
        Report.objects.filter(pk=report.pk).update(reported_at=Now() - timedelta(hours=hours))
    crowd = crowding.look_at(case)
    assert (crowd.at_once, crowd.is_suspicious) == (1, False)
    page = reverse("admin:moderation_case_change", args=[case.pk])
    assert "within 10 minutes" not in client_for(moderator).get(page).content.decode()


def test_five_hundred_reports_hide_nothing(client_for, author, reader):
    """The crowd is made in two statements, and the last one reports by the verb."""
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V3")
    case = Case.objects.get()
    User.objects.bulk_create(
        User(handle=f"crowd{number}", email=f"crowd{number}@example.org") for number in range(499)
    )
    crowd = User.objects.filter(handle__startswith="crowd")
    Report.objects.bulk_create(
        Report(case=case, revision=case.revision, reporter=person, violation="V3") for person in crowd
    )
    reporting.report(post, by=factories.make_user("last_of_them"), violation="V3")
    assert case.reports.count() == 501
    for client in (client_for(None), client_for(reader)):
        assert client.get(post.get_absolute_url()).status_code == 200
    post.refresh_from_db()
    assert post.shown_id == case.revision_id
    assert Case.objects.open().count() == 1
    assert crowding.look_at(case).reports == 501


def test_what_many_report_needs_a_specialist_and_a_second_person(client_for, author, moderator):
    post = factories.make_post(author=author)
    for number in range(filing.MANY):
        case = Case.objects.filter(post=post).first()
        assert case is None or (case.second_needed, case.min_role_level) == (False, 0)
        if case is not None and number == filing.MANY - 1:
            queueing.claim(case, by=moderator)
        reporting.report(post, by=factories.make_user(), violation="V3")
    case = Case.objects.get(post=post)
    assert (case.second_needed, case.min_role_level) == (True, Role.SENIOR_MODERATOR.level)
    assert (case.claimed_by, case.claimed_until) == (None, None)
    reporting.report(post, by=factories.make_user(), violation="V3")
    assert AuditRow.objects.filter(verb="call_specialist", subject=str(case)).count() == 1
    assert client_for(None).get(post.get_absolute_url()).status_code == 200


def test_a_senior_keeps_the_case_that_many_report(author):
    senior = factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)
    post = factories.make_post(author=author)
    reporting.report(post, by=factories.make_user(), violation="V3")
    queueing.claim(Case.objects.get(post=post), by=senior)
    for _number in range(filing.MANY - 1):
        reporting.report(post, by=factories.make_user(), violation="V3")
    case = Case.objects.get(post=post)
    assert (case.second_needed, case.claimed_by) == (True, senior)


def test_the_same_person_again_and_again_is_no_crowd(author, reader):
    post = factories.make_post(author=author)
    for _number in range(filing.MANY + 1):
        reporting.report(post, by=reader, violation="V3")
    assert not Case.objects.get(post=post).second_needed


def test_the_desk_proposes_a_warning_and_a_person_gives_it(client_for, author, noisy, moderator):
    desk = client_for(moderator)
    post = factories.make_post(author=author)
    reporting.report(post, by=noisy, violation="V3")
    page = reverse("admin:moderation_case_change", args=[Case.objects.get(post=post).pk])
    assert "warn?" in desk.get(page).content.decode()
    assert not ReporterWarning.objects.exists()
    shown = desk.get(about(noisy)).content.decode()
    assert "Of the newest 5, 5 led to nothing." in shown
    assert desk.get(about(noisy, "warn")).status_code == 405
    assert desk.post(about(noisy, "warn"), {"warn-reason": ""}).status_code == 400
    assert desk.post(about(noisy, "warn"), {"warn-reason": "None of it breaks a rule."}).status_code == 302
    assert desk.post(about(noisy, "warn"), {"warn-reason": "Again."}).status_code == 409
    warning = ReporterWarning.objects.get()
    assert (warning.reporter, warning.by) == (noisy, moderator)
    assert AuditRow.objects.filter(verb="warn_reporter", actor="@moderator_m").exists()
    mailing.send_due()
    told = [each for each in mail.outbox if each.subject == "Parler: about your reports"]
    assert [each.to for each in told] == [[noisy.email]]
    assert "None of it breaks a rule." in told[0].body
    assert "write to moderation@localhost" in told[0].body
    mine = client_for(noisy).get(STANDING).content.decode()
    assert "None of it breaks a rule." in mine
    assert b"nothing against your reports" in client_for(author).get(STANDING).content


def test_without_reason_nobody_is_warned(author, reader, moderator):
    reject(author, reader, moderator, 4)
    with pytest.raises(NotDue):
        muting.warn(reader, by=moderator, reason="Too much.")


def test_nobody_acts_on_themselves_or_on_their_betters(author, noisy, moderator, reader):
    factories.give_role(noisy, Role.SENIOR_MODERATOR)
    for person in (moderator, noisy, reader):
        with pytest.raises(NotAllowed):
            muting.warn(noisy, by=person, reason="No.")
    assert not ReporterWarning.objects.exists()


def test_a_mute_comes_after_a_warning_and_after_more_of_the_same(author, noisy, moderator):
    with pytest.raises(NotDue):
        muting.mute(noisy, by=moderator, days=7, reason="Too much.")
    muting.warn(noisy, by=moderator, reason="None of it breaks a rule.")
    with pytest.raises(NotDue):
        muting.mute(noisy, by=moderator, days=7, reason="Too much.")
    reject(author, noisy, moderator, 1)
    with pytest.raises(ValidationError):
        muting.mute(noisy, by=moderator, days=1000, reason="For ever.")
    muting.mute(noisy, by=moderator, days=7, reason="It went on.")
    with pytest.raises(NotDue):
        muting.mute(noisy, by=moderator, days=7, reason="Again.")
    assert ReporterMute.objects.in_force().filter(reporter=noisy).count() == 1


def test_what_a_muted_person_reports_is_stored_and_weighs_nothing(client_for, author, reader, muted):
    known = factories.make_post(author=author, text="Known")
    reporting.report(known, by=reader, violation="V6")
    before = Case.objects.get(post=known)
    client = client_for(muted)
    for post in (known, factories.make_post(author=author, text="New")):
        address = reverse("moderation:report_post", args=[post.pk])
        told = client.post(address, {"violation": "V8", "comment": "Now!"}, follow=True)
        assert "we store what you report, but do not look at it" in told.content.decode()
    stored = SetAsideReport.objects.earliest("pk")
    assert str(stored.pk) in told.content.decode()
    assert (stored.violation, stored.comment) == ("V8", "Now!")
    after = Case.objects.open().get()
    assert (after, after.reports.count()) == (before, 1)
    assert (after.lane, after.rank_at, after.version) == (before.lane, before.rank_at, before.version)
    assert AuditRow.objects.filter(verb="set_report_aside").count() == 2


def test_a_mute_ends_by_the_databases_clock(author, muted):
    ReporterMute.objects.update(at=Now() - timedelta(days=7), until=Now())
    filed = reporting.report(factories.make_post(author=author), by=muted, violation="V1")
    assert isinstance(filed, Report)


def test_lifting_a_mute_files_what_is_still_shown(client_for, author, muted, moderator):
    kept, withdrawn, edited = (factories.make_post(author=author, text=f"Text {n}") for n in range(3))
    for post in (kept, withdrawn, edited):
        reporting.report(post, by=muted, violation="V3", comment="Please look")
    publishing.withdraw(withdrawn, by=author)
    publishing.edit(edited, body="Something else", warning="", by=author)
    factories.clear(edited.get_latest_revision())
    desk = client_for(moderator)
    mute = ReporterMute.objects.get()
    address = reverse("admin:moderation_reporterwarning_lift", args=[mute.pk])
    assert desk.get(address).status_code == 405
    assert b"The mute is lifted" in desk.post(address, follow=True).content
    desk.post(address)
    case = Case.objects.open().get()
    assert case.post == kept
    assert case.reports.get().comment == "Please look"
    assert AuditRow.objects.filter(verb="unmute_reporter").count() == 1
    assert isinstance(reporting.report(edited, by=muted, violation="V3"), Report)


def test_a_warning_is_taken_back_with_the_mute_that_rests_on_it(client_for, author, muted, moderator):
    desk = client_for(moderator)
    warning = ReporterWarning.objects.get()
    address = reverse("admin:moderation_reporterwarning_withdraw", args=[warning.pk])
    assert desk.get(address).status_code == 405
    for _turn in range(2):
        assert desk.post(address).status_code == 302
    assert not ReporterMute.objects.in_force().exists()
    assert not ReporterWarning.objects.standing().exists()
    assert AuditRow.objects.filter(verb="withdraw_reporter_warning").count() == 1
    assert "taken back" in client_for(muted).get(STANDING).content.decode()
    with pytest.raises(NotDue):
        muting.mute(muted, by=moderator, days=7, reason="Again.")


def test_a_person_is_muted_on_the_desks_page(client_for, author, noisy, moderator):
    desk = client_for(moderator)
    sent = {"mute-reason": "It went on.", "mute-days": "30"}
    assert desk.post(about(noisy, "mute"), sent).status_code == 409
    muting.warn(noisy, by=moderator, reason="None of it breaks a rule.")
    reject(author, noisy, moderator, 1)
    assert desk.post(about(noisy, "mute"), {**sent, "mute-days": "5"}).status_code == 400
    desk.post(about(noisy, "mute"), sent)
    assert "Muted until" in desk.get(about(noisy)).content.decode()
    told = Letter.objects.filter(recipient=noisy).latest("pk")
    assert told.subject == "Parler: your reports are not looked at for a time"


def test_the_page_of_a_reporter_takes_as_many_queries_for_many_as_for_few(
    client_for, author, muted, moderator
):
    desk = client_for(moderator)
    desk.get(about(muted))
    with own_queries(7):
        desk.get(about(muted))
    ReporterMute.objects.update(lifted_at=Now(), lifted_by=moderator)
    reject(author, muted, moderator, 4)
    muting.mute(muted, by=moderator, days=7, reason="It went on.")
    with own_queries(7):
        desk.get(about(muted))


def test_a_moderator_does_not_learn_who_reported_a_moderator(client_for, moderator, noisy):
    reporting.report(factories.make_post(author=moderator), by=noisy, violation="V3")
    other = factories.make_post(author=factories.make_user("other_m", role=Role.MODERATOR))
    reporting.report(other, by=noisy, violation="V1")
    shown = client_for(moderator).get(about(noisy)).context["record"]
    hidden = {moderator, other.author}
    assert not {each.case.post.author for each in shown.reports} & hidden


def test_only_the_desk_reads_about_reporters(client_for, noisy, reader):
    assert client_for(reader).get(about(noisy), follow=True).status_code == 403
    assert client_for(reader).post(about(noisy, "warn"), {"warn-reason": "x"}, follow=True).status_code in (
        403,
        405,
    )
    assert not ReporterWarning.objects.exists()


def test_erasing_an_account_erases_what_was_said_to_it(author, muted):
    reporting.report(factories.make_post(author=author), by=muted, violation="V3", comment="Please look")
    erase(muted, by=muted)
    assert set(ReporterWarning.objects.values_list("reason", flat=True)) == {""}
    assert set(ReporterMute.objects.values_list("reason", flat=True)) == {""}
    assert set(SetAsideReport.objects.values_list("comment", flat=True)) == {""}
    assert set(Letter.objects.values_list("text", flat=True)) == {""}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_report_at_once_open_one_case():
    author, first, second = (factories.make_user() for _number in range(3))
    post = factories.make_post(author=author)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            reporting.report(post, by=first, violation="V1")
            slower = in_thread(pool, reporting.report, post, by=second, violation="V8")
            wait_until_somebody_waits()
        slower.result()
    assert Case.objects.get().reports.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_reported_while_a_mute_is_lifted_is_not_lost():
    moderator = factories.make_user("moderator_1", role=Role.MODERATOR)
    author, person = factories.make_user(), factories.make_user()
    warning = ReporterWarning.objects.create(reporter=person, by=moderator, reason="Enough.")
    mute = ReporterMute.objects.create(
        reporter=person, warning=warning, by=moderator, reason="Enough.", until=Now() + timedelta(days=7)
    )
    post = factories.make_post(author=author)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            muting.lift(mute, by=moderator)
            slower = in_thread(pool, reporting.report, post, by=person, violation="V1")
            wait_until_somebody_waits()
        assert isinstance(slower.result(), Report)
    assert Case.objects.get().post == post
