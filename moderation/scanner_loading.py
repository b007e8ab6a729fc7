"""The scanner of this process: asked for again after a failure, loaded anew when its files change, never replaced by less."""

from pathlib import Path

from django.conf import settings

from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner

# What tells one state of a file from another: when it was written, its size and its inode; empty when it is not there.
Mark = tuple[int, ...]

_loaded: list[tuple[tuple[Mark, ...], Scanner]] = []


def get_scanner() -> Scanner:
    """The scanner with the configured ruleset and model. Raises ScannerNotReady: whoever asks must then clear nothing.

    Files that were damaged under a running process make it as unready as one that starts, so that all processes say the
    same; repaired or newer ones are used without a restart.
    """
    ruleset = Path(settings.PARLER_RULESET or DEFAULT_RULESET)
    model = Path(settings.PARLER_MODEL or DEFAULT_MODEL)
    files = (ruleset, ruleset.with_name(ruleset.name + ".sha256"), model, model.with_suffix(".json"))
    marks = tuple(_mark(file) for file in files)
    for known_marks, scanner in _loaded:
        if known_marks == marks:
            return scanner
    _loaded.clear()
    scanner = Scanner.load(ruleset_path=ruleset, model_path=model)
    _loaded[:] = [(marks, scanner)]
    return scanner


def _mark(file: Path) -> Mark:
    try:
        found = file.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)
