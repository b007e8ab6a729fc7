"""Appeals: who may make them and until when, who decides them, what granting brings back, and what the database refuses."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from moderation import appealing, deciding, mailing, reporting
from moderation.appealing import AlreadyAppealed, AppealChanged, AppealClosed, FirstDecider, NotAppealable
from moderation.deciding import CaseChanged, NotAllowed
from moderation.erasing import erase_evidence
from moderation.measures import Measure
from moderation.models import (
    Appeal,
    AppealMessage,
    AppealStatus,
    AuditRow,
    Case,
    Decision,
    KnownBad,
    Notice,
    NoticeKind,
    Statement,
)
from moderation.models.appeals import TIME_TO_ANSWER, TIME_TO_APPEAL
from posts import publishing
from posts.models import Post
from tests import factories

GRANT, REJECT = AppealStatus.GRANTED, AppealStatus.REJECTED


@pytest.fixture
def other(db: None) -> User:
    """The moderator who did not decide first."""
    return factories.make_user("other_moderator", role=Role.MODERATOR)


@pytest.fixture
def removal(author, reader, moderator):
    """A post that stood, was reported, and was taken down by `moderator`."""
    post = factories.make_post(author=author, parent=factories.make_post(author=reader))
    reporting.report(post, by=reader, violation="V6")
    return deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V6")


@pytest.fixture
def rejected_report(author, reader, moderator):
    """A decision of `moderator` that what `reader` reported may stay."""
    post = factories.make_post(author=author, text="Burn it")
    reporting.report(post, by=reader, violation="V6")
    return deciding.decide(Case.objects.get(post=post), Measure.CLEAR, by=moderator, version=1)


def end(appeal, outcome, by, **extra):
    appeal.refresh_from_db()
    return appealing.decide_appeal(
        appeal, outcome, by=by, version=appeal.version, **{"reasons": "We looked again.", **extra}
    )


def is_seen(post):
    return Post.objects.visible_to(AnonymousUser()).filter(pk=post.pk).exists()


def world():
    """What a removal changes, and what granting has to bring back."""
    return (
        list(Post.objects.order_by("pk").values_list("comment_count", "echo_count", "shown")),
        [is_seen(post) for post in Post.objects.order_by("pk")],
        list(KnownBad.objects.values_list("digest", flat=True)),
    )


def test_granting_an_authors_appeal_brings_the_world_back(author, reader, moderator, other):
    post = factories.make_post(author=author, parent=factories.make_post(author=reader))
    before = world()
    reporting.report(post, by=reader, violation="V6")
    removal = deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V6")
    assert world() != before
    ended = end(appealing.appeal(removal, by=author, text="It was a joke."), GRANT, other)
    assert world() == before
    ended.refresh_from_db()
    assert (ended.status, ended.decided_by, ended.result) == (GRANT, other, removal.overturned_by)
    assert ended.decided_at is not None
    assert "We looked again." in removal.overturned_by.statement.ground


def test_rejecting_keeps_everything_and_tells_the_appellant_why(author, other, removal):
    before = world()
    appeal = end(appealing.appeal(removal, by=author, text="Why?"), REJECT, other, reasons="It names her.")
    assert world() == before
    assert (appeal.notice.recipient, appeal.notice.language) == (author, "en")
    assert "We rejected your appeal" in appeal.notice.text
    assert "It names her." in appeal.notice.text


def test_the_outcome_is_told_in_the_appellants_language(author, other, removal):
    User.objects.filter(pk=author.pk).update(language="de")
    author.refresh_from_db()
    appeal = end(appealing.appeal(removal, by=author, text="Warum?"), REJECT, other)
    assert appeal.notice.language == "de"
    assert "Beschwerde" in appeal.notice.text


def test_a_reporter_whose_report_was_rejected_can_have_it_removed(author, reader, other, rejected_report):
    post = rejected_report.case.post
    appeal = appealing.appeal(rejected_report, by=reader, text="It names my street.")
    with pytest.raises(ValidationError):
        end(appeal, GRANT, other)
    assert is_seen(post)
    ended = end(appeal, GRANT, other, violation="V11")
    assert not is_seen(post)
    assert (ended.result.measure, ended.result.violation) == (Measure.TAKE_DOWN, "V11")
    assert ended.result.statement.recipient == author
    assert "what you reported breaks our rules, and we removed it" in ended.notice.text
    assert not Notice.objects.filter(decision=ended.result, report__isnull=False).exists()


def test_the_author_can_appeal_against_what_a_reporters_appeal_led_to(
    author, reader, moderator, other, rejected_report
):
    removal = end(
        appealing.appeal(rejected_report, by=reader, text="No."), GRANT, other, violation="V6"
    ).result
    appeal = appealing.appeal(removal, by=author, text="No.")
    with pytest.raises(FirstDecider):
        end(appeal, GRANT, other)
    end(appeal, GRANT, moderator)
    assert is_seen(removal.case.post)


def test_rejecting_a_reporters_appeal_leaves_the_text_up(reader, other, rejected_report):
    appeal = end(appealing.appeal(rejected_report, by=reader, text="Look again."), REJECT, other)
    assert is_seen(rejected_report.case.post)
    assert "we leave what you reported as it is" in appeal.notice.text


def test_granting_removes_nothing_that_nobody_judged(author, reader, other, rejected_report):
    """The author has edited the text since: the version that was reported is not shown any more."""
    post = rejected_report.case.post
    factories.clear(publishing.edit(post, body="Bake it", warning="", by=author))
    appeal = end(appealing.appeal(rejected_report, by=reader, text="No."), GRANT, other, violation="V6")
    assert is_seen(post)
    assert appeal.result is None
    assert "nothing left to remove" in appeal.notice.text


def test_an_open_case_about_the_same_text_is_decided_first(reader, other, rejected_report):
    reporting.report(rejected_report.case.post, by=factories.make_user(), violation="V1")
    appeal = appealing.appeal(rejected_report, by=reader, text="No.")
    with pytest.raises(CaseChanged):
        end(appeal, GRANT, other, violation="V6")
    appeal.refresh_from_db()
    assert appeal.is_open


def test_an_appeal_against_what_was_taken_back_meanwhile_is_granted_without_effect(
    author, moderator, other, removal
):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    deciding.overturn(removal, by=moderator)
    appeal = end(appeal, GRANT, other)
    assert appeal.result is None
    assert "had been taken back already" in appeal.notice.text


def test_the_first_decider_does_not_decide(author, moderator, removal):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    for outcome in (GRANT, REJECT):
        with pytest.raises(FirstDecider):
            end(appeal, outcome, moderator)
    with pytest.raises(FirstDecider):
        appealing.answer(appeal, by=moderator, text="Hello")
    assert not removal.revisions.filter(status="cleared").exists()


def raw(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


DECIDE = """UPDATE moderation_appeal SET status = %s, decided_by_id = %s, decided_at = now(), reasons = 'So it is.'
            WHERE id = %s"""


def test_the_database_refuses_the_first_decider(author, moderator, removal):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    with pytest.raises(IntegrityError, match="who decided first does not decide"):
        raw(DECIDE, "rejected", moderator.pk, appeal.pk)


def test_the_database_refuses_the_appellant_as_judge(author, removal):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    with pytest.raises(IntegrityError, match="not_by_its_appellant"):
        raw(DECIDE, "rejected", author.pk, appeal.pk)


def test_the_database_refuses_to_grant_without_giving_back(author, other, removal):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    with pytest.raises(IntegrityError, match="granted by overturning"):
        raw(DECIDE, "granted", other.pk, appeal.pk)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'open', decided_by_id = NULL, decided_at = NULL, reasons = ''",
        "reasons = 'Other reasons'",
        "text = 'Other words'",
        "created_at = now() + interval '1 hour'",
    ],
)
def test_the_database_keeps_what_an_appeal_said_and_how_it_ended(author, other, removal, change):
    appeal = end(appealing.appeal(removal, by=author, text="It was a joke."), REJECT, other)
    with pytest.raises(IntegrityError):
        raw(f"UPDATE moderation_appeal SET {change} WHERE id = %s", appeal.pk)  # noqa: S608  Constants of this test.
    with pytest.raises(IntegrityError):
        raw("DELETE FROM moderation_appeal WHERE id = %s", appeal.pk)


def test_an_outcome_has_reasons(author, other, removal):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    with pytest.raises(ValidationError):
        end(appeal, REJECT, other, reasons="  ")
    with pytest.raises(IntegrityError, match="outcome_has_reasons"):
        raw("UPDATE moderation_appeal SET status = 'rejected' WHERE id = %s", appeal.pk)


def test_one_appeal_for_a_decision_and_person(author, removal):
    appealing.appeal(removal, by=author, text="It was a joke.")
    with pytest.raises(AlreadyAppealed):
        appealing.appeal(removal, by=author, text="Really.")
    with pytest.raises(IntegrityError, match="once_per_decision"), transaction.atomic():
        Appeal.objects.create(decision=removal, appellant=author, text="Really.")


def test_only_whom_a_decision_concerns_appeals(reader, other, removal, rejected_report):
    stranger = factories.make_user("stranger")
    for decision, person in ((removal, reader), (removal, stranger), (rejected_report, stranger)):
        with pytest.raises(NotAllowed):
            appealing.appeal(decision, by=person, text="No.")


def test_what_was_taken_back_needs_no_appeal(author, moderator, removal):
    deciding.overturn(removal, by=moderator)
    with pytest.raises(NotAppealable, match="taken back"):
        appealing.appeal(removal, by=author, text="No.")


@pytest.mark.parametrize(("age", "is_late"), [(timedelta(minutes=-1), False), (timedelta(minutes=1), True)])
def test_the_time_to_appeal_ends_by_the_databases_clock(author, moderator, age, is_late):
    factories.make_held_post(author=author)
    at = timezone.now() - TIME_TO_APPEAL - age
    old = Decision.objects.create(
        case=Case.objects.get(), measure=Measure.TAKE_DOWN, violation="V1", by=moderator, at=at
    )
    if not is_late:
        assert appealing.appeal(old, by=author, text="No.").is_open
        return
    with pytest.raises(NotAppealable, match="is over"):
        appealing.appeal(old, by=author, text="No.")
    with pytest.raises(IntegrityError, match="within six months"), transaction.atomic():
        Appeal.objects.create(decision=old, appellant=author, text="No.")


def test_an_appeal_is_due_a_week_later_however_wrong_the_servers_clock(author, removal):
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        appeal = appealing.appeal(removal, by=author, text="No.")
    assert abs(appeal.due_at - appeal.created_at - TIME_TO_ANSWER) < timedelta(seconds=1)


def test_an_appeal_is_late_after_its_due_time(author, removal):
    appeal = appealing.appeal(removal, by=author, text="No.")
    assert not Appeal.objects.late().exists()
    Appeal.objects.filter(pk=appeal.pk).update(due_at=Now() - timedelta(minutes=1))
    assert Appeal.objects.late().get() == appeal


def test_both_sides_talk_until_it_is_decided(author, reader, other, removal):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    appealing.answer(appeal, by=other, text="About whom?")
    appealing.answer(appeal, by=author, text="About nobody.")
    with pytest.raises(NotAllowed):
        appealing.answer(appeal, by=reader, text="I have a view on that.")
    assert [message.by for message in appeal.messages.order_by("pk")] == [other, author]
    end(appeal, REJECT, other)
    with pytest.raises(AppealClosed):
        appealing.answer(appeal, by=author, text="Wait!")


def test_what_was_said_meanwhile_is_read_first(author, other, removal):
    appeal = appealing.appeal(removal, by=author, text="It was a joke.")
    appealing.answer(appeal, by=author, text="Here is the proof.")
    with pytest.raises(AppealChanged):
        appealing.decide_appeal(appeal, REJECT, by=other, version=1, reasons="No proof.")


def test_an_appeal_ends_once(author, other, removal):
    appeal = end(appealing.appeal(removal, by=author, text="No."), REJECT, other)
    with pytest.raises(AppealClosed):
        end(appeal, GRANT, other)


def test_moderators_do_not_decide_what_concerns_them(reader, administrator, other):
    reporting.report(factories.make_post(author=other), by=reader, violation="V6")
    decision = deciding.decide(Case.objects.get(), Measure.CLEAR, by=administrator, version=1)
    appeal = appealing.appeal(decision, by=reader, text="No.")
    with pytest.raises(NotAllowed):
        end(appeal, REJECT, other)
    with pytest.raises(NotAllowed):
        end(appeal, REJECT, reader)
    assert not Appeal.objects.on_desk_of(other).exists()
    assert Appeal.objects.on_desk_of(administrator).get() == appeal


def test_every_step_stands_in_the_trail(author, other, removal):
    appeal = appealing.appeal(removal, by=author, text="No.")
    appealing.answer(appeal, by=other, text="Why?")
    end(appeal, GRANT, other)
    rows = AuditRow.objects.filter(subject=str(appeal)).order_by("pk")
    assert [(row.verb, row.actor) for row in rows] == [
        ("appeal", str(author)),
        ("answer_appeal", str(other)),
        ("decide_appeal", str(other)),
    ]


def test_an_erased_account_leaves_no_words_behind(author, other, removal):
    appeal = appealing.appeal(removal, by=author, text="My name is Anna.")
    appealing.answer(appeal, by=author, text="Anna, really.")
    erase_evidence(user=author)
    appeal.refresh_from_db()
    assert appeal.text == ""
    assert AppealMessage.objects.get().text == ""
    end(appeal, REJECT, other)


# What reporters hear


def test_every_reporter_hears_what_came_of_it_once_and_nothing_of_the_others(author, reader, moderator):
    german = factories.make_user("melder", language="de")
    post = factories.make_post(author=author, text="Burn it")
    for person in (reader, german):
        reporting.report(post, by=person, violation="V6", comment=f"says {person.handle}")
    deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V6")
    texts = {notice.recipient: notice.text for notice in Notice.objects.filter(kind=NoticeKind.OUTCOME)}
    assert "you reported a post. A person looked at it and removed it" in texts[reader]
    assert "Ein Mensch hat das geprüft und entfernt" in texts[german]
    assert "melder" not in texts[reader]
    assert "Burn it" not in texts[reader]


def test_a_rejected_report_says_how_to_appeal(reader, rejected_report):
    notice = Notice.objects.get(recipient=reader, kind=NoticeKind.OUTCOME)
    assert "you can appeal within six months" in notice.text
    assert notice.report
    assert notice.report.reporter == reader


def test_reporters_hear_that_a_removal_was_taken_back(reader, moderator, removal):
    deciding.overturn(removal, by=moderator)
    factories.let_undo_pass()
    _receipt, first, second = Notice.objects.for_reader(reader).order_by("pk")
    assert "removed it" in first.text
    assert "took that back" in second.text


def test_notices_are_mailed_once(author, reader, other, rejected_report, settings):
    end(appealing.appeal(rejected_report, by=reader, text="No."), REJECT, other)
    factories.let_undo_pass()
    assert mailing.send_due() == 3
    assert mailing.send_due() == 0
    assert [message.subject for message in mail.outbox] == [
        "Parler: we received your report",
        "Parler: your report",
        "Parler: your appeal",
    ]
    for message, notice in zip(mail.outbox, Notice.objects.order_by("pk"), strict=True):
        assert message.to == [reader.email]
        assert notice.text in message.body
        assert f"{settings.PARLER_URL}{notice.get_absolute_url()}" in message.body


def test_a_held_text_without_reports_makes_no_notice(author, moderator):
    factories.make_held_post(author=author)
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    assert Statement.objects.exists()
    assert not Notice.objects.exists()


def test_many_reporters_are_mailed_over_several_sweeps(author, moderator, monkeypatch):
    monkeypatch.setattr("moderation.mailing.MOST_A_SWEEP", 3)
    post = factories.make_post(author=author, text="Burn it")
    for _number in range(5):
        reporting.report(post, by=factories.make_user(), violation="V6")
    assert mailing.send_due() == 3  # The receipts, of which two wait for the next sweep.
    assert mailing.send_due() == 2
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    factories.let_undo_pass()
    assert [mailing.send_due() for _sweep in range(3)] == [3, 2, 0]
