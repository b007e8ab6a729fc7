"""Cases decided together: a preview, single ones left out, each with its own statement, one undo for all."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from moderation import bulk, deciding, queueing, striking
from moderation.bulk import Joint, TooMany
from moderation.choosing import Choice
from moderation.measures import Measure
from moderation.models import (
    AuditRow,
    Batch,
    BatchItem,
    CannedReason,
    Case,
    Decision,
    Statement,
)
from posts.models import Post
from posts.statuses import Status
from tests import factories
from tests.moderation.counting import own_queries
from tests.moderation.crowds import copy_cases

QUEUE = reverse("admin:moderation_case_changelist")
PREVIEW = reverse("admin:moderation_batch_preview")
DECIDE = reverse("admin:moderation_batch_decide")
REMOVAL = Joint(Choice(Measure.TAKE_DOWN, is_strike=True), "V1", "Not here.")
CLEARING = Joint(Choice(Measure.CLEAR))
FORM = {"measure": "take_down", "violation": "V1", "reason": "Not here.", "strike": "on"}


@pytest.fixture
def people(db):
    return [factories.make_user(f"writer_{number}") for number in range(3)]


@pytest.fixture
def cases(people):
    posts = [factories.make_held_post(author=person) for person in people]
    return [Case.objects.get(post=post) for post in posts]


@pytest.fixture
def desk(client_for, moderator):
    return client_for(moderator)


def seen(cases):
    return [(case, case.version) for case in cases]


def ticked(cases):
    return [f"{case.pk}:{case.version}" for case in cases]


def let_time_pass():
    """Decisions are append-only, so that the clock is moved with the trigger away."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE moderation_decision SET at = at - interval '1 minute'")
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_each_case_is_decided_with_a_statement_of_its_own(cases, people, moderator):
    batch = bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    assert (batch.count, batch.measure, batch.violation) == (3, "take_down", "V1")
    assert not Case.objects.open().exists()
    assert set(Statement.objects.values_list("recipient", flat=True)) == {person.pk for person in people}
    assert all(striking.record_of(person).points == 4 for person in people)
    assert AuditRow.objects.filter(verb="decide").count() == 3
    assert AuditRow.objects.get(verb="decide_together").subject == str(batch)


def test_what_cannot_be_decided_is_left_out_and_named(cases, people, moderator):
    changed, taken, fine = cases
    Case.objects.filter(pk=changed.pk).update(version=7)
    queueing.claim(taken, by=factories.make_user("other_moderator", role=Role.MODERATOR))
    own = Case.objects.get(post=factories.make_held_post(author=moderator))
    batch = bulk.decide_together(seen([*cases, own]), REMOVAL, by=moderator)
    assert [item.case for item in batch.items.filter(decision__isnull=False)] == [fine]
    left_out = {item.case: item.refusal for item in batch.items.filter(decision=None)}
    assert set(left_out) == {changed, taken, own}
    assert all(left_out.values())
    assert Decision.objects.count() == 1


def test_a_case_that_takes_a_second_person_is_left_out(cases, moderator):
    Case.objects.filter(pk=cases[0].pk).update(second_needed=True)
    batch = bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    assert batch.items.get(decision=None).case == cases[0]


def test_a_profile_is_left_out_of_what_is_for_posts(cases, moderator):
    profile = factories.make_user("unclear", is_cleared=False).profile
    factories.hold(profile.get_latest_revision())
    case = Case.objects.get(profile=profile)
    joint = Joint(Choice(Measure.LABEL), "V6")
    (candidate,) = bulk.examine([case], joint, by=moderator)
    assert candidate.why_not
    batch = bulk.decide_together(seen([case, *cases]), joint, by=moderator)
    assert batch.items.get(decision=None).case == case


@pytest.mark.parametrize("number", [0, bulk.MOST + 1])
def test_a_batch_is_bounded(cases, moderator, number):
    with pytest.raises(TooMany):
        bulk.decide_together(seen(cases)[:1] * number, REMOVAL, by=moderator)
    assert not Batch.objects.exists()


def test_a_batch_that_was_interrupted_goes_on_when_it_is_asked_for_again(cases, moderator):
    deciding.decide(cases[0], Measure.TAKE_DOWN, by=moderator, version=1, violation="V1")
    again = bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    assert again.items.get(decision=None).case == cases[0]
    assert Decision.objects.count() == 3


