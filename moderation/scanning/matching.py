"""Matching rules against the views of a text in linear time.

One RE2 filter over all patterns of a kind of view says in about a microsecond which rules can match; only those are run
for their spans. One automaton does the same for all phrases. Only around a match are exception frames looked for. Work is
bounded by the length of the text: frames look at a window of fixed size, and a text that repeats an excused phrase too
often is not excused.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import re2

from moderation.scanning.normalising import Views
from moderation.scanning.phrases import Phrases
from moderation.scanning.refusals import BadRuleset, MatcherFailed
from moderation.scanning.rulesets import Frame, Rule, Ruleset, read_ruleset

ROLES = ("target", "method", "mood", "time", "place")

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

# What matches this matches every text with a letter in it; a pattern that matches the empty text does.
_ANY = b"q"
_ANYTHING = "the empty text or a single letter, and so every text"


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


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a rule matches in a view, in bytes, and the role, start and end of its parts."""

    start: int
    end: int
    parts: tuple[tuple[str, int, int], ...] = ()


class _Bank:
    """The rules that read the same views: those with a pattern behind one filter, those with phrases behind one automaton."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._ruled = [rule for rule in rules if not rule.phrases]
        self._phrased = [rule for rule in rules if rule.phrases]
        self._phrases = Phrases([rule.phrases for rule in self._phrased])
        self.filter = re2.Filter()
        self._patterns = [self._add(rule) for rule in self._ruled]
        self.filter.Add(_TAIL_PATTERN, _options())
        self.filter.Compile()
        self._try()

    def _add(self, rule: Rule) -> Any:
        """Compiles a pattern alone; the filter shares it, because compiling it twice costs twice the time and memory."""
        try:
            return self.filter.re(self.filter.Add(_whole_words(rule.pattern), _options()))
        except re2.error as error:
            # The filter does not say why it refuses a pattern; compiling it once more does.
            _compile(rule.pattern, f"the rule {rule.name}")
            raise BadRuleset(f"the rule {rule.name} does not compile: {error}.") from error

    def __bool__(self) -> bool:
        return bool(self._ruled or self._phrased)

    def places(self, content: bytes) -> Iterator[tuple[Rule, Iterable[_Place]]]:
        """The rules that match somewhere, and their places, which are looked for as they are asked for."""
        for index in self._candidates(content):
            yield self._ruled[index], _pattern_places(self._patterns[index], content)
        for owner, spans in self._phrases.find(content).items():
            yield self._phrased[owner], (_Place(start, end) for start, end in spans)

    def _candidates(self, content: bytes) -> list[int]:
        found = self.filter.Match(content + _TAIL) or ()
        last = len(self._ruled)
        if last not in found:
            raise MatcherFailed("The rule filter ran out of memory.")
        return [index for index in found if index != last]

    def _try(self) -> None:
        """Refuses, when they load, rules that match every text and rules that are too many for the filter."""
        # All examples at once are harder to read than any post.
        examples = " ".join(text for rule in self._ruled for text in (*rule.positive, *rule.negative))
        try:
            self._candidates(examples.encode())
            everywhere = self._candidates(_ANY)
        except MatcherFailed as failure:
            needed = f"more memory together than {_MEMORY >> 20} MB"
            raise BadRuleset(f"the rules of a view need {needed}.") from failure
        if everywhere:
            raise BadRuleset(f"the rule {self._ruled[everywhere[0]].name} matches {_ANYTHING}.")


def _options() -> Any:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


def _whole_words(pattern: str) -> bytes:
    return rf"\b(?:{pattern})\b".encode()


def _compile(pattern: str, owner: str) -> Any:
    try:
        compiled = re2.compile(_whole_words(pattern), _options())
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else error
        raise BadRuleset(f"{owner} does not compile: {reason}.") from error
    if compiled.search(_ANY):
        raise BadRuleset(f"{owner} matches {_ANYTHING}.")
    return compiled


@dataclass(frozen=True, slots=True)
class _Reading:
    """One view of a text as the engines read it, with the way back to the text."""

    views: Views
    view: str
    content: bytes

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A span of bytes of the view as a span of the original."""
        first, last = (len(self.content[:place].decode("utf-8", "replace")) for place in (start, end))
        return self.views.span(self.view, first, last)

    def is_in_quoted_lines(self, place: _Place) -> bool:
        """Whether all lines of the original that a match touches start with ">"; a view has no lines to see it by."""
        original = self.views.original
        if ">" not in original:
            return False
        start, end = self.original(place.start, place.end)
        lines = original[original.rfind("\n", 0, start) + 1 : end].split("\n")
        return all(line.lstrip().startswith(">") for line in lines)


