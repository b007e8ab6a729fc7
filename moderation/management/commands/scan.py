"""`manage.py scan < in.jsonl > out.jsonl`: score texts with ruleset and model; needs no server and no database."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner, ScannerNotReady
from moderation.scanning.streaming import BATCH, scan_lines


class Command(BaseCommand):
    help = "Reads JSON lines with id and text, and writes one verdict a line in the same order."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--ruleset", type=Path, default=os.environ.get("PARLER_RULESET") or DEFAULT_RULESET
        )
        parser.add_argument("--model", type=Path, default=os.environ.get("PARLER_MODEL") or DEFAULT_MODEL)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scanner = Scanner.load(ruleset_path=Path(options["ruleset"]), model_path=Path(options["model"]))
        except ScannerNotReady as refusal:
            raise CommandError(f"The scanner is not ready, so nothing was scanned. {refusal}") from refusal
        try:
            self._write(scanner)
        except BrokenPipeError:
            # Whoever read our output has seen enough. Python would complain once more when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _write(self, scanner: Scanner) -> None:
        for number, line in enumerate(scan_lines(sys.stdin.buffer, scanner), start=1):
            sys.stdout.write(line + "\n")
            if number % BATCH == 0:
                sys.stdout.flush()
        sys.stdout.flush()
