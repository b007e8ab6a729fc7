"""The scanner of this process: loaded anew when its files change, never replaced by less.

The two files are treated differently when they are damaged. Without its model the scanner is not ready, in a process that
runs as in one that starts. A ruleset is what operators edit: when a new one is refused, a running process goes on with the
last good one and says so; a process that has none yet is not ready.
"""

from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings

from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner, ScannerNotReady

# What tells one state of files from another: for each when it was written, its size and its inode; empty when it is not there.
Marks = tuple[tuple[int, ...], ...]

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Loaded:
    """What this process holds, and the state of the files that it was read from."""

    matcher: Matcher | None = None
    ruleset_marks: Marks = ()
    classifier: Classifier | None = None
    model_marks: Marks = ()
    scanner: Scanner | None = None


_loaded = _Loaded()


def get_scanner() -> Scanner:
    """The scanner with the configured ruleset and model. Raises ScannerNotReady: whoever asks must then clear nothing.

    Repaired or newer files are used without a restart.
    """
    matcher, classifier = _matcher(), _classifier()
    if _loaded.scanner is None:
        _loaded.scanner = Scanner(matcher, classifier)
    return _loaded.scanner


def _matcher() -> Matcher:
    path = Path(settings.PARLER_RULESET or DEFAULT_RULESET)
    marks = _marks(path, path.with_name(path.name + ".sha256"))
    if _loaded.matcher is not None and marks == _loaded.ruleset_marks:
        return _loaded.matcher
    try:
        matcher = Matcher.load(path)
    except ScannerNotReady as refusal:
        if _loaded.matcher is None:
            raise
        # Said once for every state of the files: a worker asks several times a second.
        logger.critical("ruleset_refused", reason=str(refusal), kept=_loaded.matcher.version)
        _loaded.ruleset_marks = marks
        return _loaded.matcher
    _loaded.matcher, _loaded.ruleset_marks, _loaded.scanner = matcher, marks, None
    return matcher


def _classifier() -> Classifier:
    path = Path(settings.PARLER_MODEL or DEFAULT_MODEL)
    marks = _marks(path, path.with_suffix(".json"))
    if _loaded.classifier is not None and marks == _loaded.model_marks:
        return _loaded.classifier
    # When this raises, the model before stays in memory, and is used again only when its very files are back.
    classifier = Classifier.load(path)
    _loaded.classifier, _loaded.model_marks, _loaded.scanner = classifier, marks, None
    return classifier


def _marks(*files: Path) -> Marks:
    return tuple(map(_mark, files))


def _mark(file: Path) -> tuple[int, ...]:
    try:
        found = file.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)
