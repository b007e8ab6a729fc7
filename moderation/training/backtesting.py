"""What a ruleset would have done: on texts that people decided, and on what came in lately."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models.functions import Now

from moderation.models import Scan
from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.policy import Verdict
from moderation.scanning.scanner import Scanner
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

    revision: int
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
    microseconds_per_text: tuple[float, float]
    """What matching costs, now and with the candidate."""


def backtest(
    candidate: Matcher, current: Matcher, classifier: Classifier, *, days: int, most: int
) -> Backtest:
    """Compares a ruleset with the one in use on the latest texts, at most so many of the last days.

    When there were more, the holds per day are scaled up from those that were read.
    """
    decided = last_decisions()
    hits = [_rules_that_hit(candidate, one.text) for one in decided]
    is_violent = [one.is_violent for one in decided]
    recent, total = _recent(days, most)
    texts = [scan.revision.gated_text for scan in recent]
    now, then = (_judge(Scanner(matcher, classifier), texts) for matcher in (current, candidate))
    per_day = (total / len(recent) if recent else 0.0) / days
    held = [sum(verdict.verdict == "hold" for verdict in verdicts) for verdicts in (now, then)]
    return Backtest(
        _figures(candidate, then, hits, is_violent),
        len(decided),
        _precision(hits, is_violent, ""),
        len(recent),
        (held[0] * per_day, held[1] * per_day),
        [
            _flip(scan.revision_id, before, after)
            for scan, before, after in zip(recent, now, then, strict=True)
            if before.verdict != after.verdict
        ],
        (_cost(current, texts), _cost(candidate, texts)),
    )


def _recent(days: int, most: int) -> tuple[list[Scan], int]:
    """The latest scans of the last days, and how many there were; erased texts have nothing to read."""
    scans = Scan.objects.filter(at__gt=Now() - timedelta(days=days), revision__erased_at=None)
    return list(scans.select_related("revision").order_by("-id")[:most]), scans.count()


def _judge(scanner: Scanner, texts: Sequence[str]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for start in range(0, len(texts), BATCH):
        verdicts += scanner.scan(texts[start : start + BATCH])
    return verdicts


def _rules_that_hit(matcher: Matcher, text: str) -> frozenset[str]:
    return frozenset(hit.rule.name for hit in matcher.find(Views(text)))


def _rules_of(verdict: Verdict) -> frozenset[str]:
    return frozenset(reason.name for reason in verdict.reasons if reason.kind == "rule")


def _figures(
    candidate: Matcher,
    verdicts: Sequence[Verdict],
    hits: Sequence[frozenset[str]],
    is_violent: Sequence[bool],
) -> list[RuleFigures]:
    recent = Counter(name for verdict in verdicts for name in _rules_of(verdict))
    decided = Counter(name for names in hits for name in names)
    return [
        RuleFigures(
            rule.name,
            rule.klass,
            recent[rule.name],
            decided[rule.name],
            _precision(hits, is_violent, rule.name),
        )
        for rule in candidate.ruleset.rules
    ]


def _precision(hits: Sequence[frozenset[str]], is_violent: Sequence[bool], name: str) -> Estimate:
    """Of the decided texts that a rule hits (any rule, without a name), the share that people took down."""
    right = [
        violent for names, violent in zip(hits, is_violent, strict=True) if (name in names if name else names)
    ]
    return share(sum(right), len(right))


def _flip(revision: int, before: Verdict, after: Verdict) -> Flip:
    return Flip(revision, after.verdict, tuple(sorted(_rules_of(before) ^ _rules_of(after))))


def _cost(matcher: Matcher, texts: Sequence[str]) -> float:
    """Microseconds a text, without what making the views costs, which is the same for every ruleset."""
    views = [Views(text) for text in texts]
    for view in views:
        view.distinct()
    started = time.perf_counter()
    for view in views:
        matcher.find(view)
    return 1e6 * (time.perf_counter() - started) / len(views) if views else 0.0
