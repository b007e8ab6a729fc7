"""Every measure is taken and taken back, and the world is compared before and after: what everybody sees, and what is counted."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import Restriction
from accounts.roles import Role
from moderation import appealing, choosing, deciding, reporting, striking
from moderation.choosing import Choice
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed, SecondNeeded
from moderation.measures import CLOSING, DAY, MARKING, ON_ACCOUNTS, RESTRICTING, Measure
from moderation.models import AppealStatus, AuditRow, Case, CaseStatus, Decision, KnownBad, Notice, Statement
from moderation.proposing import confirm, propose
from moderation.training.decisions import last_decisions
from moderation.withholding import UNDO
from posts import publishing
from posts.models import Post, Revision
from posts.revising import IllegalMove
from tests import factories
from tests.api.tokens import issue

# How each measure is chosen: alone, or beside a measure on a text. A new member of the enum fails the tests until it stands here.
CHOICES = {
    Measure.CLEAR: Choice(Measure.CLEAR),
    Measure.LABEL: Choice(Measure.LABEL),
    Measure.LIMIT: Choice(Measure.LIMIT),
    Measure.TAKE_DOWN: Choice.of(Measure.TAKE_DOWN),
    Measure.LOCK: Choice(Measure.LOCK),
    Measure.WARN: Choice(Measure.LABEL, on_account=Measure.WARN),
    Measure.STRIKE: Choice(Measure.LABEL, on_account=Measure.STRIKE),
    Measure.READ_ONLY: Choice(Measure.TAKE_DOWN, on_account=Measure.READ_ONLY, duration=DAY),
    Measure.SUSPEND: Choice(Measure.TAKE_DOWN, on_account=Measure.SUSPEND, duration=30 * DAY),
    Measure.BAN: Choice(Measure.TAKE_DOWN, on_account=Measure.BAN),
    Measure.ESCALATE: Choice(Measure.ESCALATE),
}
TAKEN = [measure for measure in Measure if measure != Measure.RESTORE]


@pytest.fixture
def senior(db):
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def second(db):
    return factories.make_user("second_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def staff(senior, second):
    return senior, second


@pytest.fixture
def look_around(client_for, author, reader):
    return lambda: world(client_for, author, reader)


@pytest.fixture
def scene(author, reader):
    """A thread with a held post, a shown one that is reported, and somebody who follows and echoes."""
    top = factories.make_post(author=author, text="What do you think of the play?", visibility="public")
    factories.make_post(
        author=author, text="It is long", parent=factories.make_post(author=reader, text="Mine")
    )
    factories.make_post(author=reader, echoed=top, text="")
    held = factories.make_held_post(author=author, text="The last act slays me")
    reporting.report(top, by=reader, violation="V6")
    return {"held": Case.objects.get(post=held), "reported": Case.objects.get(post=top)}


def take(case, choice, by, second=None):
    """Decide as chosen, with a second person where it takes one."""
    case.refresh_from_db()
    given = {
        "by": by,
        "version": case.version,
        "violation": "V3" if choice.measure in RESTRICTING else "",
        "reason": "It was read.",
    }
    if choice.needs_second(case):
        return confirm(propose(case, choice, **given), by=second)
    return deciding.decide(case, choice, **given)


def look(client, user, address, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    response = client.get(address, headers=headers)
    body = response.content.decode()
    texts = ("What do you think", "It is long", "slays me", "Mine")
    marks = ("Marked sensitive", "Comments are closed", "account is suspended", "read-only until")
    return response.status_code, [text in body for text in texts], [mark in body for mark in marks]


def world(client_for, author, reader):
    """Everything that a measure may change, as rows and as everybody sees it; not the records that stay on purpose."""
    post = Post.objects.filter(author=author).earliest("pk")
    token = issue(reader)
    api = [
        look(client_for(None), reader, address, token)
        for address in ("/api/v1/timelines/home", "/api/v1/timelines/public", f"/api/v1/statuses/{post.pk}")
    ]
    own = [
        look(client_for(user), user, address)
        for user in (author, reader, None)
        for address in ("/home", "/explore", post.get_absolute_url(), author.get_absolute_url())
    ]
    return {
        "posts": list(Post.objects.order_by("pk").values()),
        "revisions": list(Revision.objects.order_by("pk").values_list("pk", "status")),
        "restrictions": list(Restriction.objects.in_force().values_list("account", "kind")),
        "known": KnownBad.objects.count(),
        "strikes": striking.record_of(author).points,
        "cases": list(
            Case.objects.order_by("pk").values_list("pk", "status", "claimed_by", "min_role_level", "version")
        ),
        "pages": own,
        "api": api,
    }


def unclaimed(world):
    """The world but for who works on cases, which undoing gives to whoever decided."""
    return {**world, "cases": [(pk, status, level) for pk, status, _by, level, _version in world["cases"]]}


@pytest.mark.parametrize("measure", TAKEN)
@pytest.mark.parametrize("which", ["held", "reported"])
def test_every_measure_is_undone_at_once_as_if_it_had_never_been(
    look_around, author, staff, scene, measure, which
):
    senior, second = staff
    before = look_around()
    decision = take(scene[which], CHOICES[measure], senior, second)
    after = look_around()
    # Clearing what is shown changes nothing but the case.
    assert after != before
    deciding.take_back(decision, by=senior)
    assert unclaimed(look_around()) == unclaimed(before)
    case = Case.objects.get(pk=scene[which].pk)
    assert (case.status, case.claimed_by) == (CaseStatus.OPEN, senior)
    assert not Statement.objects.for_reader(author).exists()
    assert not Statement.objects.due().exists()
    assert not Notice.objects.due().filter(decision__isnull=False).exists()  # Receipts are due at once.
    assert AuditRow.objects.filter(verb="take_back").count() == 1


@pytest.mark.parametrize("measure", [m for m in TAKEN if m.terms.overturnable])
def test_every_measure_is_overturned_later(look_around, staff, administrator, scene, measure):
    senior, second = staff
    before = look_around()
    decision = take(scene["reported"], CHOICES[measure], senior, second)
    if measure == Measure.ESCALATE:  # What was passed on is out of the seniors' hands.
        with pytest.raises(NotAllowed):
            deciding.overturn(decision, by=second)
        second = administrator
    deciding.overturn(decision, by=second, reason="We looked again.")
    after = look_around()
    for part in before.keys() - {"cases"}:
        assert after[part] == before[part], part
    with pytest.raises(AlreadyDecided):
        deciding.overturn(decision, by=second)


@pytest.mark.parametrize("measure", ON_ACCOUNTS)
def test_the_measure_on_an_account_is_taken_back_alone(look_around, author, staff, scene, measure):
    senior, second = staff
    alone = Choice(CHOICES[measure].measure, is_strike=CHOICES[measure].is_strike)
    decision = take(scene["reported"], alone, senior)
    without = look_around()
    deciding.take_back(decision, by=senior)
    beside = take(scene["reported"], CHOICES[measure], senior, second).children.get()
    lifted = deciding.overturn(beside, by=second, reason="It was too much.")
    factories.let_undo_pass()
    after = look_around()
    for part in without.keys() - {
        "cases",
        "posts",
    }:  # Posts say when they were marked; the pages say that they are.
        assert after[part] == without[part], part
    statement = lifted.statement
    assert "itself stands." in statement.measure
    assert statement.recipient == author
    with pytest.raises(AlreadyDecided):
        deciding.overturn(beside, by=second)
    deciding.overturn(beside.parent, by=second)
    assert not Restriction.objects.in_force().exists()
    assert Decision.objects.filter(overturns=beside).count() == 1


def test_a_ban_is_lifted_by_nobody_below_those_who_ban(moderator, staff, scene, client_for):
    ban = take(scene["reported"], CHOICES[Measure.BAN], *staff).children.get()
    with pytest.raises(NotAllowed):
        deciding.overturn(ban, by=moderator)
    address = reverse("admin:moderation_case_lift", args=[ban.case_id, ban.pk])
    page = reverse("admin:moderation_case_change", args=[ban.case_id])
    assert address not in client_for(moderator).get(page).content.decode()
    assert client_for(moderator).post(address, {"reason": ""}).status_code == 409
    assert address in client_for(staff[0]).get(page).content.decode()
    assert client_for(staff[0]).post(address, {"reason": "Too much."}).url == page
    assert address not in client_for(staff[0]).get(page).content.decode()
    assert not Restriction.objects.in_force().exists()
    ban.parent.refresh_from_db()
    assert not hasattr(ban.parent, "overturned_by")


def test_what_was_let_stay_is_not_overturned_but_removed_after_all(senior, scene):
    decision = take(scene["reported"], Choice(Measure.CLEAR), senior)
    with pytest.raises(AlreadyDecided):
        deciding.overturn(decision, by=senior)


@pytest.mark.parametrize("measure", MARKING)
def test_marking_a_held_post_shows_it(author, senior, scene, measure):
    take(scene["held"], Choice(measure), senior)
    assert Post.objects.shown().filter(pk=scene["held"].post_id).exists()


@pytest.mark.parametrize("measure", MARKING)
def test_undoing_one_of_two_decisions_keeps_the_mark_of_the_other(author, reader, senior, scene, measure):
    first = take(scene["reported"], Choice(measure), senior)
    post = scene["reported"].post
    reporting.report(post, by=factories.make_user(), violation="V6")
    again = Case.objects.open().get(post=post)
    take(again, Choice(measure), senior)

    def marks():
        return Post.objects.filter(pk=post.pk).values_list("labelled_at", "limited_at", "locked_at").get()

    assert any(marks())
    deciding.overturn(first, by=senior)
    assert any(marks())
    deciding.overturn(Decision.objects.get(case=again), by=senior)
    assert not any(marks())


@pytest.mark.parametrize("measure", MARKING)
def test_a_profile_is_not_marked(author, reader, senior, measure):
    reporting.report(author.profile, by=reader, violation="V6")
    with pytest.raises(ValidationError) as refusal:
        take(Case.objects.get(), Choice(measure), senior)
    assert refusal.value.code == "posts_only"


# Who may


@pytest.mark.parametrize(
    ("choice", "role"),
    [
        (CHOICES[Measure.READ_ONLY], Role.MODERATOR),
        (Choice(Measure.LABEL, on_account=Measure.READ_ONLY, duration=30 * DAY), Role.SENIOR_MODERATOR),
        (CHOICES[Measure.SUSPEND], Role.SENIOR_MODERATOR),
        (CHOICES[Measure.BAN], Role.SENIOR_MODERATOR),
        (CHOICES[Measure.WARN], Role.MODERATOR),
    ],
)
def test_a_measure_beyond_ones_role_is_refused(moderator, senior, scene, choice, role):
    assert not choosing.why_not(choice, by=senior)
    if role == Role.MODERATOR:
        assert not choosing.why_not(choice, by=moderator)
        return
    with pytest.raises(NotAllowed):
        take(scene["held"], choice, moderator)
    assert Case.objects.get(pk=scene["held"].pk).status == CaseStatus.OPEN


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (Choice(Measure.WARN), "measure"),
        (Choice(Measure.RESTORE), "measure"),
        (Choice(Measure.CLEAR, on_account=Measure.WARN), "on_account"),
        (Choice(Measure.CLEAR, is_strike=True), "on_account"),
        (Choice(Measure.LABEL, on_account=Measure.CLEAR), "on_account"),
        (Choice(Measure.LABEL, is_strike=True, on_account=Measure.STRIKE), "strike"),
        (Choice(Measure.LABEL, on_account=Measure.READ_ONLY), "duration"),
        (Choice(Measure.LABEL, on_account=Measure.WARN, duration=DAY), "duration"),
        (Choice(Measure.LABEL, on_account=Measure.READ_ONLY, duration=2 * DAY), "duration"),
    ],
)
def test_what_makes_no_sense_is_refused(senior, scene, choice, code):
    with pytest.raises(ValidationError) as refusal:
        take(scene["held"], choice, senior)
    assert refusal.value.code == code


def test_an_escalated_case_waits_for_a_senior(client_for, moderator, senior, scene):
    case = scene["held"]
    take(case, Choice(Measure.ESCALATE), moderator)
    case.refresh_from_db()
    assert (case.status, case.min_role_level, case.claimed_by) == (
        CaseStatus.OPEN,
        Role.SENIOR_MODERATOR.level,
        None,
    )
    assert case not in Case.objects.decidable_by(moderator)
    assert case in Case.objects.decidable_by(senior)
    with pytest.raises(NotAllowed):
        take(case, Choice(Measure.CLEAR), moderator)
    shown = client_for(moderator).get(reverse("admin:moderation_case_change", args=[case.pk]))
    assert b"somebody of a higher role decides it" in shown.content
    take(case, Choice(Measure.CLEAR), senior)


def test_a_senior_escalates_to_an_administrator_who_escalates_no_further(senior, administrator, scene):
    take(scene["held"], Choice(Measure.ESCALATE), senior)
    scene["held"].refresh_from_db()
    assert scene["held"].min_role_level == Role.ADMINISTRATOR.level
    with pytest.raises(NotAllowed):
        take(scene["held"], Choice(Measure.ESCALATE), administrator)


# Undo


def test_only_who_decided_undoes_it(moderator, senior, scene):
    decision = take(scene["held"], CHOICES[Measure.TAKE_DOWN], moderator)
    with pytest.raises(NotAllowed):
        deciding.take_back(decision, by=senior)


def age(decision, by):
    """Let a decision have been made earlier, by the database's clock; only a superuser without triggers can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Decision.objects.filter(pk=decision.pk).update(at=F("at") - by)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_after_ten_seconds_it_is_too_late(moderator, scene, time_machine):
    decision = take(scene["held"], CHOICES[Measure.TAKE_DOWN], moderator)
    time_machine.move_to(timezone.now() - DAY)
    age(decision, UNDO)
    with pytest.raises(AlreadyDecided):
        deciding.take_back(decision, by=moderator)
    assert Statement.objects.filter(withdrawn_at=None).exists()