class Matcher:
    """All rules of a ruleset, compiled; raises `BadRuleset` for the first that cannot be."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.version = ruleset.version
        self.ruleset = ruleset
        self._original, self._plain, self._folded = (
            _Bank([rule for rule in ruleset.rules if rule.view == view])
            for view in ("original", "plain", "folded")
        )
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
            if not bank:
                continue
            reading = _Reading(views, view, views.get(view).encode("utf-8", "replace"))
            for rule, places in bank.places(reading.content):
                if rule.name not in hits:
                    hits.update(self._first(rule, places, reading))
        return list(hits.values())

    def _first(self, rule: Rule, places: Iterable[_Place], reading: _Reading) -> dict[str, Hit]:
        excused = 0
        for place in places:
            if excused < _MOST_EXCUSED and self._is_excused(rule, reading, place):
                excused += 1
                continue
            parts = (Part(role, *reading.original(*span)) for role, *span in place.parts)
            return {rule.name: Hit(rule, *reading.original(place.start, place.end), tuple(parts))}
        return {}

    def _is_excused(self, rule: Rule, reading: _Reading, place: _Place) -> bool:
        for name in rule.exceptions:
            frame, patterns = self._frames[name]
            region = _region(frame, reading, place, rule)
            if region and any(pattern.search(region) for pattern in patterns):
                return True
        return False


def _region(frame: Frame, reading: _Reading, place: _Place, rule: Rule) -> bytes:
    """Where a frame is looked for; empty where it cannot apply."""
    content, start, end = reading.content, place.start, place.end
    before, after = max(0, start - _WINDOW), end + _WINDOW
    first = max(
        _sentence_start(content, before, start), *(content.rfind(mark, before, start) for mark in _TURNS)
    )
    if frame.scope == "near":
        # A pattern may bridge a "never"; a phrase is fixed, and the "never" of "they will never find you" belongs to it.
        return content[max(start - _NEAR, first) : start if rule.phrases else end]
    if frame.scope == "sentence":
        return content[first : _sentence_end(content, end, after)]
    if frame.scope == "quoted":
        return _around_quotation(reading, place, before, after)
    return content[before:after]


def _sentence_start(content: bytes, before: int, start: int) -> int:
    return max(before, *(content.rfind(mark, before, start) + 1 for mark in _SENTENCE_ENDS))


def _sentence_end(content: bytes, end: int, after: int) -> int:
    ends = [place for mark in _SENTENCE_ENDS if (place := content.find(mark, end, after)) >= 0]
    return min(ends, default=after)


def _around_quotation(reading: _Reading, place: _Place, before: int, after: int) -> bytes:
    """What its author says around a quotation in which a rule matched; empty when it matched in the author's own words.

    The words of the quotation itself are left out, or whoever puts a threat in quotation marks could excuse it there.
    """
    content = reading.content
    if reading.is_in_quoted_lines(place):
        return (reading.views.unquoted or "").encode()
    closing = content.find(b'"', place.end, after)
    if content[before : place.start].count(_QUOTE) % 2 == 0 or closing < 0:
        return b""
    return content[before : content.rfind(b'"', before, place.start)] + content[closing:after]


def _pattern_places(pattern: Any, content: bytes) -> Iterator[_Place]:
    names = {
        role.decode() if isinstance(role, bytes) else role: group
        for role, group in pattern.groupindex.items()
    }
    for found in pattern.finditer(content):
        spans = ((role, *found.span(group)) for role, group in names.items() if role in ROLES)
        begin, stop = found.span()
        yield _Place(begin, stop, tuple((role, start, end) for role, start, end in spans if start < end))
