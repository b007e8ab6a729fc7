"""What chance chooses: how much of it, that nobody steers it, and what comes of it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from moderation import deciding, queueing, ranking, reporting, screening, tending
from moderation.figures import sampling
from moderation.lanes import Lane
from moderation.measures import Measure
from moderation.models import AuditRow, Case, Origin, QualitySample, Report, SecondLook, Statement
from moderation.models.samples import Chosen
from moderation.taxonomy import Severity
from posts import publishing
from posts.statuses import Status
from tests import factories

NUMBERS = range(10**15, 10**15 + 20_000)


@pytest.mark.parametrize("share", [0.02, 0.05])
def test_chance_chooses_its_share_to_within_what_chance_allows(share):
    """Of 20,000 the number chosen lies within five standard deviations of what is expected."""
    chosen = sum(sampling.is_chosen("cleared", number, share) for number in NUMBERS)
    expected = share * len(NUMBERS)
    assert abs(chosen - expected) < 5 * (expected * (1 - share)) ** 0.5


def test_the_same_row_is_chosen_every_time_and_by_another_key_another_one(settings):
    def choose():
        return {number for number in NUMBERS if sampling.is_chosen("cleared", number, 0.02)}

    first = choose()
    assert choose() == first
    assert {number for number in NUMBERS if sampling.is_chosen("decided", number, 0.02)} != first
    settings.SECRET_KEY = "another key, that nobody outside knows"
    assert choose() != first


def screen(author, number):
    posts = [
        factories.make_pending_post(author=author, text=f"Good morning, number {n}") for n in range(number)
    ]
    screening.screen_due()
    return posts


def count_queries_of_screening(author, number):
    for n in range(number):
        factories.make_pending_post(author=author, text=f"What a lovely day, number {n}")
    with CaptureQueriesContext(connection) as captured:
        screening.screen_due()
    return len(captured)


def test_screening_takes_no_query_more_when_nothing_is_chosen_and_one_when_much_is(
    author, monkeypatch, nothing_is_chosen
):
    count_queries_of_screening(author, 1)  # What the first batch of a process reads besides.
    few = count_queries_of_screening(author, 2)
    assert count_queries_of_screening(author, 12) == few
    monkeypatch.setattr(sampling, "OF_CLEARED", 1.0)
    assert count_queries_of_screening(author, 12) == few + 1
    assert QualitySample.objects.count() == 12


def test_a_sampled_text_becomes_a_case_of_the_lowest_weight_and_stays_visible(author, everything_is_chosen):
    (post,) = screen(author, 1)
    tending.tend()
    case = Case.objects.get(post=post)
    assert (case.origin, case.lane, case.severity) == (Origin.SAMPLE, Lane.OTHER, Severity.LOW)
    assert case.rank_at == case.due_at
    ranking.refresh()
    case.refresh_from_db()
    assert case.rank_at == case.due_at
    assert not case.was_held
    post.refresh_from_db()
    assert post.shown_id == case.revision_id
    assert QualitySample.objects.get().case == case
    assert AuditRow.objects.filter(verb="sample", subject=str(case), actor_id=None).count() == 1


def test_doing_it_twice_opens_no_second_case(author, everything_is_chosen):
    screen(author, 3)
    assert sampling.open_cases() == 3
    assert sampling.open_cases() == 0
    assert Case.objects.count() == 3


def test_clearing_a_sample_tells_its_author_nothing(author, moderator, everything_is_chosen):
    screen(author, 1)
    sampling.open_cases()
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    assert not Statement.objects.exists()


def test_what_a_sample_finds_is_taken_down_with_reasons(author, moderator, everything_is_chosen):
    (post,) = screen(author, 1)
    sampling.open_cases()
    deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=1, violation="V6")
    assert post.revisions.get().status == Status.REMOVED
    statement = Statement.objects.get()
    assert "No automated means" in statement.automation
    assert "random check" in statement.facts


def test_a_report_joins_the_case_of_a_sample_and_makes_it_a_reported_one(
    author, reader, everything_is_chosen
):
    (post,) = screen(author, 1)
    sampling.open_cases()
    post.refresh_from_db()
    reporting.report(post, by=reader, violation="V3")
    case = Case.objects.get()
    assert (case.origin, case.lane, case.severity) == (Origin.REPORT, Lane.MANIFEST, Severity.HIGH)
    assert Report.objects.get().case == case
    assert case.version == 1


def test_a_sample_leaves_an_open_case_as_it_is_and_waits_for_its_end(
    author, reader, moderator, everything_is_chosen
):
    (post,) = screen(author, 1)
    post.refresh_from_db()
    reporting.report(post, by=reader, violation="V6")
    before = Case.objects.values().get()
    assert sampling.open_cases() == 0
    assert Case.objects.values().get() == before
    deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    assert sampling.open_cases() == 1


def test_what_is_not_shown_any_more_lapses(author, everything_is_chosen):
    (post,) = screen(author, 1)
    publishing.withdraw(post, by=author)
    assert sampling.open_cases() == 0
    assert QualitySample.objects.get().lapsed_at is not None


def test_samples_never_take_more_than_their_places_and_the_rest_gives_up_in_time(
    author, monkeypatch, everything_is_chosen
):
    monkeypatch.setattr(sampling, "MOST_OPEN", 2)
    screen(author, 4)
    assert sampling.open_cases() == 2
    assert sampling.open_cases() == 0
    assert not QualitySample.objects.filter(lapsed_at__isnull=False).exists()
    monkeypatch.setattr(sampling, "PATIENCE", timedelta(0))
    assert sampling.open_cases() == 0
    assert QualitySample.objects.filter(lapsed_at__isnull=False).count() == 2


def test_nobody_unmakes_a_choice(author, everything_is_chosen):
    screen(author, 1)
    sampling.open_cases()
    for act in (
        QualitySample.objects.all().delete,
        lambda: QualitySample.objects.update(case=None),
        lambda: QualitySample.objects.update(chosen_at="2026-01-01T00:00:00Z"),
    ):
        with pytest.raises(IntegrityError, match="stays chosen"), transaction.atomic():
            act()


def test_a_decision_is_chosen_with_it(author, moderator, everything_is_chosen):
    factories.make_held_post(author=author)
    decision = deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    look = SecondLook.objects.get(decision=decision)
    assert (look.chosen, look.at, look.claimed_by) == (Chosen.DECIDED, None, None)


def test_what_was_held_is_chosen_by_a_chance_of_its_own(
    author, reader, moderator, monkeypatch, nothing_is_chosen
):
    monkeypatch.setattr(sampling, "OF_HELD", 1.0)
    held = factories.make_held_post(author=author)
    reported = factories.make_post(author=author)
    reporting.report(reported, by=reader, violation="V6")
    for post in (held, reported):
        deciding.decide(Case.objects.get(post=post), Measure.CLEAR, by=moderator, version=1)
    look = SecondLook.objects.get()
    assert (look.chosen, look.decision.case.post) == (Chosen.HELD, held)


def test_nothing_is_chosen_of_an_attempt_that_failed(author, moderator, everything_is_chosen):
    factories.make_held_post(author=author)
    with pytest.raises(deciding.CaseChanged):
        deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=2)
    assert not SecondLook.objects.exists()


def test_the_sample_of_an_open_queue_is_claimed_last(author, moderator, everything_is_chosen):
    screen(author, 1)
    sampling.open_cases()
    factories.make_held_post(author=author)
    claimed = queueing.claim_next(by=moderator)
    assert claimed is not None
    assert claimed.origin == Origin.SCAN
