"""What needs two people: one proposes, another confirms or rejects, on the page, by the verb and in SQL."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Restriction
from accounts.roles import Role
from moderation import deciding, proposing, queueing
from moderation.choosing import Choice
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed, SecondNeeded
from moderation.measures import Measure
from moderation.models import Appeal, AuditRow, Case, CaseStatus, Decision, Proposal, ProposalStatus
from posts import publishing
from tests import factories

BAN = Choice(Measure.TAKE_DOWN, is_strike=True, on_account=Measure.BAN)


@pytest.fixture
def senior(db):
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def second(db):
    return factories.make_user("second_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def case(author):
    return Case.objects.get(post=factories.make_held_post(author=author))


@pytest.fixture
def proposal(case, senior):
    return proposing.propose(case, BAN, by=senior, version=1, violation="V3", reason="Again and again.")


def act(proposal, name):
    return reverse(f"admin:moderation_proposal_{name}", args=[proposal.pk])


def page(case):
    return reverse("admin:moderation_case_change", args=[case.pk])


def test_a_ban_waits_for_a_second_person(author, case, proposal):
    case.refresh_from_db()
    assert case.status == CaseStatus.PROPOSED
    assert not Decision.objects.exists()
    assert not Restriction.objects.exists()


def test_the_second_person_decides(author, case, senior, second, proposal):
    decision = proposing.confirm(proposal, by=second)
    assert (decision.by, decision.confirmed_by, decision.reason) == (senior, second, "Again and again.")
    (child,) = decision.children.all()
    assert (child.measure, child.confirmed_by) == (Measure.BAN, second)
    assert Restriction.objects.in_force().get(account=author).kind == "banned"
    case.refresh_from_db()
    assert case.status == CaseStatus.CLOSED
    proposal.refresh_from_db()
    assert (proposal.status, proposal.decision) == (ProposalStatus.CONFIRMED, decision)
    with pytest.raises(AlreadyDecided):
        proposing.confirm(proposal, by=second)


def test_who_proposed_does_not_confirm_or_reject(senior, proposal):
    with pytest.raises(NotAllowed):
        proposing.confirm(proposal, by=senior)
    with pytest.raises(NotAllowed):
        proposing.reject(proposal, by=senior, reason="No.")


def test_who_may_not_ban_confirms_no_ban(moderator, proposal):
    with pytest.raises(NotAllowed):
        proposing.confirm(proposal, by=moderator)
    assert not Restriction.objects.exists()


def test_a_rejected_proposal_gives_the_case_back(case, senior, second, proposal):
    proposing.reject(proposal, by=second, reason="A warning is enough.")
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN
    proposal.refresh_from_db()
    assert (proposal.status, proposal.answer) == (ProposalStatus.REJECTED, "A warning is enough.")
    deciding.decide(case, Measure.CLEAR, by=senior, version=case.version)


def test_a_withdrawn_proposal_gives_the_case_back(case, senior, second, proposal):
    with pytest.raises(NotAllowed):
        proposing.withdraw(proposal, by=second)
    proposing.withdraw(proposal, by=senior)
    case.refresh_from_db()
    assert case.status == CaseStatus.OPEN
    with pytest.raises(AlreadyDecided):
        proposing.confirm(proposal, by=second)


def test_a_case_that_changed_is_not_decided_as_proposed(author, case, second, proposal):
    factories.hold(publishing.edit(case.post, body="Another text", warning="", by=author))
    with pytest.raises(CaseChanged):
        proposing.confirm(proposal, by=second)
    proposing.reject(proposal, by=second, reason="Look again.")


def test_nobody_decides_beside_a_proposal(case, second, proposal):
    with pytest.raises(NotAllowed):
        deciding.decide(case, Measure.CLEAR, by=second, version=1)


def test_a_case_that_needs_two_is_proposed_whatever_the_measure(case, moderator, second):
    Case.objects.update(second_needed=True)
    case.refresh_from_db()
    with pytest.raises(SecondNeeded):
        deciding.decide(case, Measure.CLEAR, by=moderator, version=1)
    proposal = proposing.propose(case, Choice(Measure.CLEAR), by=moderator, version=1)
    assert proposing.confirm(proposal, by=second).confirmed_by == second


def test_what_needs_nobody_else_is_not_proposed(case, moderator):
    with pytest.raises(NotAllowed):
        proposing.propose(case, Choice(Measure.CLEAR), by=moderator, version=1)


def test_the_queue_offers_it_to_others_only(case, senior, second, proposal):
    assert queueing.claim_next(by=senior) is None
    assert queueing.claim_next(by=second) == case


def test_each_act_is_in_the_trail(second, proposal):
    proposing.confirm(proposal, by=second)
    assert list(AuditRow.objects.order_by("id").values_list("verb", "actor")) == [
        ("propose", "@senior_s"),
        ("decide", "@second_s"),
        ("answer_proposal", "@second_s"),
    ]


def test_who_confirmed_does_not_answer_the_appeal(author, second, proposal):
    decision = proposing.confirm(proposal, by=second)
    appeal = Appeal.objects.create(decision=decision, appellant=author, text="No.")
    sneak = "UPDATE moderation_appeal SET status = 'rejected', decided_by_id = %s, decided_at = now(), reasons = 'No.'"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sneak, [second.pk])
    appeal.refresh_from_db()
    assert appeal.is_open


def test_the_database_knows_that_the_two_differ(case, senior, second, proposal):
    for statement in (
        "UPDATE moderation_proposal SET status = 'rejected', answered_by_id = by_id, answered_at = now()",
        "UPDATE moderation_proposal SET status = 'confirmed', answered_by_id = by_id, answered_at = now()",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    parent = Decision(case=case, measure=Measure.TAKE_DOWN, violation="V3", by=senior, confirmed_by=senior)
    with pytest.raises(IntegrityError), transaction.atomic():
        parent.save()


def test_the_database_refuses_a_ban_by_one(author, case, senior):
    parent = Decision.objects.create(case=case, measure=Measure.TAKE_DOWN, violation="V3", by=senior)
    restriction = Restriction.objects.create(account=author, kind="banned")
    with pytest.raises(IntegrityError, match="second_confirmed"), transaction.atomic():
        Decision.objects.create(
            case=case, parent=parent, measure=Measure.BAN, violation="V3", restriction=restriction, by=senior
        )


def test_the_page_lets_a_second_person_confirm(client_for, author, case, senior, second):
    desk = client_for(senior)
    desk.post(reverse("admin:moderation_case_take", args=[case.pk]))
    sent = {
        "measure": "take_down",
        "violation": "V3",
        "on_account": "ban",
        "strike": "on",
        "version": case.version,
    }
    decide = reverse("admin:moderation_case_decide", args=[case.pk])
    assert b"when a second person confirms it" in desk.post(decide, sent, follow=True).content
    proposal = Proposal.objects.get()
    own = desk.get(page(case)).content.decode()
    assert act(proposal, "confirm") not in own
    assert act(proposal, "withdraw") in own
    assert desk.post(act(proposal, "confirm")).status_code == 409
    other = client_for(second)
    assert b"needs a second person" in other.get(reverse("admin:moderation_case_changelist")).content
    assert act(proposal, "confirm") in other.get(page(case)).content.decode()
    assert other.get(act(proposal, "confirm")).status_code == 405
    assert other.post(act(proposal, "reject"), {"answer": ""}).status_code == 409
    shown = other.post(act(proposal, "confirm"), follow=True).content.decode()
    assert "@senior_s and @second_s" in shown
    assert Restriction.objects.in_force().filter(account=author).exists()


def test_a_moderator_is_not_offered_what_takes_a_senior(client_for, moderator, case):
    desk = client_for(moderator)
    desk.post(reverse("admin:moderation_case_take", args=[case.pk]))
    shown = desk.get(page(case)).content.decode()
    assert 'value="read_only-7"' in shown
    for beyond in ("read_only-30", "suspend-30", "ban"):
        assert f'value="{beyond}"' not in shown
    sent = {"measure": "take_down", "violation": "V3", "on_account": "ban", "version": case.version}
    assert desk.post(reverse("admin:moderation_case_decide", args=[case.pk]), sent).status_code == 400
    assert not Proposal.objects.exists()


def test_proposals_are_of_no_business_of_readers(client_for, reader, proposal):
    for name in ("confirm", "reject", "withdraw"):
        assert client_for(None).post(act(proposal, name)).status_code == 302
        assert client_for(reader).post(act(proposal, name), follow=True).status_code in (403, 405)
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.OPEN
