"""Trying a version on stored texts before it sees a live one: how often it hits, and what people made of what it hits."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, scanner_loading
from moderation.measures import Measure
from moderation.models import Decision, RuleBacktest, RuleVersion, Scan
from moderation.rule_states import PREPARING, RuleState
from moderation.rulebook import sets, stepping
from moderation.rulebook.stepping import StepRefused
from moderation.scanning.house import compile_entry
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.refusals import BadRuleset, MatcherFailed
from posts.models import Revision

DAYS = 7
MOST_TEXTS = 20_000
MOST_DECIDED = 2_000
BUDGET = 8.0
"""Seconds: somebody waits at the page. About 20,000 texts can be read in them."""
SAMPLE = 20
_TEXT = ("number", "post", "profile", "handle", "heading", "text", "sha256")


@dataclass(slots=True)
class _Reader:
    """Reads texts with one rule until the budget ends."""

    matcher: Matcher
    end: float
    is_cut: bool = False
    read: int = 0
    hits: list[int] = field(default_factory=list)

    def look(self, revisions: Iterable[Revision]) -> None:
        for revision in revisions:
            if monotonic() >= self.end:
                self.is_cut = True
                return
            self.read += 1
            if self.matches(revision):
                self.hits.append(revision.pk)

    def matches(self, revision: Revision) -> bool:
        try:
            return bool(self.matcher.find(Views(revision.gated_text)))
        except MatcherFailed:
            return False  # The scanner holds such a text as an error, not by a rule.


def backtest(version: RuleVersion, *, by: User, days: int = DAYS, budget: float = BUDGET) -> RuleBacktest:
    """Store a backtest on the texts of the last `days`, latest first, and on the latest decided ones; tested → backtested.

    Half of the budget at most is spent on the decided texts. Raises StepRefused and NotForYou.
    """
    stepping.check_may_write(by)
    if version.state not in PREPARING or version.state == RuleState.DRAFT:
        raise StepRefused(_("A backtest comes after the examples pass, and before the shadow."))
    try:
        matcher = compile_entry(scanner_loading.get_shipped().ruleset, version.entry)
    except BadRuleset as refusal:
        raise StepRefused(str(refusal)) from refusal
    # What is read may take seconds: no transaction is open meanwhile.
    decided = _decided()
    people = _Reader(matcher, monotonic() + budget / 2)
    people.look(revision for revision, _upheld in decided)
    recent = _Reader(matcher, monotonic() + budget / 2)
    recent.look(_recent(days))
    upheld = {revision.pk for revision, is_upheld in decided if is_upheld}
    return _store(
        RuleBacktest(
            version=version,
            by=by,
            days=days,
            texts=recent.read,
            hits=len(recent.hits),
            is_cut=recent.is_cut or people.is_cut,
            decided=len(people.hits),
            upheld=len(upheld & set(people.hits)),
            sample=recent.hits[:SAMPLE],
        )
    )


@transaction.atomic
def _store(made: RuleBacktest) -> RuleBacktest:
    sets.lock()
    made.save(force_insert=True)
    made.refresh_from_db()
    version = RuleVersion.objects.with_people().get(pk=made.version_id)
    if version.state == RuleState.TESTED:
        stepping.move(version, RuleState.BACKTESTED, by=made.by)
    auditing.record("backtest_rule", version.label, by=made.by, texts=made.texts, hits=made.hits)
    return made


def _recent(days: int) -> Iterable[Revision]:
    """The latest scanned texts; an erased one has nothing to read."""
    scans = Scan.objects.filter(at__gt=Now() - timedelta(days=days), revision__erased_at=None)
    columns = ("revision", *(f"revision__{name}" for name in _TEXT))
    latest = scans.select_related("revision").only(*columns).order_by("-id")[:MOST_TEXTS]
    return (scan.revision for scan in latest.iterator(chunk_size=500))


def _decided() -> list[tuple[Revision, bool]]:
    """The latest texts that people decided, each with whether the last decision was against it."""
    rows = Decision.revisions.through.objects.filter(revision__erased_at=None).order_by("-decision_id")
    read = ("decision__measure", *(f"revision__{name}" for name in _TEXT))
    latest: dict[int, tuple[Revision, bool]] = {}
    for row in rows.select_related("decision", "revision").only(*read)[:MOST_DECIDED]:
        latest.setdefault(row.revision_id, (row.revision, Measure(row.decision.measure).restricts))
    return list(latest.values())
