"""One fresh worker by itself: `python -m moderation.benchmarks.one_worker FILE.jsonl` prints how soon it is ready and what it holds.

A process of its own, because memory that a benchmark took for other things is never given back.
"""

import itertools
import json
import sys
import time
from pathlib import Path

import django

from moderation.benchmarks.machine import resident_megabytes
from moderation.scanning.scanner import Scanner
from moderation.training.corpus import read_examples

WARMED_BY = 1_024
"""Texts that it scans before its memory is read: caches and the networks' buffers fill with the first batches."""


def main(path: Path) -> dict[str, float]:
    started = time.perf_counter()
    scanner = Scanner.load()
    load_seconds = time.perf_counter() - started
    scanner.scan([example.text for example in itertools.islice(read_examples(path), WARMED_BY)])
    return {"load_seconds": round(load_seconds, 3), "resident_megabytes": round(resident_megabytes(), 1)}


if __name__ == "__main__":
    # Everything that a worker has loaded counts, not only the scanner.
    django.setup()
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
