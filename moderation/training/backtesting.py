"""What a ruleset would have done: on texts that people decided, and on what came in lately.

Recent texts are judged once more with the model in use, by the ruleset in use ("now") and by the candidate. What their scans
stored is kept: how new the author was, how heated the thread, and that a text was a copy of a removed one. The second
stage reads without its cap, and what no worker finished has no scan and is left out; so "now" is what the files in use
would hold on a quiet day, also where an older ruleset or model judged.

Decided texts are those that somebody held or reported. Precision on them says how often people agreed with a rule, and
nothing of the texts that nobody looked at: those are among the recent ones.
"""

import itertools
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now

from moderation.models import Scan
from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Hit, Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.policy import Circumstances, Verdict
from moderation.scanning.refusals import MatcherFailed
from moderation.scanning.scanner import Scanner, known_bad_digest
from moderation.training.decisions import last_decisions
from moderation.training.measuring import Estimate, share

BATCH = 512


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """One rule of the candidate on recent texts, and on those decided ones that it hits."""

    name: str
    klass: str
    hits: int
    decided: int
    precision: Estimate


@dataclass(frozen=True, slots=True)
class Flip:
    """A recent text on which the two rulesets disagree, with the rules that make the difference."""

    revision: str
    becomes: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Backtest:
    rules: Sequence[RuleFigures]
    decided: int
    """Texts that people decided."""
    precision: Estimate
    """Of the decided texts that any rule of the candidate hits, the share that people took down."""
    recent: int
    """Texts of the last days that were read."""
    holds_per_day: tuple[float, float]
    """By the whole scanner, now and with the candidate."""
    flips: Sequence[Flip]
    """Latest first."""
    microseconds_per_text: tuple[float, float]
    """What matching costs, now and with the candidate."""


def backtest(
    candidate: Matcher, current: Matcher, classifier: Classifier, *, days: int, most: int
) -> Backtest:
    """Compares a ruleset with the one in use on the latest texts, at most so many of the last days.

    When there were more, the holds per day are scaled up from those that were read.
    """
    decided = [(_rules_that_hit(candidate, one.text), one.is_violent) for one in last_decisions()]
    # An erased text has nothing to read.
    scans = Scan.objects.filter(at__gt=Now() - timedelta(days=days), revision__erased_at=None)
    total = scans.count()
    now, then = (_Tally(matcher, Scanner(matcher, classifier)) for matcher in (current, candidate))
    flips: list[Flip] = []
    latest = _latest(scans, most)
    while batch := list(itertools.islice(latest, BATCH)):
        flips += _flips(batch, now.judge(batch), then.judge(batch))
    per_day = total / max(1, now.texts) / days
    return Backtest(
        _figures(candidate, then.hits, decided),
        len(decided),
        _precision([is_violent for names, is_violent in decided if names]),
        now.texts,
        (now.held * per_day, then.held * per_day),
        flips,
        (now.microseconds, then.microseconds),
    )


def _latest(scans: QuerySet[Scan], most: int) -> Iterator[Scan]:
    """Read as they are judged, with no more of a revision than its text and what it is a version of."""
    subject = ("number", "post", "profile", "handle", "heading", "text")
    columns = ("revision", "is_new_account", "is_heated_thread", "reasons")
    latest = scans.select_related("revision").only(*columns, *(f"revision__{name}" for name in subject))
    return latest.order_by("-id")[:most].iterator(chunk_size=BATCH)


@dataclass(slots=True)
class _Tally:
    """What one ruleset does on recent texts, added up batch by batch, so that no text is kept."""

    matcher: Matcher
    scanner: Scanner
    texts: int = 0
    held: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def microseconds(self) -> float:
        """What matching a text costs."""
        return 1e6 * self.seconds / max(1, self.texts)

    def judge(self, scans: Sequence[Scan]) -> list[Verdict]:
        texts = [scan.revision.gated_text for scan in scans]
        copies = {known_bad_digest(text) for scan, text in zip(scans, texts, strict=True) if _was_copy(scan)}
        around = [Circumstances(scan.is_new_account, scan.is_heated_thread) for scan in scans]
        verdicts = self.scanner.scan(texts, known_bad=copies, circumstances=around)
        self.texts += len(texts)
        self.held += sum(verdict.verdict == "hold" for verdict in verdicts)
        self.hits.update(name for verdict in verdicts for name in _rules_of(verdict))
        self.seconds += _seconds(self.matcher, texts)
        return verdicts


def _was_copy(scan: Scan) -> bool:
    return any(reason["kind"] == "known_bad" for reason in scan.reasons)


def _flips(scans: Sequence[Scan], before: Sequence[Verdict], after: Sequence[Verdict]) -> list[Flip]:
    return [
        Flip(str(scan.revision), then.verdict, tuple(sorted(_rules_of(now) ^ _rules_of(then))))
        for scan, now, then in zip(scans, before, after, strict=True)
        if now.verdict != then.verdict
    ]


def _rules_of(verdict: Verdict) -> frozenset[str]:
    return frozenset(reason.name for reason in verdict.reasons if reason.kind == "rule")


def _rules_that_hit(matcher: Matcher, text: str) -> frozenset[str]:
    return frozenset(hit.rule.name for hit in _find(matcher, Views(text)))


def _find(matcher: Matcher, views: Views) -> list[Hit]:
    """The hits; none when the engine gave up, as the scanner then holds a text for that and not by a rule."""
    try:
        return matcher.find(views)
    except MatcherFailed:
        return []


def _figures(
    candidate: Matcher, hits: Counter[str], decided: Sequence[tuple[frozenset[str], bool]]
) -> list[RuleFigures]:
    figures = []
    for rule in candidate.ruleset.rules:
        labels = [is_violent for names, is_violent in decided if rule.name in names]
        figures.append(RuleFigures(rule.name, rule.klass, hits[rule.name], len(labels), _precision(labels)))
    return figures


def _precision(is_violent: Sequence[bool]) -> Estimate:
    """Of the decided texts that were hit, the share that people took down."""
    return share(sum(is_violent), len(is_violent))


def _seconds(matcher: Matcher, texts: Sequence[str]) -> float:
    """How long matching takes, without what making the views takes, which is the same for every ruleset."""
    views = [Views(text) for text in texts]
    for view in views:
        view.distinct()
    started = time.perf_counter()
    for view in views:
        _find(matcher, view)
    return time.perf_counter() - started
