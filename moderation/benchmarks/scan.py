"""`manage.py bench scan --data FILE.jsonl`: texts per second and core of the scanner, of its stages, and of two baselines."""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from moderation.benchmarks import baselines, hostile
from moderation.benchmarks.baselines import Stage
from moderation.benchmarks.machine import describe_machine
from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.normalising import Views
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner
from moderation.training.corpus import Example, read_examples

NAME = "scan"
BATCHES = (1, 16, 128, 1024)
ROOT = Path(__file__).resolve().parents[2]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FILE.jsonl", help="labelled texts to scan"
    )
    parser.add_argument("--texts", type=int, default=5_000, help="how many of them")


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Times each stage over the same texts in every batch size; one thread, so per second and core."""
    worker = _measure_worker(options["data"])
    scanner = Scanner.load()
    examples = list(itertools.islice(read_examples(options["data"]), options["texts"]))
    texts = [example.text for example in examples]
    verdicts = scanner.scan(texts)
    asked = [
        text for text, verdict in zip(texts, verdicts, strict=True) if verdict.stage == "linear and encoder"
    ]
    stages = _stages(scanner, examples)
    rates = {name: {size: _rate(stage, texts, size) for size in BATCHES} for name, stage in stages.items()}
    rates["second stage, on what it is asked"] = _second_stage(asked)
    return {
        "benchmark": NAME,
        "machine": describe_machine(),
        "texts": len(texts),
        "share_read_twice": round(len(asked) / len(texts), 4),
        "texts_per_second_and_core": rates,
        "one_at_a_time_ms": _percentiles(scanner, texts),
        "hostile_ms": hostile.milliseconds(scanner),
        "worker": worker,
    }


def _measure_worker(data: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "moderation.benchmarks.one_worker", str(data.resolve())]
    answer = subprocess.run(command, cwd=ROOT, env=os.environ, check=True, stdout=subprocess.PIPE)  # noqa: S603  Our own module.
    figures: dict[str, float] = json.loads(answer.stdout)
    return figures


def _stages(scanner: Scanner, examples: Sequence[Example]) -> dict[str, Stage]:
    matcher, classifier = Matcher.load(DEFAULT_RULESET), Classifier.load(DEFAULT_MODEL)
    views = {example.text: Views(example.text) for example in examples}
    for view in views.values():
        view.distinct()
    stages: dict[str, Stage | None] = {
        "keyword list": baselines.keyword_list(),
        "TF-IDF": baselines.tf_idf([one.text for one in examples], [one.label for one in examples]),
        "normalise": lambda batch: [Views(text).distinct() for text in batch],
        "rules": lambda batch: [matcher.find(views[text]) for text in batch],
        "first stage": lambda batch: classifier.first_logits([views[text].plain for text in batch]),
        "whole scan": scanner.scan,
    }
    return {name: stage for name, stage in stages.items() if stage is not None}


def _second_stage(texts: Sequence[str]) -> dict[int, int]:
    """It reads text by text whatever the batch, so that there is one rate."""
    encoder = Classifier.load(DEFAULT_MODEL).encoder
    plains = [Views(text).plain for text in texts]
    return dict.fromkeys(BATCHES, _rate(encoder.logits, plains, 1) if plains else 0)


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
    times, worker = result["one_at_a_time_ms"], result["worker"]
    console.print(
        f"One at a time: p50 {times['p50']} ms, p99 {times['p99']} ms over {result['texts']:,} texts, "
        f"{result['share_read_twice']:.1%} of them read by both stages."
    )
    console.print(
        f"A worker is ready after {worker['load_seconds']} s and holds {worker['resident_megabytes']} MB."
    )
    slowest, longest = max(result["hostile_ms"].items(), key=lambda item: item[1])
    console.print(f"The slowest hostile text, {slowest}, takes {longest} ms.")
    if "TF-IDF" not in result["texts_per_second_and_core"]:
        console.print("TF-IDF was not measured: scikit-learn is not installed.")
    console.print(", ".join(f"{name} {value}" for name, value in result["machine"].items()), highlight=False)
