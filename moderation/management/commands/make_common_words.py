"""`manage.py make_common_words --data DIR`: count the common words anew from the labelled texts."""

import argparse
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.scanning.common_words import TABLE
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.rulesets import read_ruleset
from moderation.scanning.scanner import DEFAULT_RULESET
from moderation.training.common_words import HEADER, count_words
from moderation.training.corpus import read_corpus, read_own_examples


class Command(BaseCommand):
    help = "Counts the words that posts are made of, which the scanner needs to read disguised ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=os.environ.get("PARLER_TRAINING_DATA"), metavar="DIR"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["data"]:
            raise CommandError("Say where the labelled texts are: --data DIR or PARLER_TRAINING_DATA.")
        try:
            corpus = [*read_corpus(Path(options["data"])), *read_own_examples(read_ruleset(DEFAULT_RULESET))]
        except (OSError, ScannerNotReady) as error:
            raise CommandError(f"Nothing was counted. {error}") from error
        counts = count_words(corpus)
        TABLE.write_text(
            HEADER + "".join(f"{word} {' '.join(map(str, count))}\n" for word, count in counts.items())
        )
        self.stdout.write(f"{TABLE}: {len(counts):,} words")
