"""Matching rules against the views of a text in linear time.

One RE2 filter over all rules of a kind of view says in about a microsecond which rules can match; only those are run for
their spans, and only around a match are exception frames looked for. Work is bounded by the length of the text:
frames look at a window of fixed size, and a text that repeats an excused phrase too often is not excused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import re2

from moderation.scanning.normalising import Views
from moderation.scanning.refusals import BadRuleset, MatcherFailed
from moderation.scanning.rulesets import Frame, Rule, Ruleset, read_ruleset

ROLES = ("target", "method", "time", "place")

_MEMORY = 64 << 20
_WINDOW = 240
_NEAR = 48
_MOST_EXCUSED = 20
_QUOTE = ord('"')
_SENTENCE_ENDS = (b". ", b"! ", b"? ")
_TURNS = (b" but ", b" aber ", b" sondern ")

# A view never contains NUL, so this tail is found exactly when the filter has read the whole text. When the filter
# runs out of memory it reports no match at all, which must not be taken for "no rule matched".
_TAIL = b" \x00whole"
_TAIL_PATTERN = rb"\x00whole"


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a hit, such as its target, as a span of the original."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched: the span is in the original text."""

    rule: Rule
    start: int
    end: int
    parts: tuple[Part, ...]


@dataclass(slots=True)
class _Bank:
    """The rules that read the same views, behind one filter."""

    rules: list[Rule]
    patterns: list[Any] = field(default_factory=list)
    filter: Any = None

    def compile(self) -> None:
        self.filter = re2.Filter()
        for rule in self.rules:
            self.patterns.append(_compile(rule.pattern, f"the rule {rule.name}"))
            self.filter.Add(rf"\b(?:{rule.pattern})\b", _options())
        self.filter.Add(_TAIL_PATTERN, _options())
        self.filter.Compile()

    def candidates(self, content: bytes) -> list[int]:
        found = self.filter.Match(content + _TAIL) or ()
        last = len(self.rules)
        if last not in found:
            raise MatcherFailed("The rule filter ran out of memory.")
        return [index for index in found if index != last]


def _options() -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


def _compile(pattern: str, owner: str) -> Any:
    try:
        compiled = re2.compile(rf"\b(?:{pattern})\b".encode(), _options())
        is_empty = re2.compile(pattern.encode(), _options()).search(b"") is not None
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else error
        raise BadRuleset(f"{owner} does not compile: {reason}.") from error
    if is_empty:
        raise BadRuleset(f"{owner} matches the empty text.")
    return compiled


class Matcher:
    """All rules of a ruleset, compiled; raises `BadRuleset` for the first that cannot be."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.version = ruleset.version
        self.ruleset = ruleset
        folded = [rule for rule in ruleset.rules if rule.view == "folded"]
        self._plain = _Bank([rule for rule in ruleset.rules if rule.view == "plain"])
        self._original = _Bank([rule for rule in ruleset.rules if rule.view == "original"])
        self._folded = _Bank(folded)
        for bank in (self._plain, self._original, self._folded):
            bank.compile()
        self._frames = {
            name: (frame, [_compile(pattern, f"the frame {name}") for pattern in frame.patterns])
            for name, frame in ruleset.frames.items()
        }

    @classmethod
    def load(cls, path: Path) -> "Matcher":
        try:
            return cls(read_ruleset(path))
        except BadRuleset as refusal:
            if str(path) in str(refusal):
                raise
            raise BadRuleset(f"The ruleset {path} is refused: {refusal}") from refusal

    def find(self, views: Views) -> list[Hit]:
        """The rules that match a text and are not excused, each once, at its first place."""
        hits: dict[str, Hit] = {}
        readings = [("original", self._original), ("plain", self._plain)]
        readings += [(view, self._folded) for view in views.distinct()]
        for view, bank in readings:
            if not bank.rules:
                continue
            content = views.get(view).encode("utf-8", "replace")
            for index in bank.candidates(content):
                rule = bank.rules[index]
                if rule.name not in hits:
                    hits.update(self._first(rule, bank.patterns[index], views, view, content))
        return list(hits.values())

    def _first(self, rule: Rule, pattern: Any, views: Views, view: str, content: bytes) -> dict[str, Hit]:
        excused = 0
        for found in pattern.finditer(content):
            start, end = found.span()
            if excused < _MOST_EXCUSED and self._is_excused(rule, content, start, end):
                excused += 1
                continue
            span = _to_original(views, view, content, (start, end))
            return {rule.name: Hit(rule, *span, tuple(_parts(found, pattern, views, view, content)))}
        return {}

    def _is_excused(self, rule: Rule, content: bytes, start: int, end: int) -> bool:
        for name in rule.exceptions:
            frame, patterns = self._frames[name]
            region = _region(frame, content, start, end)
            if region and any(pattern.search(region) for pattern in patterns):
                return True
        return False


def _region(frame: Frame, content: bytes, start: int, end: int) -> bytes:
    """Where a frame is looked for; empty where it cannot apply."""
    before, after = max(0, start - _WINDOW), end + _WINDOW
    if frame.scope == "near":
        turn = max(content.rfind(mark, before, start) for mark in _TURNS)
        return content[max(start - _NEAR, _sentence_start(content, before, start), turn) : end]
    if frame.scope == "sentence":
        return content[_sentence_start(content, before, start) : _sentence_end(content, end, after)]
    if frame.scope == "quoted" and not _is_quoted(content, before, start, end):
        return b""
    return content[before:after]


def _sentence_start(content: bytes, before: int, start: int) -> int:
    return max(before, *(content.rfind(mark, before, start) + 1 for mark in _SENTENCE_ENDS))


def _sentence_end(content: bytes, end: int, after: int) -> int:
    ends = [place for mark in _SENTENCE_ENDS if (place := content.find(mark, end, after)) >= 0]
    return min(ends, default=after)


def _is_quoted(content: bytes, before: int, start: int, end: int) -> bool:
    """Whether an odd number of quotation marks stands before the match and one closes after it."""
    return content[before:start].count(_QUOTE) % 2 == 1 and content.find(b'"', end, end + _WINDOW) >= 0


def _to_original(views: Views, view: str, content: bytes, span: tuple[int, int]) -> tuple[int, int]:
    start, end = (len(content[:place].decode("utf-8", "replace")) for place in span)
    return views.span(view, start, end)


def _parts(found: Any, pattern: Any, views: Views, view: str, content: bytes) -> Iterator[Part]:
    for role, group in pattern.groupindex.items():
        name = role.decode() if isinstance(role, bytes) else role
        start, end = found.span(group)
        if name in ROLES and start < end:
            yield Part(name, *_to_original(views, view, content, (start, end)))


def check_ruleset(path: Path) -> Sequence[str]:
    """Tests all examples of a ruleset: a positive one must hit its rule, a negative one must hit no rule at all.

    Returns one sentence for every example that disagrees; raises `BadRuleset` when the ruleset cannot be used at all.
    """
    matcher = Matcher.load(path)
    faults: list[str] = []
    for rule in matcher.ruleset.rules:
        missed = [text for text in rule.positive if rule.name not in _hit_names(matcher, text)]
        faults += [f"{rule.name} misses its positive example: {text}" for text in missed]
        for text in rule.negative:
            names = _hit_names(matcher, text)
            faults.extend(f"{name} hits a negative example of {rule.name}: {text}" for name in names)
    return faults


def _hit_names(matcher: Matcher, text: str) -> list[str]:
    return [hit.rule.name for hit in matcher.find(Views(text))]
