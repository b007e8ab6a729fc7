"""What people decide is counted for and against the rules that held the text."""

import pytest
from django.db.models import Sum

from accounts.roles import Role
from moderation import appealing, deciding, reporting, screening
from moderation.choosing import Choice
from moderation.measures import Measure
from moderation.models import Appeal, AppealStatus, Case, RuleTally, ShadowHit
from moderation.rule_states import RuleState
from moderation.rulebook import shadowing, tallying
from tests import factories
from tests.moderation.rulebook.builders import make_version

LABEL = "house/code_word#1"


@pytest.fixture
def case(author, writer, approver, fresh_process):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    factories.make_pending_post(author=author, text="Bring the zorblax")
    screening.screen_due()
    return Case.objects.get()


def counted():
    return tuple(
        RuleTally.objects.filter(name=LABEL)
        .aggregate(c=Sum("cleared"), u=Sum("upheld"), h=Sum("hits"))
        .values()
    )


def test_a_clearance_speaks_against_the_rule(case, moderator):
    deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    assert counted() == (1, 0, 1)


def test_a_removal_speaks_for_it_until_it_is_overturned(case, moderator):
    removal = deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V5")
    assert counted() == (0, 1, 1)
    deciding.overturn(removal, by=moderator)
    assert counted() == (1, 0, 1)


def test_a_warning_beside_a_removal_and_its_lifting_say_nothing_more_about_it(case, moderator):
    choice = Choice(Measure.TAKE_DOWN, on_account=Measure.WARN)
    removal = deciding.decide(case, choice, by=moderator, version=case.version, violation="V5")
    assert counted() == (0, 1, 1)
    deciding.overturn(removal.children.get(), by=moderator)
    assert counted() == (0, 1, 1)


def test_a_reporter_who_is_right_after_all_moves_it_back(case, moderator, reader):
    deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    case.post.refresh_from_db()
    reporting.report(case.post, by=reader, violation="V5")
    second = Case.objects.open().get()
    cleared = deciding.decide(second, Measure.CLEAR, by=moderator, version=second.version)
    other = factories.make_user("other_moderator", role=Role.MODERATOR)
    appeal = appealing.appeal(cleared, by=reader, text="Look again.")
    appealing.decide_appeal(
        appeal, AppealStatus.GRANTED, by=other, version=appeal.version, reasons="So it is.", violation="V5"
    )
    assert Appeal.objects.filter(status=AppealStatus.GRANTED).exists()
    # The second case is about what people saw, and no scan held that: it says nothing about the rule.
    assert counted() == (1, 0, 1)


def test_a_decision_about_what_no_rule_held_counts_nothing(author, moderator, reader):
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V5")
    case = Case.objects.get()
    deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    assert not RuleTally.objects.exists()


def test_two_batches_in_one_slot_add_up(db):
    tallying.count_batch(
        10, [[{"kind": "rule", "name": "a"}, {"kind": "rule", "name": "a"}], [{"kind": "error", "name": "x"}]]
    )
    tallying.count_batch(5, [[{"kind": "rule", "name": "a"}]])
    totals = dict(RuleTally.objects.values_list("name").annotate(Sum("hits")))
    assert totals == {"a": 2, tallying.JUDGED: 15}


def test_old_counts_and_hits_are_forgotten(case, author, django_assert_num_queries):
    ShadowHit.objects.create(name=LABEL, revision=case.revision)
    assert (tallying.forget_old(), shadowing.forget_old()) == (0, 0)
    RuleTally.objects.update(slot="2020-01-01T00:00Z")
    ShadowHit.objects.update(at="2020-01-01T00:00Z")
    assert tallying.forget_old() == 2
    assert shadowing.forget_old() == 1
