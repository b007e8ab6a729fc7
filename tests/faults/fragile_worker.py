"""Celery on a machine whose pattern engine dies of one word and hangs at another.

    python -m tests.faults.fragile_worker -A parler.celery worker …

Only the native library is replaced; everything of ours runs as it is. At the word "lingering" the engine says so in a file
of `PARLER_TEST_GATE` and goes on when the file `open` lies there.
"""

import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import re2
from celery.__main__ import main

from tests.faults.artefacts import DEADLY_WORD, LINGERING_WORD

SoundFilter = re2.Filter


class FragileFilter:
    """RE2's filter with two faults."""

    def __init__(self) -> None:
        self._sound: Any = SoundFilter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sound, name)

    def Match(self, content: bytes) -> Any:  # noqa: N802 -- The library's name.
        if DEADLY_WORD.encode() in content:
            os.abort()
        if LINGERING_WORD.encode() in content:
            gate = Path(os.environ["PARLER_TEST_GATE"])
            (gate / f"waits-{os.getpid()}").touch()
            while not (gate / "open").exists():
                time.sleep(0.01)
        return self._sound.Match(content)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    re2.Filter = FragileFilter
    sys.argv[0] = "celery"
    main()
