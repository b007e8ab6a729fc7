"""House rules on top of a shipped ruleset: what people wrote, and which shipped rules may not hold at present.

A set comes sealed with the hash of its content, so that a changed one is never taken for the one that was approved. It is compiled
into the same matcher as the shipped rules. The version of the combination names both, and with neither house rule nor narrowed
rule it is that of the shipped ruleset.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import BadRuleset
from moderation.scanning.rulesets import Rule, Ruleset, read_rule

PREFIX = "house/"
"""Begins the name of every house rule, and of no other."""

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HouseSet:
    """Entries as in a ruleset file, of rules that hold and of rules that only watch."""

    digest: str
    holding: tuple[Content, ...]
    watching: tuple[Content, ...]
    shares: Mapping[str, int]
    """By the name of a canary, the percentage of texts that it may hold."""
    narrowed: frozenset[str]
    """Shipped rules that only watch."""

    @property
    def is_empty(self) -> bool:
        return not (self.holding or self.watching or self.narrowed)


NO_HOUSE_RULES = HouseSet("", (), (), {}, frozenset())


def digest_of(content: Content) -> str:
    """The seal of a set's content, however its keys are ordered."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def read_house_set(content: Content, digest: str) -> HouseSet:
    """A sealed set. Raises BadRuleset when it is not what was sealed, or not readable."""
    if digest_of(content) != digest:
        raise BadRuleset(f"The house rules {digest[:12]} are not what was sealed.")
    try:
        return HouseSet(
            digest,
            tuple(content["holding"]),
            tuple(content["watching"]),
            dict(content["shares"]),
            frozenset(content["narrowed"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadRuleset(f"The house rules {digest[:12]} are not readable: {error!r}.") from error


def compile_entry(shipped: Ruleset, entry: Content) -> Matcher:
    """One house rule alone, with the macros and frames of the shipped ruleset. Raises BadRuleset."""
    return Matcher(Ruleset(shipped.version, (read_rule(entry, shipped),), shipped.frames, shipped.macros))


@dataclass(frozen=True, slots=True)
class Combination:
    """What judges: the matcher that holds, the one that only watches, and which canaries hold what share."""

    matcher: Matcher
    watcher: Matcher | None
    shares: Mapping[str, int]

    def unheard_for(self, identifiers: Sequence[int]) -> list[frozenset[str]] | None:
        """For each text the canaries that may not hold it, chosen by a hash of its identifier; None without canaries."""
        if not self.shares:
            return None
        return [
            frozenset(name for name, share in self.shares.items() if bucket(identifier) >= share)
            for identifier in identifiers
        ]


def bucket(identifier: int) -> int:
    """0 to 99, evenly and for ever the same: a canary of n per cent hears the texts below n."""
    return int.from_bytes(hashlib.sha256(str(identifier).encode()).digest()[:8]) % 100


def combine(shipped: Matcher, house: HouseSet) -> Combination:
    """The shipped rules with a set of house rules, compiled. Raises BadRuleset when the set cannot be used with them."""
    if house.is_empty:
        return Combination(shipped, None, {})
    ruleset = shipped.ruleset
    try:
        holding, watching = (_read_all(entries, ruleset) for entries in (house.holding, house.watching))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRuleset(f"The house rules {house.digest[:12]} are not readable: {error!r}.") from error
    kept = [rule for rule in ruleset.rules if rule.name not in house.narrowed]
    narrowed = [rule for rule in ruleset.rules if rule.name in house.narrowed]
    version = f"{ruleset.version}+{house.digest[:12]}"
    matcher, watcher = (
        Matcher(Ruleset(version, tuple(rules), ruleset.frames, ruleset.macros))
        for rules in ([*kept, *holding], [*narrowed, *watching])
    )
    return Combination(matcher, watcher if watcher.ruleset.rules else None, house.shares)


def _read_all(entries: Sequence[Content], shipped: Ruleset) -> list[Rule]:
    return [read_rule(entry, shipped) for entry in entries]
