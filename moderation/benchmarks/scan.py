"""`manage.py bench scan --data FILE.jsonl`: texts per second and core of the scanner and of each of its stages."""

import argparse
import itertools
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from moderation.benchmarks.machine import describe_machine, resident_megabytes
from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner
from moderation.training.corpus import read_examples

NAME = "scan"
BATCHES = (1, 16, 128, 1024)

Stage = Callable[[Sequence[str]], object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FILE.jsonl", help="labelled texts to scan"
    )
    parser.add_argument("--texts", type=int, default=5_000, help="how many of them")


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Times each stage over the same texts in every batch size; one thread, so per second and core."""
    started = time.perf_counter()
    scanner = Scanner.load()
    load_seconds = time.perf_counter() - started
    texts = [example.text for example in itertools.islice(read_examples(options["data"]), options["texts"])]
    stages = _stages(scanner, texts)
    scanner.scan(texts[:1024])
    rates = {name: {size: _rate(stage, texts, size) for size in BATCHES} for name, stage in stages.items()}
    return {
        "benchmark": NAME,
        "machine": describe_machine(),
        "texts": len(texts),
        "texts_per_second_and_core": rates,
        "one_at_a_time_ms": _percentiles(scanner, texts),
        "load_seconds": round(load_seconds, 3),
        "resident_megabytes": round(resident_megabytes(), 1),
    }


def _stages(scanner: Scanner, texts: Sequence[str]) -> dict[str, Stage]:
    matcher, classifier = Matcher.load(DEFAULT_RULESET), Classifier.load(DEFAULT_MODEL)
    views = {text: Views(text) for text in texts}
    for view in views.values():
        view.distinct()
    return {
        "normalise": lambda batch: [Views(text).distinct() for text in batch],
        "rules": lambda batch: [matcher.find(views[text]) for text in batch],
        "classifier": lambda batch: classifier.logits([views[text].plain for text in batch]),
        "whole scan": scanner.scan,
    }


def _rate(stage: Stage, texts: Sequence[str], size: int) -> int:
    started = time.perf_counter()
    for start in range(0, len(texts), size):
        stage(texts[start : start + size])
    return round(len(texts) / (time.perf_counter() - started))


def _percentiles(scanner: Scanner, texts: Sequence[str]) -> dict[str, float]:
    times = []
    for text in texts:
        started = time.perf_counter()
        scanner.scan([text])
        times.append(1000 * (time.perf_counter() - started))
    p50, p99 = np.percentile(times, [50, 99])
    return {"p50": round(float(p50), 3), "p99": round(float(p99), 3)}


def show(result: dict[str, Any], console: Console) -> None:
    table = Table(title="Texts per second and core")
    table.add_column("stage")
    for size in BATCHES:
        table.add_column(f"batches of {size}", justify="right")
    for name, rates in result["texts_per_second_and_core"].items():
        table.add_row(name, *(f"{rates[size]:,}" for size in BATCHES))
    console.print(table)
    times = result["one_at_a_time_ms"]
    console.print(
        f"One at a time: p50 {times['p50']} ms, p99 {times['p99']} ms over {result['texts']:,} texts."
    )
    console.print(
        f"Ready after {result['load_seconds']} s; at most {result['resident_megabytes']} MB resident."
    )
    console.print(", ".join(f"{name} {value}" for name, value in result["machine"].items()), highlight=False)
