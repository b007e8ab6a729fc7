"""A backtest says how often a version would have hit, and what people made of that."""

import pytest

from moderation import deciding, screening
from moderation.measures import Measure
from moderation.models import Case, RuleBacktest
from moderation.rule_states import RuleState
from moderation.rulebook import backtesting
from moderation.rulebook.stepping import NotForYou, StepRefused
from tests import factories
from tests.moderation.rulebook.builders import make_version, word


@pytest.fixture
def tested(writer, approver):
    return make_version(RuleState.TESTED, writer=writer, approver=approver, wording=word("garden"))


@pytest.fixture
def stored(author, moderator):
    """Ten harmless texts of which three name the garden, and two decided threats of which one does."""
    for number in range(10):
        factories.make_pending_post(
            author=author, text=f"In the {'garden' if number < 3 else 'park'} {number}"
        )
    for place in ("garden", "park"):
        factories.make_pending_post(author=author, text=f"I will find you and kill you in the {place}")
    screening.screen_due()
    for case in Case.objects.open():
        deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V3")


def test_it_counts_hits_among_recent_and_agreement_among_decided_texts(tested, stored, writer):
    found = backtesting.backtest(tested, by=writer)
    tested.refresh_from_db()
    assert tested.state == RuleState.BACKTESTED
    assert (found.hits, found.decided, found.upheld, found.is_cut) == (4, 1, 1, False)
    assert found.texts >= 12
    assert found.per_thousand == 1000 * 4 / found.texts
    assert found.agreement == 1.0
    assert len(found.sample) == 4


def test_what_people_cleared_speaks_against_it(tested, stored, author, moderator, writer):
    factories.make_held_post(author=author, text="The garden party")
    case = Case.objects.open().get()
    deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    found = backtesting.backtest(tested, by=writer)
    assert (found.decided, found.upheld) == (2, 1)


def test_a_budget_that_ends_is_told(tested, stored, writer):
    found = backtesting.backtest(tested, by=writer, budget=0.0)
    assert (found.texts, found.hits, found.is_cut) == (0, 0, True)
    assert (found.per_thousand, found.agreement) == (None, None)


def test_it_can_be_repeated_until_the_rule_runs(tested, writer, approver, moderator):
    with pytest.raises(NotForYou):
        backtesting.backtest(tested, by=moderator)
    backtesting.backtest(tested, by=writer)
    tested.refresh_from_db()
    backtesting.backtest(tested, by=writer)
    assert RuleBacktest.objects.count() == 2
    running = make_version(RuleState.SHADOW, writer=writer, approver=approver, name="another", wording=word())
    with pytest.raises(StepRefused):
        backtesting.backtest(running, by=writer)
