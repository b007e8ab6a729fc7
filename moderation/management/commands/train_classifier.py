"""`manage.py train_classifier --data DIR`: learn the classifier's weights anew, reproducibly."""

import argparse
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET
from moderation.training.corpus import read_corpus, read_own_examples
from moderation.training.fitting import fit


class Command(BaseCommand):
    help = "Learns the classifier from labelled texts; the same texts give the same sha256."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=os.environ.get("PARLER_TRAINING_DATA"), metavar="DIR"
        )
        parser.add_argument("--output", type=Path, default=DEFAULT_MODEL, metavar="FILE.npz")
        parser.add_argument("--exclude-source", action="append", default=[], metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["data"]:
            raise CommandError("Say where the labelled texts are: --data DIR or PARLER_TRAINING_DATA.")
        try:
            matcher = Matcher.load(DEFAULT_RULESET)
            corpus = read_corpus(Path(options["data"]), excluded_sources=options["exclude_source"])
            corpus += read_own_examples(matcher.ruleset)
        except (OSError, ScannerNotReady) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Learning from {len(corpus):,} texts; this takes some minutes.")
        fitted = fit(corpus, matcher)
        fitted.write(options["output"])
        self.stdout.write(f"{options['output']}: sha256 {fitted.manifest['sha256']}")
        for language, figures in fitted.manifest["calibration"].items():
            self.stdout.write(f"  {language}: {figures}")
