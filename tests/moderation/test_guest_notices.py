"""Notices by people without an account: what is taken in, what nobody learns from them, and what is forgotten."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import translation

from moderation import deciding, mailing, reporting, tending
from moderation.guests import answering, forgetting, locating, noticing
from moderation.guests.noticing import Words
from moderation.lanes import Lane
from moderation.measures import Measure
from moderation.models import AuditRow, Case, GuestNotice, Letter, Origin, Report, Scan
from moderation.sources import Source
from posts import publishing
from posts.models import Visibility
from tests import factories
from tests.moderation.counting import own_queries
from tests.moderation.racing import in_thread, wait_until_somebody_waits

FORM = reverse("moderation:give_notice")
pytestmark = pytest.mark.django_db


class BrokenServer(EmailBackend):
    def send_messages(self, messages):
        raise SMTPServerDisconnected("Connection unexpectedly closed")


def address_of(thing):
    return f"{settings.PARLER_URL}{thing.get_absolute_url()}"


def words(address, ground="V3", **said):
    return Words(
        **{
            "address": address,
            "ground": ground,
            "reasons": "It names my sister.",
            "name": "Ada Guest",
            "email": "ada@example.net",
            **said,
        }
    )


def sent(where, **fields):
    return {
        "address": where,
        "ground": "V3",
        "reasons": "It names my sister.",
        "name": "Ada Guest",
        "email": "ada@example.net",
        "good_faith": "on",
        **fields,
    }


def give(thing, **said):
    notice = noticing.give_notice(words(address_of(thing), **said), language="en")
    notice.refresh_from_db()
    return notice


def told(notice):
    outcome = notice.get_outcome()
    assert outcome is not None
    return outcome.text


@pytest.fixture
def post(author):
    return factories.make_post(author=author, text="Somebody should teach her a lesson")


@pytest.fixture
def guest():
    return Client()


def test_a_notice_opens_a_case_as_a_report_does(guest, post):
    response = guest.post(FORM, sent(address_of(post)))
    assert response.url == reverse("moderation:notice_thanks")
    assert b"send you a receipt" in guest.get(response.url).content
    case = Case.objects.get()
    assert (case.post, case.origin, case.violation, case.lane) == (post, Origin.NOTICE, "V3", Lane.MANIFEST)
    assert case.get_source() == Source.NOTICE
    report = Report.objects.get()
    assert (report.case, report.reporter, report.guest and report.guest.email) == (
        case,
        None,
        "ada@example.net",
    )
    assert AuditRow.objects.filter(verb="give_notice", subject=str(report.guest)).exists()


def test_a_profile_can_be_named_too(guest, author):
    guest.post(FORM, sent(address_of(author.profile).upper().replace("HTTP", "http"), ground="illegal"))
    assert Case.objects.get().profile == author.profile


def test_a_notice_joins_the_open_case(post, reader):
    reporting.report(post, by=reader, violation="V6")
    give(post)
    give(post, email="bob@example.net")
    case = Case.objects.get()
    assert case.reports.count() == 3
    assert case.get_source() == Source.USER_REPORT
    assert case.violation == "V3"


def test_a_held_text_stays_the_machines_find_whoever_gives_notice_later(post, author):
    publishing.edit(post, body="I will find her", warning="", by=author)
    factories.hold(post.get_latest_revision())
    give(post)
    case = Case.objects.get()
    assert case.was_held
    assert case.get_source() == Source.OWN_INITIATIVE


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/@author/1",
        "/@author/1",
        f"{settings.PARLER_URL}/home",
        f"{settings.PARLER_URL}/report/notice/secret",
        f"{settings.PARLER_URL}/@author/1/history",
        f"{settings.PARLER_URL}/%00",
        "http://[",
        "what they wrote yesterday",
    ],
)
def test_what_is_no_address_of_ours_is_refused(guest, address):
    response = guest.post(FORM, sent(address))
    assert response.status_code == 400
    assert b"This is not the address" in response.content
    assert not GuestNotice.objects.exists()


def test_an_address_may_come_without_its_scheme(post):
    bare = address_of(post).partition("://")[2]
    assert locating.find(locating.check(f" {bare}?page=2#answer ")) == post


@pytest.mark.parametrize("missing", ["reasons", "name", "email", "good_faith", "ground", "address"])
def test_everything_that_the_law_asks_for_is_asked_for(guest, post, missing):
    response = guest.post(FORM, sent(address_of(post), **{missing: ""}))
    assert response.status_code == 400
    assert missing in response.context["form"].errors
    assert not GuestNotice.objects.exists()


def test_only_abuse_of_minors_is_told_without_a_name(guest, post):
    response = guest.post(FORM, sent(address_of(post), ground="minors", name="", email=""))
    notice = GuestNotice.objects.get()
    assert response.url == notice.get_absolute_url()
    assert b"the only way to the outcome" in guest.get(response.url).content
    assert Case.objects.get().lane == Lane.MANIFEST
    mailing.send_due()
    assert mail.outbox == []


def test_the_database_refuses_other_notices_without_a_name(post):
    with pytest.raises(IntegrityError, match="says_who"), transaction.atomic():
        give(post, name="", email="")


def hidden_things(author):
    """What not everybody can see, each at an address that somebody may know."""
    held = factories.make_held_post(author=author)
    meant = factories.make_post(author=author, visibility=Visibility.MENTIONED, text="Only you @reader")
    followers = factories.make_post(author=author, visibility=Visibility.FOLLOWERS)
    gone = factories.make_post(author=author)
    publishing.withdraw(gone, by=author)
    unseen = factories.make_user("unseen", is_cleared=False).profile
    return [held, meant, followers, gone, unseen]


def test_nobody_learns_from_a_notice_what_is_not_public(guest, author, reader, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "notice": "99/3600"}
    addresses = [address_of(thing) for thing in hidden_things(author)]
    addresses += [f"{settings.PARLER_URL}/@nobody", f"{settings.PARLER_URL}/@author/{'9' * 30}"]
    cases = Case.objects.count()
    answers = [guest.post(FORM, sent(address)) for address in addresses]
    assert {(answer.status_code, answer.url) for answer in answers} == {
        (302, reverse("moderation:notice_thanks"))
    }
    assert Case.objects.count() == cases
    assert not Report.objects.exists()
    assert len(set(Letter.objects.outcomes().values_list("text", flat=True))) == 1
    notice = GuestNotice.objects.earliest("pk")
    assert b"there is nothing that everybody can see" in guest.get(notice.get_absolute_url()).content
    pages = {guest.get(each.get_absolute_url()).status_code for each in GuestNotice.objects.all()}
    assert pages == {200}
    subjects = set(Letter.objects.values_list("subject", flat=True))
    assert Letter.objects.count() == 2 * len(addresses)
    assert subjects == {"Parler: we have your notice", "Parler: what came of your notice"}


def test_a_post_is_found_only_under_its_authors_name(post, reader):
    assert locating.find(f"{settings.PARLER_URL}/@{reader.handle}/{post.pk}") is None


def test_reasons_that_say_nothing_are_refused(post):
    with translation.override("en"), pytest.raises(ValidationError, match="Say why"):
        give(post, reasons=" \n ")


@pytest.mark.parametrize("scope", ["notice", "notice_email", "notice_all"])
def test_notices_are_limited(guest, post, settings, scope):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, scope: "1/3600"}
    assert guest.post(FORM, sent(address_of(post))).status_code == 302
    refused = guest.post(FORM, sent(address_of(post), email="ADA@example.net"))
    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert GuestNotice.objects.count() == 1


def test_the_page_of_a_notice_is_for_whoever_has_the_link(guest, post):
    notice = give(post)
    assert len(notice.token) == 43
    response = guest.get(notice.get_absolute_url())
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    shown = response.content.decode()
    assert "waiting" in shown
    assert "It names my sister." in shown
    assert guest.get(reverse("moderation:guest_notice", args=["x" * 43])).status_code == 404
    assert guest.get(reverse("moderation:guest_notice", args=[str(notice.pk)])).status_code == 404


def test_the_page_takes_two_queries_of_ours(guest, post):
    notice = give(post)
    with own_queries(2):
        guest.get(notice.get_absolute_url())


def test_what_changes_something_refuses_get(guest, post):
    notice = give(post)
    for name in ("confirm_notice", "disown_notice"):
        assert guest.get(reverse(f"moderation:{name}", args=[notice.token])).status_code == 405
    notice.refresh_from_db()
    assert (notice.confirmed_at, notice.erased_at) == (None, None)


def test_the_link_in_the_receipt_confirms_the_address(post):
    notice = give(post)
    mailing.send_due()
    (receipt,) = mail.outbox
    assert receipt.to == ["ada@example.net"]
    assert receipt.body.startswith("Hello Ada Guest,")
    (link,) = re.findall(r"/report/notice/[\w-]{43}", str(receipt.body))
    strict = Client(enforce_csrf_checks=True)
    assert b"Is it yours?" in strict.get(link).content
    for _turn in range(2):
        assert strict.post(f"{link}/confirm").status_code == 302
    assert b"You confirmed" in strict.get(link).content
    notice.refresh_from_db()
    assert notice.confirmed_at is not None
    assert AuditRow.objects.filter(verb="confirm_notice").count() == 1


def test_whoever_never_gave_the_notice_gets_erased_and_the_case_stays(guest, post):
    notice = give(post)
    mailing.send_due()
    guest.post(reverse("moderation:disown_notice", args=[notice.token]))
    notice.refresh_from_db()
    assert (notice.name, notice.email, notice.reasons) == ("", "", "")
    assert mailing.send_due() == 0
    assert Case.objects.open().get().reports.count() == 1
    assert b"are erased." in guest.get(notice.get_absolute_url()).content


def test_a_confirmed_notice_cannot_be_disowned(guest, post):
    notice = give(post)
    noticing.confirm(notice)
    response = guest.post(reverse("moderation:disown_notice", args=[notice.token]))
    assert response.status_code == 409
    notice.refresh_from_db()
    assert notice.email == "ada@example.net"


def test_the_outcome_names_the_rule_and_what_can_be_done(guest, post, moderator):
    notice = give(post)
    deciding.decide(
        Case.objects.get(),
        Measure.TAKE_DOWN,
        by=moderator,
        version=1,
        violation="V3",
        reason="For the author.",
    )
    factories.let_undo_pass()
    notice.refresh_from_db()
    shown = guest.get(notice.get_absolute_url()).content.decode()
    for said in (
        "we took this measure: take down",
        "Rule V3, threat",
        "A person decided",
        "moderation@localhost",
    ):
        assert said in shown
    assert "For the author." not in shown
    mailing.send_due()
    assert [one.subject for one in mail.outbox if one.to == ["ada@example.net"]] == [
        "Parler: we have your notice",
        "Parler: what came of your notice",
    ]


def test_what_is_left_as_it_is_is_told_too(post, moderator):
    notice = give(post)
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    factories.let_undo_pass()
    assert "found nothing that breaks our rules" in told(notice)


def test_a_german_notice_is_answered_in_german(guest, post, moderator):
    guest.post(FORM, sent(address_of(post)), headers={"Accept-Language": "de"})
    mailing.send_due()
    assert mail.outbox[0].subject == "Parler: Wir haben deine Anzeige"
    deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V3")
    factories.let_undo_pass()
    notice = GuestNotice.objects.get()
    assert notice.language == "de"
    assert "Regel V3, Drohung" in told(notice)


def test_many_guests_are_answered_in_a_constant_number_of_queries(post, moderator):
    for number in range(2):
        give(post, email=f"guest{number}@example.net")
    decision = deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    assert decision.case.reports.count() == 2
    with own_queries(2):
        answering.answer_guests(decision)
    for number in range(6):
        give(factories.make_post(author=post.author), email=f"more{number}@example.net")
    Report.objects.update(case=decision.case)
    with own_queries(2):
        answering.answer_guests(decision)
    answered = Letter.objects.outcomes().filter(decision=decision)
    assert answered.values("guest").distinct().count() == 8


def test_a_letter_that_fails_is_mailed_later(post, settings):
    give(post)
    settings.EMAIL_BACKEND = f"{__name__}.{BrokenServer.__name__}"
    assert mailing.send_due() == 0
    letter = Letter.objects.get()
    assert (letter.attempts, letter.mailed_at) == (1, None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mailing.send_due() == 0
    Letter.objects.update(due_at=Now())
    assert mailing.send_due() == 1


def test_guests_are_forgotten_after_the_time_to_object(guest, post, moderator):
    waiting = give(factories.make_post(author=post.author))
    notice = give(post)
    deciding.decide(Case.objects.get(post=post), Measure.CLEAR, by=moderator, version=1)
    factories.let_undo_pass()
    GuestNotice.objects.update(filed_at=Now() - forgetting.KEPT)
    tending.tend()
    notice.refresh_from_db()
    assert notice.name == "Ada Guest"
    Letter.objects.outcomes().update(created_at=Now() - forgetting.KEPT)
    tending.tend()
    notice.refresh_from_db()
    waiting.refresh_from_db()
    assert (notice.name, notice.email, notice.reasons) == ("", "", "")
    assert waiting.name == "Ada Guest"
    assert AuditRow.objects.filter(verb="erase_notices", subject="1 notices").exists()
    assert b"found nothing that breaks" in guest.get(notice.get_absolute_url()).content
    assert forgetting.erase_due() == 0


def test_an_outcome_that_may_still_be_taken_back_is_told_to_nobody(guest, post, moderator):
    notice = give(post)
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    mailing.send_due()
    mail.outbox.clear()
    for change in ({"visible_from": Now() + timedelta(seconds=9)}, {"withdrawn_at": Now()}):
        Letter.objects.filter(guest=notice).update(mailed_at=None, **change)
        assert b"waiting" in guest.get(notice.get_absolute_url()).content
    assert mailing.send_due() == 0


def test_guests_are_read_of_on_the_case_page_and_in_no_list(client_for, post, moderator):
    notice = give(post)
    desk = client_for(moderator)
    case = Case.objects.get()
    shown = desk.get(reverse("admin:moderation_case_change", args=[case.pk])).content.decode()
    for said in ("Ada Guest", "ada@example.net", "It names my sister.", "notice from outside"):
        assert said in shown
    for page in ("case", "report", "trustedflagger"):
        listed = desk.get(reverse(f"admin:moderation_{page}_changelist"))
        assert listed.status_code == 200
        assert b"ada@example.net" not in listed.content
    assert notice.email not in str(list(AuditRow.objects.values_list("data", flat=True)))


def test_footer_and_rules_lead_to_the_form(guest):
    for page in ("/rules", "/explore"):
        assert f'href="{FORM}"' in guest.get(page).content.decode()
    assert guest.get(FORM).status_code == 200


def test_a_crowd_of_guests_hides_nothing(guest, post):
    for number in range(30):
        give(post, email=f"guest{number}@example.net")
    assert guest.get(post.get_absolute_url()).status_code == 200


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_report_and_a_notice_at_once_open_one_case(author, reader):
    post = factories.make_post(author=author)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            reporting.report(post, by=reader, violation="V1")
            slower = in_thread(pool, give, post)
            wait_until_somebody_waits()
        slower.result()
    assert Case.objects.get().reports.count() == 2
    assert Scan.objects.filter(revision__post=post).count() == 1
