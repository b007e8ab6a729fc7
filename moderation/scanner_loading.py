"""The scanner of this process: loaded once, asked for again after a failure, never replaced by less."""

from pathlib import Path

from django.conf import settings

from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner

_loaded: list[Scanner] = []


def get_scanner() -> Scanner:
    """The scanner with the configured ruleset and model. Raises ScannerNotReady: whoever asks must then clear nothing."""
    if not _loaded:
        _loaded.append(
            Scanner.load(
                ruleset_path=Path(settings.PARLER_RULESET or DEFAULT_RULESET),
                model_path=Path(settings.PARLER_MODEL or DEFAULT_MODEL),
            )
        )
    return _loaded[0]
