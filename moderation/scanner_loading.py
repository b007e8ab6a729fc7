"""The scanner of this process: loaded anew when its files or the house rules change, never replaced by less.

The two files are treated differently when they are damaged. Without its model the scanner is not ready, in a process that
runs as in one that starts. A ruleset is what operators edit: when a new one is refused, a running process goes on with the
last good one and says so; a process that has none yet is not ready. House rules, from the database, are treated like a ruleset.
"""

from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError

from moderation.models import SealedRules
from moderation.scanning.classifying import Classifier
from moderation.scanning.house import NO_HOUSE_RULES, Combination, HouseSet, combine, read_house_set
from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import BadRuleset
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner, ScannerNotReady

# What tells one state of files from another: for each when it was written, its size and its inode; empty when it is not there.
Marks = tuple[tuple[int, ...], ...]

# What tells one sealed set of house rules from another; None when there is none.
Seal = tuple[int, str] | None

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gate:
    """What judges at present, and which of its rules only watch or hold a share."""

    scanner: Scanner
    rules: Combination


@dataclass(slots=True)
class _Loaded:
    """What this process holds, and the state of files and house rules that it was read from."""

    shipped: Matcher | None = None
    ruleset_marks: Marks = ()
    rules: Combination | None = None
    made_from: tuple[Matcher | None, Seal] = (None, None)
    classifier: Classifier | None = None
    model_marks: Marks = ()
    gate: Gate | None = None


_loaded = _Loaded()


def get_scanner() -> Scanner:
    """The scanner with the configured ruleset and model, and the house rules. Raises ScannerNotReady: whoever asks must then clear nothing.

    Repaired or newer files, and newer house rules, are used without a restart.
    """
    return get_gate().scanner


def get_gate() -> Gate:
    """The scanner together with what its rules may do; as `get_scanner`. One query."""
    rules, classifier = _rules(), _classifier()
    if _loaded.gate is None:
        _loaded.gate = Gate(Scanner(rules.matcher, classifier), rules)
    return _loaded.gate


def get_shipped() -> Matcher:
    """The rules of the ruleset file alone. Raises ScannerNotReady."""
    path = Path(settings.PARLER_RULESET or DEFAULT_RULESET)
    marks = _marks(path, path.with_name(path.name + ".sha256"))
    if _loaded.shipped is not None and marks == _loaded.ruleset_marks:
        return _loaded.shipped
    try:
        matcher = Matcher.load(path)
    except ScannerNotReady as refusal:
        if _loaded.shipped is None:
            raise
        # Said once for every state of the files: a worker asks several times a second.
        logger.critical("ruleset_refused", reason=str(refusal), kept=_loaded.shipped.version)
        _loaded.ruleset_marks = marks
        return _loaded.shipped
    _loaded.shipped, _loaded.ruleset_marks = matcher, marks
    return matcher


def _rules() -> Combination:
    shipped = get_shipped()
    seal = _newest_seal()
    if _loaded.rules is not None and _loaded.made_from == (shipped, seal):
        return _loaded.rules
    try:
        rules = combine(shipped, _read_house_rules(seal))
    except BadRuleset as refusal:
        if _loaded.rules is None:
            raise
        # Said once, as above.
        logger.critical("house_rules_refused", reason=str(refusal), kept=_loaded.rules.matcher.version)
        _loaded.made_from = (shipped, seal)
        return _loaded.rules
    _loaded.rules, _loaded.made_from, _loaded.gate = rules, (shipped, seal), None
    return rules


def _newest_seal() -> Seal:
    """The newest set of house rules; the one in use while the database does not answer. Raises ScannerNotReady when there is none."""
    try:
        return SealedRules.objects.order_by("-pk").values_list("pk", "digest").first()
    except DatabaseError as error:
        if _loaded.rules is None:
            raise ScannerNotReady("The house rules cannot be read.") from error
        logger.warning("house_rules_unreadable", kept=_loaded.rules.matcher.version)
        return _loaded.made_from[1]


def _read_house_rules(seal: Seal) -> HouseSet:
    if seal is None:
        return NO_HOUSE_RULES
    sealed = SealedRules.objects.get(pk=seal[0])
    return read_house_set(sealed.content, sealed.digest)


def _classifier() -> Classifier:
    path = Path(settings.PARLER_MODEL or DEFAULT_MODEL)
    marks = _marks(path, path.with_suffix(".json"))
    if _loaded.classifier is not None and marks == _loaded.model_marks:
        return _loaded.classifier
    # When this raises, the model before stays in memory, and is used again only when its very files are back.
    classifier = Classifier.load(path)
    _loaded.classifier, _loaded.model_marks, _loaded.gate = classifier, marks, None
    return classifier


def _marks(*files: Path) -> Marks:
    return tuple(map(_mark, files))


def _mark(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)