def test_python_s_clock_does_not_end_the_time_to_undo(moderator, scene, time_machine):
    decision = take(scene["held"], CHOICES[Measure.TAKE_DOWN], moderator)
    time_machine.move_to(timezone.now() + DAY)
    deciding.take_back(decision, by=moderator)


def test_it_is_undone_once(moderator, scene):
    decision = take(scene["held"], CHOICES[Measure.TAKE_DOWN], moderator)
    deciding.take_back(decision, by=moderator)
    with pytest.raises(AlreadyDecided):
        deciding.take_back(decision, by=moderator)


def test_what_came_up_meanwhile_is_not_lost(author, moderator, scene):
    decision = take(scene["held"], Choice(Measure.CLEAR), moderator)
    factories.hold(publishing.edit(scene["held"].post, body="Worse", warning="", by=author))
    with pytest.raises(CaseChanged):
        deciding.take_back(decision, by=moderator)


def test_what_its_author_withdrew_meanwhile_is_not_held_again(author, moderator, scene):
    decision = take(scene["held"], Choice(Measure.CLEAR), moderator)
    publishing.withdraw(scene["held"].post, by=author)
    with pytest.raises(IllegalMove):
        deciding.take_back(decision, by=moderator)
    scene["held"].refresh_from_db()
    assert scene["held"].status == CaseStatus.CLOSED


