"""Looking at a ruleset before it is used: do its examples hold, and what does it change? What holds is sealed."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.refusals import BadRuleset
from moderation.scanning.rulesets import Frame, Rule, Ruleset, read_draft


def compile_draft(path: Path) -> Matcher:
    """A ruleset that need not be sealed, with every rule compiled; raises `BadRuleset` with the file's name."""
    ruleset = read_draft(path)
    try:
        return Matcher(ruleset)
    except BadRuleset as refusal:
        raise BadRuleset(f"The ruleset {path} is refused: {refusal}") from refusal


def seal(path: Path, checked: Ruleset) -> None:
    """Writes the seal of a ruleset whose examples agree: whole or not at all, because workers may read it meanwhile.

    Raises `BadRuleset` when the file is not what was checked any more, or when the seal cannot be written.
    """
    beside = path.with_name(path.name + ".sha256")
    fresh = beside.with_name(beside.name + ".new")
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if not checked.version.endswith(f"+{digest[:12]}"):
            raise BadRuleset(f"The ruleset {path} was changed while it was checked, and is not sealed.")
        fresh.write_text(f"{digest}  {path.name}\n")
        fresh.replace(beside)
    except OSError as error:
        raise BadRuleset(f"The seal {beside} cannot be written: {error}.") from error


def find_faults(matcher: Matcher) -> list[str]:
    """One sentence for every example that disagrees: a positive one must hit its rule, a negative one no rule at all."""
    faults: list[str] = []
    for rule in matcher.ruleset.rules:
        # A phrase that its own bank does not find, or that a frame excuses by its own words, would never be missed.
        missed = [text for text in rule.phrases if rule.name not in _hit_names(matcher, text)]
        faults += [f"{rule.name} does not find its own phrase: {text}" for text in missed]
        missed = [text for text in rule.positive if rule.name not in _hit_names(matcher, text)]
        faults += [f"{rule.name} misses its positive example: {text}" for text in missed]
        for text in rule.negative:
            names = _hit_names(matcher, text)
            faults.extend(f"{name} hits a negative example of {rule.name}: {text}" for name in names)
    return faults


def _hit_names(matcher: Matcher, text: str) -> list[str]:
    return [hit.rule.name for hit in matcher.find(Views(text))]


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule or frame that only one of two rulesets has, or the parts in which they differ."""

    kind: Literal["rule", "frame"]
    name: str
    change: Literal["added", "removed", "changed"]
    parts: tuple[str, ...] = ()


def differences(old: Ruleset, new: Ruleset) -> list[Difference]:
    """What `new` changes, by name; a rule whose macros changed differs in its pattern."""
    rules = ({rule.name: rule for rule in ruleset.rules} for ruleset in (old, new))
    return [*_compare("rule", *rules), *_compare("frame", old.frames, new.frames)]


def _compare(
    kind: Literal["rule", "frame"], old: Mapping[str, Rule | Frame], new: Mapping[str, Rule | Frame]
) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield Difference(kind, name, "added")
        elif name not in new:
            yield Difference(kind, name, "removed")
        elif old[name] != new[name]:
            parts = (field.name for field in fields(old[name]))
            changed = tuple(part for part in parts if getattr(old[name], part) != getattr(new[name], part))
            yield Difference(kind, name, "changed", changed)
