"""`manage.py train_classifier --data DIR`: learn the classifier anew, reproducibly, and promote it if it is no worse."""

import argparse
import importlib
import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET, Scanner
from moderation.training import decisions, promoting
from moderation.training.corpus import MEASURED_ON, Example, read_corpus, read_examples, read_own_examples
from moderation.training.decisions import DECISIONS, TooFewDecisions, Window
from moderation.training.fitting import SecondStage, fit
from moderation.training.promoting import Evaluation

Sets = dict[str, list[Example]]


class Command(BaseCommand):
    help = "Learns the classifier from labelled texts; the same texts give the same model."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--data", type=Path, default=os.environ.get("PARLER_TRAINING_DATA"), metavar="DIR"
        )
        parser.add_argument("--output", type=Path, default=DEFAULT_MODEL, metavar="FILE.npz")
        parser.add_argument("--exclude-source", action="append", default=[], metavar="NAME")
        parser.add_argument(
            "--from-decisions", action="store_true", help="learn from what moderators decided as well"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["data"]:
            raise CommandError("Say where the labelled texts are: --data DIR or PARLER_TRAINING_DATA.")
        output: Path = options["output"]
        second_stage = _second_stage()
        try:
            matcher = Matcher.load(DEFAULT_RULESET)
            corpus = read_corpus(Path(options["data"]), excluded_sources=options["exclude_source"])
            corpus += read_own_examples(matcher.ruleset)
            sets: Sets = {MEASURED_ON[0]: list(read_examples(Path(options["data"]) / MEASURED_ON[0]))}
            window = None
            if options["from_decisions"]:
                taught, sets["frozen decisions"], window = decisions.read_decisions(_window(output))
                corpus += taught
        except (OSError, ScannerNotReady, TooFewDecisions) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Learning from {len(corpus):,} texts; this takes the better part of an hour.")
        fitted, _ = fit(corpus, matcher, second_stage, self._report)
        if window is not None:
            fitted.manifest[DECISIONS] = window.as_entry()
        candidate = output.with_name(f"{output.stem}.candidate.npz")
        fitted.write(candidate)
        evaluation = promoting.evaluate(Scanner.load(model_path=candidate), sets)
        fitted.manifest["evaluation"] = evaluation
        fitted.write(candidate)
        self._promote(candidate, output, sets, evaluation)

    def _report(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _promote(self, candidate: Path, output: Path, sets: Sets, evaluation: Evaluation) -> None:
        """Puts the candidate in its place, unless it is worse than what stands there."""
        try:
            current = Scanner.load(model_path=output)
        except ScannerNotReady as reason:
            self.stdout.write(f"There is no model to compare with. {reason}")
        else:
            gates = promoting.compare(promoting.evaluate(current, sets), evaluation)
            for gate in gates:
                word = "passed" if gate.is_passed else "WORSE"
                self.stdout.write(
                    f"  {gate.name}, {gate.figure}: {gate.current:.3f} now, {gate.candidate:.3f} new: {word}"
                )
            if not all(gate.is_passed for gate in gates):
                raise CommandError(f"The new model is worse and was not promoted; it stays at {candidate}.")
        # The manifest goes first: for the moment between the two the pair does not fit, and nothing is cleared.
        candidate.with_suffix(".json").replace(output.with_suffix(".json"))
        candidate.replace(output)
        self.stdout.write(f"Promoted: {output}")


def _second_stage() -> SecondStage:
    try:
        module: Any = importlib.import_module("moderation.training.fitting_encoder")
    except ImportError as error:
        raise CommandError(
            f"The second stage cannot be learned: {error}. Install requirements-training.txt into .venv."
        ) from error
    stage: SecondStage = module
    return stage


def _window(output: Path) -> Window | None:
    try:
        return decisions.read_window(json.loads(output.with_suffix(".json").read_text()))
    except FileNotFoundError:
        return None
