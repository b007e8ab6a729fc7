"""Reading a ruleset: the TOML file, its seal, its macros and the refusals.

A ruleset is one TOML file with a `<name>.sha256` beside it, in the format of `sha256sum`, so that a truncated or
half-copied file is never mistaken for a smaller ruleset. It holds rules with a pattern, `[[rule]]`, and banks of fixed
phrases, `[[phrases]]`, which are rules in everything else. A pattern is RE2, written against folded text (lower case, no
accents), with three conveniences:

- ``{name}`` inserts a macro, ``{name:role}`` inserts it as a group whose match is reported with that role;
- a space stands for one to three characters between words that do not end a sentence, except in a character class;
- ä, ö, ü and ß also match ae, oe, ue and the plain letter.

Every pattern starts and ends at a word boundary. A phrase is written as people write it; see `phrases.spellings`.
"""

import dataclasses
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.scanning.phrases import spellings
from moderation.scanning.refusals import BadRuleset

LONGEST_WRITTEN = 500
"""Characters of a pattern as written. What it expands to may be longer, because macros list many words."""

LONGEST_EXPANDED = 24_000

SHORTEST_PHRASE = 6
"""Characters of a phrase: what is shorter is a word that means many things."""

FEWEST_EXAMPLES = 3

CLASSES = tuple(f"V{number}" for number in range(1, 14))
SCOPES = ("near", "sentence", "text", "quoted")

