"""What moderators were shown, and the reminder of a break: from their own acts, kind, and never in the way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation import deciding, queueing
from moderation.figures import minding
from moderation.measures import Measure
from moderation.models import AuditRow, BreakSettings, Case
from moderation.models.figures import BreakAfter
from moderation.taxonomy import Severity, Violation
from tests import factories

QUEUE = reverse("admin:moderation_case_changelist")
FIGURES = reverse("admin:moderation_dailyfigure_changelist")
NOT_NOW = reverse("admin:moderation_dailyfigure_not_now")
BREAK = reverse("admin:moderation_dailyfigure_break")
ASIDE = b'class="break"'


def make_case(author, violation="V6"):
    post = factories.make_pending_post(author=author, text=f"A text of {violation}")
    factories.hold(post.get_latest_revision(), violation=violation)
    return Case.objects.get(post=post)


def act(moderator, *minutes_ago, verb="claim", case=None):
    """Acts at the desk so long ago, as the trail has them; who reads the trail for breaks does not ask for its hashes."""
    subject = str(case) if case else "case 1"
    with connection.cursor() as cursor:
        for minutes in minutes_ago:
            cursor.execute(
                "INSERT INTO moderation_auditrow (id, at, actor_id, actor, via, verb, subject, data, previous_hash, hash)"
                " VALUES (0, statement_timestamp() - make_interval(mins => %s), %s, %s, 'desk', %s, %s, '{}', '', '')",
                [minutes, moderator.pk, str(moderator), verb, subject],
            )


def test_after_ninety_minutes_without_a_break_one_is_due(moderator):
    act(moderator, *range(91, 0, -5))
    assert minding.get_reminder(moderator) == minding.Reminder(91, 0)


def test_before_that_none_is(moderator):
    act(moderator, *range(89, 0, -5))
    assert minding.get_reminder(moderator) is None


def test_ten_minutes_away_begin_a_new_stretch(moderator):
    act(moderator, *range(200, 60, -5), *range(45, 0, -5))
    assert minding.get_reminder(moderator) is None


def test_who_is_away_now_is_not_reminded(moderator):
    act(moderator, *range(200, 10, -5))
    assert minding.get_reminder(moderator) is None


def test_the_work_of_others_does_not_count(moderator, other):
    act(other, *range(120, 0, -5))
    assert minding.get_reminder(moderator) is None


def test_many_severe_cases_are_work_enough(author, moderator, monkeypatch):
    monkeypatch.setattr(minding, "MOST_SEVERE", 2)
    severe, other, mild = make_case(author, "V1"), make_case(author, "V3"), make_case(author, "V6")
    for case in (severe, severe, mild):
        queueing.claim(case, by=moderator)
    assert minding.get_reminder(moderator) is None
    queueing.claim(other, by=moderator)
    assert minding.get_reminder(moderator) == minding.Reminder(0, 2)


@pytest.mark.parametrize(("after", "is_due"), [(30, True), (60, False), (0, False)])
def test_everybody_says_after_which_time(moderator, after, is_due):
    act(moderator, *range(40, 0, -5))
    minding.choose(BreakAfter(after), by=moderator)
    assert (minding.get_reminder(moderator) is not None) == is_due


def test_not_now_means_a_quarter_of_an_hour(moderator):
    act(moderator, *range(100, 0, -5))
    minding.not_now(by=moderator)
    assert minding.get_reminder(moderator) is None
    settings = BreakSettings.objects.get()
    settings.quiet_until -= minding.NOT_NOW
    settings.save()
    assert minding.get_reminder(moderator) is not None
    assert settings.after == BreakAfter.USUAL


def test_what_was_shown_is_counted_by_class_and_severity(author, moderator):
    severe, mild = make_case(author, "V1"), make_case(author, "V6")
    for case in (severe, mild, severe):
        queueing.claim(case, by=moderator)
    deciding.decide(severe, Measure.CLEAR, by=moderator, version=1)
    act(moderator, 61, case=make_case(author, "V3"))
    shown = {row.violation: row for row in minding.list_shown(moderator)}
    assert shown[Violation.CALL_TO_ACTION] == minding.Shown(Severity.HIGH, Violation.CALL_TO_ACTION, 1, 1)
    assert shown[Violation.WISH_OF_HARM] == minding.Shown(Severity.MID, Violation.WISH_OF_HARM, 1, 1)
    threat = shown.get(Violation.THREAT_DIRECT)
    assert threat is None or (threat.last_hour, threat.today) == (
        0,
        1,
    )  # An hour ago may have been yesterday.


def test_both_are_one_query_that_an_index_answers(moderator, other):
    act(other, *range(1500, 0, -1), verb="decide")
    act(moderator, *range(100, 0, -5))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE moderation_auditrow")
    for ask in (minding.get_reminder, minding.list_shown):
        with CaptureQueriesContext(connection) as captured:
            ask(moderator)
        (query,) = captured.captured_queries
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "moderation_auditrow_at_work" in plan, plan


def test_the_pages_ask_once_a_minute_and_not_now_holds_at_once(moderator, monkeypatch):
    assert minding.remind(moderator) is None
    act(moderator, *range(100, 0, -5))
    assert minding.remind(moderator) is None
    monkeypatch.setattr(minding, "ASKED_EVERY", timedelta(0))
    assert minding.remind(moderator) == minding.Reminder(100, 0)
    monkeypatch.setattr(minding, "ASKED_EVERY", timedelta(minutes=1))
    minding.not_now(by=moderator)
    assert minding.remind(moderator) is None


@pytest.fixture
def _asked_every_time(monkeypatch):
    monkeypatch.setattr(minding, "ASKED_EVERY", timedelta(0))


@pytest.mark.usefixtures("_asked_every_time")
def test_the_desk_shows_the_reminder_and_not_now_takes_it_away(client_for, author, moderator):
    case = make_case(author)
    desk = client_for(moderator)
    address = reverse("admin:moderation_case_change", args=[case.pk])
    for page in (QUEUE, address):
        assert ASIDE not in desk.get(page).content
    act(moderator, *range(100, 0, -5))
    for page in (QUEUE, address):
        assert ASIDE in desk.get(page).content
    assert desk.post(NOT_NOW).url == QUEUE
    for page in (QUEUE, address):
        assert ASIDE not in desk.get(page).content


def test_not_now_at_a_case_keeps_what_was_typed(client_for, author, moderator):
    case = queueing.claim(make_case(author), by=moderator)
    act(moderator, *range(100, 0, -5))
    address = reverse("admin:moderation_case_not_now", args=[case.pk])
    desk = client_for(moderator)
    assert address in desk.get(reverse("admin:moderation_case_change", args=[case.pk])).content.decode()
    shown = desk.post(address, {"measure": "clear", "reason": "My words", "version": "1"}).content
    assert b"My words" in shown
    assert ASIDE not in shown


def test_the_reminder_keeps_nobody_from_work(author, moderator):
    case = make_case(author)
    act(moderator, *range(100, 0, -5))
    queueing.claim(case, by=moderator)
    assert deciding.decide(case, Measure.CLEAR, by=moderator, version=1)


def test_the_setting_is_chosen_on_the_page_of_figures(client_for, moderator):
    desk = client_for(moderator)
    assert b'<option value="90" selected>' in desk.get(FIGURES).content
    desk.post(BREAK, {"after": "30"})
    assert b'<option value="30" selected>' in desk.get(FIGURES).content
    assert b"Choose one of the times" in desk.post(BREAK, {"after": "31"}, follow=True).content
    assert BreakSettings.objects.get().after == BreakAfter.HALF_AN_HOUR


def test_breaks_stand_in_no_trail(moderator):
    minding.choose(BreakAfter.NEVER, by=moderator)
    minding.not_now(by=moderator)
    assert not AuditRow.objects.filter(actor_id=moderator.pk).exists()


def test_what_changes_something_refuses_get_and_readers(client_for, moderator, reader):
    for address in (NOT_NOW, BREAK):
        assert client_for(moderator).get(address).status_code == 405
        assert client_for(reader).post(address, follow=True).status_code in (403, 405)
    assert not BreakSettings.objects.exists()