def test_a_measure_on_the_account_is_contested_with_its_decision(author, moderator, administrator, scene):
    decision = take(scene["held"], Choice(Measure.LABEL, on_account=Measure.WARN), moderator)
    with pytest.raises(NotAllowed):
        appealing.appeal(decision.children.get(), by=author, text="No.")
    appeal = appealing.appeal(decision, by=author, text="No.")
    appealing.decide_appeal(
        appeal, AppealStatus.GRANTED, by=administrator, version=appeal.version, reasons="Indeed."
    )
    assert not Decision.objects.standing().filter(case=scene["held"]).exists()


def test_a_text_that_was_shown_before_is_shown_again(author, moderator):
    post = factories.make_post(author=author, text="first")
    first = post.shown_id
    factories.hold(publishing.edit(post, body="second", warning="", by=author))
    decision = take(Case.objects.get(), Choice(Measure.CLEAR), moderator)
    post.refresh_from_db()
    assert post.shown_id != first
    deciding.take_back(decision, by=moderator)
    post.refresh_from_db()
    assert post.shown_id == first


def test_the_page_offers_the_undo_and_it_works_without_javascript(client_for, moderator, scene):
    desk = client_for(moderator)
    case = scene["held"]
    page = reverse("admin:moderation_case_change", args=[case.pk])
    desk.post(reverse("admin:moderation_case_take", args=[case.pk]))
    sent = {"measure": "take_down", "violation": "V3", "reason": "", "version": case.version, "strike": "on"}
    shown = desk.post(reverse("admin:moderation_case_decide", args=[case.pk]), sent, follow=True)
    undo = reverse("admin:moderation_case_take_back", args=[case.pk])
    assert f'action="{undo}"' in shown.content.decode()
    assert Decision.objects.get().is_strike
    assert desk.get(undo).status_code == 405
    assert desk.post(undo, follow=True).redirect_chain == [(page, 302)]
    case.refresh_from_db()
    assert (case.status, case.claimed_by) == (CaseStatus.OPEN, moderator)
    assert desk.post(undo).status_code == 409