_SPACE_OR_CLASS = re.compile(r"\[[^\]]*\]| ")
_MACRO = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
_SPACE = r"(?:[^a-z0-9.!?;:]{1,3})"
_UMLAUTS = str.maketrans({"ä": "ae?", "ö": "oe?", "ü": "ue?", "ß": "ss?"})
_REFUSED = {
    "(?=": "look-ahead",
    "(?!": "look-ahead",
    "(?<=": "look-behind",
    "(?<!": "look-behind",
    "(?P=": "a back-reference",
}
_BACK_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*\\[1-9]")
_ALLOWED = {
    "class": CLASSES,
    "severity": ("mid", "high"),
    "language": ("en", "de", "any"),
    "view": ("folded", "plain", "original"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """A setting in which a match means something else: reported, negated, played, told."""

    name: str
    scope: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its pattern expanded, or, when it is a bank of phrases, these in every spelling and no pattern."""

    name: str
    klass: str
    severity: str
    language: str
    view: str
    pattern: str
    phrases: tuple[str, ...]
    exceptions: tuple[str, ...]
    positive: tuple[str, ...]
    negative: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ruleset:
    version: str
    rules: tuple[Rule, ...]
    frames: Mapping[str, Frame]
    macros: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Expanded, for rules that are written on top of this ruleset."""


def read_ruleset(path: Path) -> Ruleset:
    """Reads and validates a sealed ruleset; raises `BadRuleset`. Patterns are compiled by the matcher."""
    return _parse(path, _read_sealed(path))


def read_draft(path: Path) -> Ruleset:
    """The same for a file that is not sealed yet, so that it can be checked first."""
    try:
        return _parse(path, path.read_bytes())
    except OSError as error:
        raise BadRuleset(f"The ruleset {path} cannot be read: {error}.") from error


def _seal_of(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _parse(path: Path, content: bytes) -> Ruleset:
    try:
        document = tomllib.loads(content.decode())
        return _build(document, hashlib.sha256(content).hexdigest())
    except BadRuleset as refusal:
        raise BadRuleset(f"The ruleset {path} is refused: {refusal}") from refusal
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadRuleset(f"The ruleset {path} is not readable: {error!r}.") from error


def _read_sealed(path: Path) -> bytes:
    seal = _seal_of(path)
    try:
        content, words = path.read_bytes(), seal.read_text().split()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRuleset(f"The ruleset {path} or its seal {seal.name} cannot be read: {error}.") from error
    if not words or words[0] != hashlib.sha256(content).hexdigest():
        raise BadRuleset(
            f"The ruleset {path} does not match the sha256 in {seal.name}: truncated, or not sealed again."
        )
    return content


def _build(document: dict[str, Any], digest: str) -> Ruleset:
    macros = _expand_macros(document.get("macros", {}))
    frames = {name: _frame(name, entry, macros) for name, entry in document.get("frames", {}).items()}
    rules = (
        *(_rule(entry, macros, frames) for entry in document.get("rule", ())),
        *(_phrase_bank(entry, frames) for entry in document.get("phrases", ())),
    )
    names = [rule.name for rule in rules]
    if not rules:
        raise BadRuleset("it holds no rule.")
    if len(names) != len(set(names)):
        raise BadRuleset("two rules share a name.")
    return Ruleset(f"{document['version']}+{digest[:12]}", rules, frames, macros)


def read_rule(entry: Mapping[str, Any], ruleset: Ruleset) -> Rule:
    """One rule more, written with the macros and frames of a ruleset; raises `BadRuleset`."""
    return _rule(entry, ruleset.macros, ruleset.frames)


def _expand_macros(written: Mapping[str, str]) -> dict[str, str]:
    """Macros may use the ones above them, which also rules out circles."""
    macros: dict[str, str] = {}
    for name, pattern in written.items():
        macros[name] = expand(pattern, macros, f"the macro {name}")
    return macros


def expand(pattern: str, macros: Mapping[str, str], owner: str) -> str:
    """Turns a pattern as written into RE2."""

    def insert(found: re.Match[str]) -> str:
        name, role = found.groups()
        if name not in macros:
            raise BadRuleset(f"{owner} uses the macro {name}, which is not defined above it.")
        return f"(?P<{role}>{macros[name]})" if role else f"(?:{macros[name]})"

    for form, meaning in _REFUSED.items():
        if form in pattern:
            raise BadRuleset(f"{owner} uses {meaning} ({form}), which linear-time matching does not have.")
    if _BACK_REFERENCE.search(pattern):
        raise BadRuleset(f"{owner} uses a back-reference, which linear-time matching does not have.")
    # The spaces are replaced first: what the macros bring has had its spaces replaced already.
    spaced = _SPACE_OR_CLASS.sub(
        lambda found: _SPACE if found.group() == " " else found.group(), pattern.translate(_UMLAUTS)
    )
    return _MACRO.sub(insert, spaced)


def _frame(name: str, entry: Mapping[str, Any], macros: Mapping[str, str]) -> Frame:
    if entry["scope"] not in SCOPES:
        raise BadRuleset(
            f"the frame {name} has the scope {entry['scope']!r}, which is none of {', '.join(SCOPES)}."
        )
    return Frame(
        name, entry["scope"], tuple(expand(one, macros, f"the frame {name}") for one in entry["patterns"])
    )


def _rule(entry: Mapping[str, Any], macros: Mapping[str, str], frames: Mapping[str, Frame]) -> Rule:
    name, written = str(entry["name"]), str(entry["pattern"])
    if len(written) > LONGEST_WRITTEN:
        raise BadRuleset(
            f"the rule {name} has a pattern of {len(written)} characters; {LONGEST_WRITTEN} are allowed."
        )
    pattern = expand(written, macros, f"the rule {name}")
    if len(pattern) > LONGEST_EXPANDED:
        raise BadRuleset(
            f"the rule {name} expands to {len(pattern)} characters; {LONGEST_EXPANDED} are allowed."
        )
    return _checked(name, entry, frames, pattern=pattern)


def _phrase_bank(entry: Mapping[str, Any], frames: Mapping[str, Frame]) -> Rule:
    name, view = str(entry["name"]), entry.get("view", "folded")
    spelled: set[str] = set()
    for phrase in entry["phrases"]:
        if len(phrase.strip()) < SHORTEST_PHRASE:
            raise BadRuleset(
                f"the bank {name} has the phrase {phrase!r}, which is too short to mean one thing."
            )
        if (found := spellings(phrase, view)) <= spelled:
            raise BadRuleset(f"the bank {name} has the phrase {phrase!r} twice.")
        spelled |= found
    if not spelled:
        raise BadRuleset(f"the bank {name} holds no phrase.")
    return _checked(name, entry, frames, phrases=tuple(sorted(spelled)))


def _checked(
    name: str,
    entry: Mapping[str, Any],
    frames: Mapping[str, Frame],
    *,
    pattern: str = "",
    phrases: tuple[str, ...] = (),
) -> Rule:
    """What rules and banks have in common."""
    _check_fields(name, entry, frames)
    return Rule(
        name=name,
        klass=entry["class"],
        severity=entry["severity"],
        language=entry["language"],
        view=entry.get("view", "folded"),
        pattern=pattern,
        phrases=phrases,
        exceptions=tuple(entry.get("exceptions", ())),
        positive=tuple(entry["positive"]),
        negative=tuple(entry["negative"]),
    )


def _check_fields(name: str, entry: Mapping[str, Any], frames: Mapping[str, Frame]) -> None:
    for field, allowed in _ALLOWED.items():
        value = entry.get(field, "folded" if field == "view" else None)
        if value not in allowed:
            raise BadRuleset(
                f"the rule {name} has the {field} {value!r}, which is none of {', '.join(allowed)}."
            )
    for kind in ("positive", "negative"):
        if len(entry[kind]) < FEWEST_EXAMPLES:
            raise BadRuleset(f"the rule {name} has fewer than {FEWEST_EXAMPLES} {kind} examples.")
        if not all(isinstance(text, str) for text in entry[kind]):
            raise BadRuleset(f"the rule {name} has a {kind} example that is no text.")
    unknown = [exception for exception in entry.get("exceptions", ()) if exception not in frames]
    if unknown:
        raise BadRuleset(f"the rule {name} names the frame {unknown[0]}, which does not exist.")
