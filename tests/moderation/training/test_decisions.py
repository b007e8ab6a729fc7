"""What people decided becomes labelled texts; those of the frozen window are measured on and never learned from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from moderation.measures import Measure
from moderation.models import Case, Decision
from moderation.training.decisions import (
    DECISIONS,
    FEWEST,
    FROZEN_SHARE,
    TooFewDecisions,
    Window,
    last_decisions,
    read_decisions,
    read_window,
)
from posts.erasing import erase_publications
from tests import factories

START = datetime(2026, 1, 1, tzinfo=UTC)
Decide = Callable[..., Decision]


@pytest.fixture
def decide(author: User, moderator: User) -> Decide:
    """Records that a text was decided, so many days after the start; a held post of its own where none is named."""

    def record(
        day: float,
        measure: Measure = Measure.TAKE_DOWN,
        *,
        text: str = "",
        again: Decision | None = None,
        overturns: Decision | None = None,
    ) -> Decision:
        if again is None:
            post = factories.make_held_post(author=author, text=text or f"a text of day {day}")
            case, revisions = Case.objects.latest("opened_at", "pk"), list(post.revisions.all())
        else:
            case, revisions = again.case, list(again.revisions.all())
        decision = Decision.objects.create(
            case=case,
            measure=measure,
            violation="V1" if measure.restricts else "",
            by=moderator,
            at=START + timedelta(days=day),
            overturns=overturns,
        )
        decision.revisions.set(revisions)
        return decision

    return record


@pytest.fixture
def enough(decide: Decide) -> list[Decision]:
    """As many decisions as it takes, one a day, every other one a removal."""
    return [decide(day, Measure.TAKE_DOWN if day % 2 else Measure.CLEAR) for day in range(FEWEST)]


def test_what_was_taken_down_is_violent_and_what_was_cleared_is_not(decide: Decide) -> None:
    decide(1, Measure.TAKE_DOWN, text="burn it down")
    decide(2, Measure.CLEAR, text="good morning")
    assert [(one.text, one.is_violent) for one in last_decisions()] == [
        ("burn it down", True),
        ("good morning", False),
    ]


def test_a_text_counts_with_its_last_decision(decide: Decide) -> None:
    first = decide(1, Measure.TAKE_DOWN)
    decide(3, Measure.RESTORE, again=first, overturns=first)
    (decided,) = last_decisions()
    assert not decided.is_violent
    assert decided.decided_at == START + timedelta(days=3)


def test_decided_texts_come_oldest_first(decide: Decide) -> None:
    for day in (3, 1, 2):
        decide(day)
    assert [one.text for one in last_decisions()] == [f"a text of day {day}" for day in (1, 2, 3)]


def test_an_erased_text_teaches_nothing(decide: Decide, author: User) -> None:
    decide(1)
    erase_publications(user=author)
    assert last_decisions() == []


def test_too_few_decisions_are_refused_with_their_number(decide: Decide) -> None:
    decide(1)
    with pytest.raises(TooFewDecisions, match=f"1 texts are decided; {FEWEST}"):
        read_decisions(None)


def test_the_latest_tenth_is_frozen(enough: list[Decision]) -> None:
    taught, frozen, window = read_decisions(None)
    assert len(frozen) == int(FEWEST * FROZEN_SHARE)
    assert len(taught) + len(frozen) == FEWEST
    assert window == Window(enough[-len(frozen)].at, enough[-1].at)
    assert not {one.text for one in taught} & {one.text for one in frozen}
    assert {one.text for one in frozen} == {f"a text of day {FEWEST - 1 - n}" for n in range(len(frozen))}


def test_labels_are_what_people_decided(enough: list[Decision]) -> None:
    taught, frozen, _ = read_decisions(None)
    assert all(one.label == int(one.text.split()[-1]) % 2 for one in (*taught, *frozen))
    assert {one.source for one in taught} == {DECISIONS}


def test_the_frozen_window_stays_when_more_is_decided(enough: list[Decision], decide: Decide) -> None:
    _, before, window = read_decisions(None)
    decide(FEWEST + 5, text="decided later")
    taught, after, same = read_decisions(window)
    assert (after, same) == (before, window)
    assert "decided later" in {one.text for one in taught}


def test_no_text_of_the_window_teaches_under_another_name(enough: list[Decision], decide: Decide) -> None:
    _, frozen, window = read_decisions(None)
    decide(FEWEST + 5, text=f"  {frozen[0].text.upper()} ")
    taught, _, _ = read_decisions(window)
    assert frozen[0].text not in {one.text.strip().lower() for one in taught}


def test_a_text_that_was_decided_twice_teaches_once_as_it_was_decided_last(
    enough: list[Decision], decide: Decide
) -> None:
    decide(FEWEST - 49.5, Measure.TAKE_DOWN, text="the same")
    decide(FEWEST - 49.4, Measure.CLEAR, text="The Same")
    taught, _, _ = read_decisions(None)
    assert [one.label for one in taught if one.text.lower() == "the same"] == [0]


def test_texts_are_sorted_into_their_language(enough: list[Decision], decide: Decide) -> None:
    decide(0.5, text="Das ist nicht mein Haus und auch nicht dein Garten")
    taught, _, _ = read_decisions(None)
    assert {one.lang for one in taught if one.text.startswith("Das ist")} == {"de"}


def test_a_window_survives_the_manifest() -> None:
    window = Window(START, START + timedelta(days=3, microseconds=5))
    assert read_window({DECISIONS: window.as_entry()}) == window


def test_a_model_that_never_saw_decisions_has_no_window() -> None:
    assert read_window({}) is None


@pytest.mark.parametrize(("days", "is_in"), [(-0.1, False), (0, True), (1, True), (3, True), (3.1, False)])
def test_a_window_holds_its_first_and_last_moment(days: float, is_in: bool) -> None:
    assert Window(START, START + timedelta(days=3)).holds(START + timedelta(days=days)) == is_in