def test_a_canned_reason_is_in_the_language_of_each_author(cases, people, moderator):
    User.objects.filter(pk=people[0].pk).update(language="de")
    canned = CannedReason.objects.create(text_en="In English.", text_de="Auf Deutsch.")
    joint = Joint(Choice(Measure.TAKE_DOWN), "V1", "Besides.", canned)
    fresh = [Case.objects.with_target().get(pk=case.pk) for case in cases]
    bulk.decide_together(seen(fresh), joint, by=moderator)
    reasons = list(Decision.objects.order_by("id").values_list("reason", flat=True))
    assert reasons == ["Auf Deutsch.\n\nBesides."] + 2 * ["In English.\n\nBesides."]


def world():
    """What a batch changes, as it is."""
    return {
        "posts": list(Post.objects.order_by("id").values_list("id", "shown")),
        "revisions": list(Post.objects.order_by("id").values_list("revisions__id", "revisions__status")),
        "points": [striking.record_of(person).points for person in User.objects.order_by("id")],
    }


@pytest.mark.parametrize("joint", [REMOVAL, CLEARING], ids=["take down", "clear"])
def test_taking_a_batch_back_at_once_leaves_the_world_as_it_was(cases, moderator, joint):
    before = world()
    batch = bulk.decide_together(seen(cases), joint, by=moderator)
    assert world() != before
    assert bulk.take_back(batch, by=moderator) == []
    assert world() == before
    assert Case.objects.open().count() == 3
    assert not Statement.objects.filter(withdrawn_at=None).exists()


def test_a_batch_that_is_taken_back_later_is_overturned_with_statements(cases, moderator):
    batch = bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    let_time_pass()
    colleague = factories.make_user("colleague", role=Role.MODERATOR)
    assert bulk.take_back(batch, by=colleague, reason="We were wrong.") == []
    assert all(case.post.revisions.get().status == Status.CLEARED for case in cases)
    assert Statement.objects.filter(decision__measure=Measure.RESTORE).count() == 3
    assert all(striking.record_of(case.author).points == 0 for case in cases)


def test_what_was_let_stay_is_not_taken_back_later_and_says_so(cases, moderator):
    batch = bulk.decide_together(seen(cases), CLEARING, by=moderator)
    let_time_pass()
    assert len(bulk.take_back(batch, by=moderator)) == 3
    assert all(case.post.revisions.get().status == Status.CLEARED for case in cases)


def test_an_interrupted_undo_goes_on(cases, moderator):
    batch = bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    let_time_pass()
    deciding.overturn(Decision.objects.earliest("pk"), by=moderator)
    assert bulk.take_back(batch, by=moderator) == []
    assert Decision.objects.filter(measure=Measure.RESTORE).count() == 3
    assert not batch.items.standing().exists()


def test_many_are_examined_in_as_many_queries_as_few(cases, moderator):
    moderator.get_role()
    copy_cases(cases[0], 40)
    few, many = (list(Case.objects.with_author()[:number]) for number in (2, 40))
    with own_queries(1):
        bulk.examine(few, REMOVAL, by=moderator)
    with own_queries(1):
        bulk.examine(many, REMOVAL, by=moderator)


def test_the_database_keeps_what_was_written(cases, moderator):
    bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    for rows in (BatchItem.objects.all(), Batch.objects.all()):
        for change in (rows.delete, lambda rows=rows: rows.update(id=1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()


def test_the_database_wants_a_decision_or_a_reason_why_not(cases, moderator):
    batch = bulk.decide_together(seen(cases[:1]), REMOVAL, by=moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchItem.objects.create(batch=batch, case=cases[1])


def test_the_preview_decides_nothing(desk, cases):
    shown = desk.post(PREVIEW, {**FORM, "together": [case.pk for case in cases]})
    assert shown.status_code == 200
    assert shown.context["possible"] == cases
    assert not Decision.objects.exists()
    assert not Batch.objects.exists()


def test_from_the_queue_to_the_batch_and_back(desk, cases, moderator):
    page = desk.get(QUEUE).content.decode()
    assert all(f'value="{case.pk}" form="together"' in page for case in cases)
    shown = desk.post(PREVIEW, {**FORM, "together": [case.pk for case in cases]}).content.decode()
    assert all(f'value="{value}" checked' in shown for value in ticked(cases))
    answer = desk.post(DECIDE, {**FORM, "together": ticked(cases[:2])})
    batch = Batch.objects.get()
    assert answer.url == batch.get_absolute_url()
    assert list(Case.objects.open()) == [cases[2]]
    assert "2 of 2 cases decided" in desk.get(answer.url).content.decode()
    back = desk.post(reverse("admin:moderation_batch_take_back", args=[batch.pk]), follow=True)
    assert "Nothing of it stands any more" in back.content.decode()
    assert Case.objects.open().count() == 3


def test_from_a_case_the_similar_ones_are_decided_with_it(desk, cases):
    first, second, _third = cases
    desk.post(reverse("admin:moderation_case_take", args=[first.pk]))
    sent = {**FORM, "version": 1, "on_account": "", "canned": "", "together": [second.pk]}
    shown = desk.post(reverse("admin:moderation_case_decide", args=[first.pk]), sent)
    assert shown.context["possible"] == [first, second]
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"together": []},
        {"violation": ""},
        {"measure": ""},
        {"measure": "ban"},
        {"on_account": "suspend-30"},
        {"together": ["x", "-1", "99999999999999999999"]},
    ],
)
def test_what_is_incomplete_is_asked_again(desk, cases, wrong):
    sent = {**FORM, "together": ticked(cases), **wrong}
    assert desk.post(PREVIEW, sent).status_code == 400
    assert desk.post(DECIDE, sent).status_code == 400
    assert not Decision.objects.exists()


