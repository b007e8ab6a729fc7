"""`manage.py evaluate_scanner FILE.jsonl`: recall, precision and average precision by language, source and group, with intervals."""

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from moderation.scanning.policy import Verdict
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner, ScannerNotReady
from moderation.training.corpus import Example, read_examples
from moderation.training.groups import groups_in
from moderation.training.measuring import Figures, measure, reliability

Judged = tuple[Example, Verdict]

BATCH = 512


class Command(BaseCommand):
    help = "Measures the scanner on labelled JSON lines (text, label, lang, source)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--ruleset", type=Path, default=os.environ.get("PARLER_RULESET") or DEFAULT_RULESET
        )
        parser.add_argument("--model", type=Path, default=os.environ.get("PARLER_MODEL") or DEFAULT_MODEL)
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scanner = Scanner.load(ruleset_path=Path(options["ruleset"]), model_path=Path(options["model"]))
            examples = list(read_examples(options["file"]))
        except (ScannerNotReady, OSError, ValueError, KeyError) as error:
            raise CommandError(f"Nothing was measured. {error}") from error
        judged = judge_all(scanner, examples)
        tables = {
            "language and signal": by_signal(judged),
            "source": grouped(judged, lambda example: [f"{example.lang} {example.source}"]),
            "people mentioned": grouped(judged, lambda example: ["everybody", *groups_in(example.text)]),
        }
        if options["json"]:
            figures = {
                title: {name: asdict(one) for name, one in rows.items()} for title, rows in tables.items()
            }
            self.stdout.write(json.dumps(figures).replace("NaN", "null"))
            return
        console = Console(file=cast("IO[str]", self.stdout), width=160)
        for title, rows in tables.items():
            console.print(_table(title, rows))
        console.print(_reliability_table(judged))


def judge_all(scanner: Scanner, examples: list[Example]) -> list[Judged]:
    verdicts: list[Verdict] = []
    for start in range(0, len(examples), BATCH):
        batch = examples[start : start + BATCH]
        verdicts += scanner.scan([one.text for one in batch], langs=[one.lang for one in batch])
    return list(zip(examples, verdicts, strict=True))


def grouped(judged: Iterable[Judged], names: Callable[[Example], Iterable[str]]) -> dict[str, Figures]:
    """The figures of every group; a text may belong to several."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for example, verdict in judged:
        for name in names(example):
            groups[name].append((example, verdict))
    return {
        key: _figures(group, lambda verdict: verdict.verdict == "hold")
        for key, group in sorted(groups.items())
    }


def by_signal(judged: list[Judged]) -> dict[str, Figures]:
    """Each language as a whole, and what each signal holds by itself."""
    rows: dict[str, Figures] = {}
    for language in sorted({example.lang for example, _ in judged}):
        group = [(example, verdict) for example, verdict in judged if example.lang == language]
        rows[f"{language}, all signals"] = _figures(group, lambda verdict: verdict.verdict == "hold")
        for kind in ("rule", "classifier"):
            rows[f"{language}, {kind} alone"] = _figures(group, _has(kind))
    return rows


def _has(kind: str) -> Callable[[Verdict], bool]:
    return lambda verdict: any(reason.kind == kind for reason in verdict.reasons)


def _figures(group: list[Judged], is_held: Callable[[Verdict], bool]) -> Figures:
    return measure(
        [example.label for example, _ in group],
        [is_held(verdict) for _, verdict in group],
        [verdict.score for _, verdict in group],
    )


def _table(title: str, rows: dict[str, Figures]) -> Table:
    table = Table(title=f"By {title}")
    for heading in (
        title,
        "texts",
        "positive",
        "held",
        "recall",
        "precision",
        "false holds per 1,000",
        "AUPRC of the score",
    ):
        table.add_column(heading, justify="left" if heading == title else "right")
    for name, one in rows.items():
        counts = (str(one.texts), str(one.positives), str(one.held))
        table.add_row(
            name, *counts, str(one.recall), str(one.precision), str(one.false_holds_per_1000), str(one.auprc)
        )
    return table


def _reliability_table(judged: list[Judged]) -> Table:
    table = Table(title="Reliability of the score")
    for heading in ("score from", "to", "texts", "mean score", "share positive"):
        table.add_column(heading, justify="right")
    bins = reliability([example.label for example, _ in judged], [verdict.score for _, verdict in judged])
    for one in bins:
        table.add_row(
            f"{one.low:g}", f"{one.high:g}", str(one.texts), f"{one.mean_score:.4f}", str(one.positive_share)
        )
    return table
