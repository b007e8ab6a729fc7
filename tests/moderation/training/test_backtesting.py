"""A ruleset is tried on what people decided and on what came in lately, under the circumstances of then."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from accounts.models import User
from moderation import deciding
from moderation.measures import Measure
from moderation.models import Case, Scan, Verdict
from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Hit, Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.refusals import MatcherFailed
from moderation.training import backtesting
from moderation.training.backtesting import Backtest, Flip, backtest
from moderation.training.measuring import share
from posts.erasing import erase_publications
from tests import factories
from tests.moderation.scanning.builders import write_ruleset
from tests.moderation.scanning.stages import make_classifier

KILL, SLAY = "kill {you:target}", "slay {you:target}"
DAYS = 2
QUERIES = 3
"""The decisions, the scans and how many scans there were."""
Try = Callable[..., Backtest]


def harmless(_piece: str) -> float:
    return -9.0


def nearly_held(_piece: str) -> float:
    """A logit that is held only of a new account or in a heated thread: the threshold is 2."""
    return 1.7


@pytest.fixture
def try_rule(db: None, tmp_path: Path) -> Try:
    """Tries a rule against "slay you" on the texts of the last days, while one against "kill you" is in use."""
    current, candidate = (Matcher.load(write_ruleset(tmp_path, pattern=pattern)) for pattern in (KILL, SLAY))

    def run(
        *,
        candidate: Matcher = candidate,
        classifier: Classifier | None = None,
        days: int = DAYS,
        most: int = 100,
    ) -> Backtest:
        return backtest(
            candidate, current, classifier or make_classifier(first=harmless), days=days, most=most
        )

    return run


def make_scanned(author: User, text: str, **facts: object) -> str:
    """A post with its scan; how a backtest names it."""
    revision = factories.make_pending_post(author=author, text=text).get_latest_revision()
    Scan.objects.create(revision=revision, sha256=revision.sha256, verdict=Verdict.CLEAR, **facts)
    return f"revision 1 of post {revision.post_id}"


def decide(author: User, moderator: User, text: str, measure: Measure) -> None:
    case = Case.objects.get(post=factories.make_held_post(author=author, text=text))
    violation = "V3" if measure.restricts else ""
    deciding.decide(case, measure, by=moderator, version=case.version, violation=violation)


def held_in_all(result: Backtest) -> tuple[int, int]:
    now, then = (round(per_day * DAYS, 6) for per_day in result.holds_per_day)
    return int(now), int(then)


def test_precision_is_the_share_of_the_texts_hit_that_people_took_down(
    try_rule: Try, author: User, moderator: User
) -> None:
    decide(author, moderator, "i slay you", Measure.TAKE_DOWN)
    decide(author, moderator, "we slay you at chess", Measure.CLEAR)
    decide(author, moderator, "something else", Measure.TAKE_DOWN)
    result = try_rule()
    (rule,) = result.rules
    assert (rule.name, rule.klass, rule.hits, rule.decided) == ("kill_you", "V3", 2, 2)
    assert rule.precision == result.precision == share(1, 2)
    assert result.decided == 3


def test_what_the_rulesets_judge_differently_is_named_latest_first(try_rule: Try, author: User) -> None:
    names = [make_scanned(author, text) for text in ("i kill you", "i greet you", "i slay you")]
    result = try_rule()
    assert result.flips == [Flip(names[2], "hold", ("kill_you",)), Flip(names[0], "clear", ("kill_you",))]
    assert held_in_all(result) == (1, 1)


def test_holds_per_day_are_scaled_up_when_not_all_is_read(try_rule: Try, author: User) -> None:
    for text in ("i greet you", "i greet you", "i slay you", "i slay you"):
        make_scanned(author, text)
    scans = Scan.objects.count()
    result = try_rule(most=2)
    assert result.recent == 2
    assert result.holds_per_day == (0.0, scans / DAYS)


def test_texts_of_earlier_days_are_not_read(try_rule: Try, author: User) -> None:
    make_scanned(author, "i slay you", at=datetime.now(UTC) - timedelta(days=DAYS + 1))
    assert try_rule().flips == []
    assert len(try_rule(days=DAYS + 2).flips) == 1


@pytest.mark.parametrize("fact", ["is_new_account", "is_heated_thread"])
def test_a_text_is_judged_under_the_circumstances_of_its_scan(try_rule: Try, author: User, fact: str) -> None:
    make_scanned(author, "good morning")
    make_scanned(author, "good morning", **{fact: True})
    result = try_rule(classifier=make_classifier(first=nearly_held, second=nearly_held))
    assert held_in_all(result) == (1, 1)


def test_a_copy_of_a_removed_text_is_held_by_any_ruleset(try_rule: Try, author: User) -> None:
    make_scanned(author, "i slay you", reasons=[{"kind": "known_bad", "name": "exact copy"}])
    result = try_rule()
    assert held_in_all(result) == (1, 1)
    assert result.flips == []


def test_erased_texts_are_not_read(try_rule: Try, author: User, moderator: User) -> None:
    decide(author, moderator, "i slay you", Measure.TAKE_DOWN)
    before = try_rule()
    erase_publications(user=author)
    result = try_rule()
    assert (before.decided, result.decided) == (1, 0)
    # The author's post and profile; the moderator's profile stays.
    assert before.recent - result.recent == 2


def test_without_texts_there_is_nothing_to_measure(try_rule: Try) -> None:
    result = try_rule()
    assert (result.decided, result.recent, result.flips) == (0, 0, [])
    assert result.holds_per_day == result.microseconds_per_text == (0.0, 0.0)
    assert str(result.precision) == "–"


def test_matching_costs_time(try_rule: Try, author: User) -> None:
    make_scanned(author, "i slay you")
    assert min(try_rule().microseconds_per_text) > 0


def test_a_text_that_the_engine_gives_up_on_is_held_and_no_hit(
    try_rule: Try, author: User, moderator: User, tmp_path: Path
) -> None:
    class Exhausted(Matcher):
        def find(self, views: Views) -> list[Hit]:
            if "enormous" in views.plain:
                raise MatcherFailed
            return super().find(views)

    decide(author, moderator, "i slay you, enormous", Measure.TAKE_DOWN)
    result = try_rule(candidate=Exhausted.load(write_ruleset(tmp_path, pattern=SLAY)))
    assert held_in_all(result) == (0, 1)
    assert (result.decided, result.rules[0].decided) == (1, 0)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtesting, "BATCH", 2)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("texts", [1, 7])
def test_the_number_of_queries_does_not_depend_on_the_number_of_texts(
    try_rule: Try,
    author: User,
    moderator: User,
    texts: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for number in range(texts):
        decide(author, moderator, f"i slay you {number}", Measure.TAKE_DOWN)
    with django_assert_num_queries(QUERIES):
        result = try_rule()
    assert result.decided == len(result.flips) == texts
    assert len({flip.revision for flip in result.flips}) == texts