def test_more_than_a_batch_may_have_is_refused_and_not_cut(desk, cases):
    copy_cases(cases[0], bulk.MOST)
    everything = [f"{pk}:1" for pk in Case.objects.values_list("pk", flat=True)]
    assert desk.post(PREVIEW, {**FORM, "together": everything}).status_code == 400
    assert desk.post(DECIDE, {**FORM, "together": everything}).status_code == 400
    assert not Batch.objects.exists()


def test_the_preview_does_not_show_what_is_not_the_moderators_to_judge(desk, cases, moderator):
    own = Case.objects.get(post=factories.make_held_post(author=moderator, text="About myself, I shall burn"))
    shown = desk.post(PREVIEW, {**FORM, "together": [cases[0].pk, own.pk]}).content.decode()
    assert "About myself" not in shown
    assert "1 case that is not yours to judge" in shown


def test_the_preview_names_who_works_on_a_case(desk, cases):
    queueing.claim(cases[0], by=factories.make_user("other_moderator", role=Role.MODERATOR))
    shown = desk.post(PREVIEW, {**FORM, "together": ticked(cases)})
    assert [candidate.case for candidate in shown.context["left_out"]] == cases[:1]
    assert b"Somebody else is working on this case" in shown.content


def test_preview_and_batch_take_as_many_queries_for_many_as_for_few(desk, cases, moderator):
    copy_cases(cases[0], 30)
    every = list(Case.objects.open())
    desk.post(PREVIEW, {**FORM, "together": ticked(every[:1])})
    for number in (2, 30):
        with own_queries(4):
            desk.post(PREVIEW, {**FORM, "together": ticked(every[:number])})
    few = bulk.decide_together(seen(every[:1]), REMOVAL, by=moderator)
    many = bulk.decide_together(seen(every[1:8]), REMOVAL, by=moderator)
    for batch in (few, many):
        with own_queries(3):
            desk.get(batch.get_absolute_url())


def test_nobody_but_moderators_decides_together(client_for, reader, cases):
    for address in (PREVIEW, DECIDE):
        client_for(reader).post(address, {**FORM, "together": ticked(cases)}, follow=True)
    assert not Decision.objects.exists()


def test_what_changes_something_refuses_get(desk, cases, moderator):
    batch = bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    for address in (PREVIEW, DECIDE, reverse("admin:moderation_batch_take_back", args=[batch.pk])):
        assert desk.get(address).status_code == 405
    assert desk.post(batch.get_absolute_url()).status_code == 405
    assert desk.get(reverse("admin:moderation_batch_change", args=[1])).status_code == 404
    assert desk.get(reverse("admin:moderation_batch_changelist")).status_code == 200


def test_a_batch_shows_only_what_is_the_moderators_to_judge(client_for, cases, moderator, people):
    batch = bulk.decide_together(seen(cases), REMOVAL, by=moderator)
    factories.give_role(people[0], Role.MODERATOR)
    shown = client_for(people[0]).get(batch.get_absolute_url()).content.decode()
    assert "@writer_1" in shown
    assert "burn down" in shown
    assert f"/admin/moderation/case/{cases[0].pk}/" not in shown