# What the database refuses


@pytest.mark.parametrize("measure", ON_ACCOUNTS)
def test_the_database_refuses_an_account_measure_without_its_decision(author, senior, scene, measure):
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            case=scene["held"],
            measure=measure,
            violation="V3",
            by=senior,
            is_strike=measure == Measure.STRIKE,
        )


@pytest.mark.parametrize("measure", RESTRICTING)
def test_the_database_wants_a_rule_for_what_restricts(senior, scene, measure):
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(case=scene["held"], measure=measure, by=senior)


def test_the_table_of_terms_is_whole():
    assert set(CHOICES) == set(TAKEN)
    assert {measure for measure in Measure if measure.undo is None} == {Measure.RESTORE}
    assert all(not measure.terms.closes for measure in ON_ACCOUNTS)
    assert Measure.ESCALATE not in CLOSING


def test_who_needs_a_second_person_does_not_decide_alone(senior, scene):
    with pytest.raises(SecondNeeded):
        deciding.decide(scene["held"], CHOICES[Measure.BAN], by=senior, version=1, violation="V3")


def test_an_appeal_against_the_decision_takes_the_account_measure_back_too(author, senior, second, scene):
    decision = take(scene["held"], CHOICES[Measure.SUSPEND], senior)
    (child,) = decision.children.all()
    assert list(Decision.objects.contestable_by(author)) == [decision]
    with pytest.raises(NotAllowed):
        appealing.appeal(child, by=author, text="It was a play.")
    appeal = appealing.appeal(decision, by=author, text="It was a play.")
    appealing.decide_appeal(appeal, AppealStatus.GRANTED, by=second, version=1, reasons="It was.")
    assert not Restriction.objects.in_force().exists()
    assert striking.record_of(author).points == 0


def test_whoever_wrote_an_appeal_in_the_meantime_gets_an_answer(author, senior, scene):
    decision = take(scene["held"], CHOICES[Measure.TAKE_DOWN], senior)
    appealing.appeal(decision, by=author, text="It was a play.")
    with pytest.raises(AlreadyDecided):
        deciding.take_back(decision, by=senior)


def test_nothing_is_learned_from_what_was_undone_at_once(senior, scene):
    decision = take(scene["held"], CHOICES[Measure.TAKE_DOWN], senior)
    assert len(last_decisions()) == 1
    deciding.take_back(decision, by=senior)
    assert last_decisions() == []
