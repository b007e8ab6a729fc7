"""`manage.py ruleset check|seal|diff|backtest FILE`: look at a ruleset before workers use it."""

import argparse
import os
from collections import Counter
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from moderation.scanning.checking import differences, find_faults
from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.rulesets import read_draft, read_ruleset, seal
from moderation.scanning.scanner import DEFAULT_MODEL, DEFAULT_RULESET
from moderation.training.backtesting import Backtest, backtest

FLIPS_SHOWN = 20


class Command(BaseCommand):
    help = "Checks a ruleset, seals it, compares it with the one in use, or tries it on decided and recent texts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for name, text in (
            ("check", "compile every rule and test its examples"),
            ("seal", "check, then write the seal without which no worker takes the file"),
            ("diff", "say what it changes"),
            ("backtest", "say what it would have held"),
        ):
            verb = verbs.add_parser(name, help=text)
            verb.add_argument("file", type=Path, metavar="FILE.toml")
            if name in {"diff", "backtest"}:
                verb.add_argument(
                    "--against",
                    type=Path,
                    default=os.environ.get("PARLER_RULESET") or DEFAULT_RULESET,
                    metavar="FILE.toml",
                    help="the ruleset in use",
                )
            if name == "backtest":
                verb.add_argument("--days", type=int, default=7, help="how far back recent texts go")
                verb.add_argument("--most", type=int, default=20_000, help="how many of them are read")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except ScannerNotReady as refusal:
            raise CommandError(str(refusal)) from refusal

    def _check(self, options: dict[str, Any]) -> None:
        matcher = Matcher(read_draft(options["file"]))
        faults = find_faults(matcher)
        if faults:
            raise CommandError("\n".join([f"{len(faults)} examples disagree:", *faults]))
        rules = matcher.ruleset.rules
        languages = Counter(rule.language for rule in rules)
        counts = ", ".join(f"{count} {language}" for language, count in sorted(languages.items()))
        self.stdout.write(f"{matcher.version}: {len(rules)} rules ({counts}), all examples agree.")

    def _seal(self, options: dict[str, Any]) -> None:
        self._check(options)
        seal(options["file"])
        self.stdout.write("Sealed.")

    def _diff(self, options: dict[str, Any]) -> None:
        old, new = read_ruleset(Path(options["against"])), read_draft(options["file"])
        self.stdout.write(f"{old.version} -> {new.version}")
        for one in differences(old, new):
            parts = f": {', '.join(one.parts)}" if one.parts else ""
            self.stdout.write(f"  {one.change} {one.kind} {one.name}{parts}")

    def _backtest(self, options: dict[str, Any]) -> None:
        candidate = Matcher(read_draft(options["file"]))
        current = Matcher.load(Path(options["against"]))
        classifier = Classifier.load(Path(os.environ.get("PARLER_MODEL") or DEFAULT_MODEL))
        result = backtest(candidate, current, classifier, days=options["days"], most=options["most"])
        self._show(result)

    def _show(self, result: Backtest) -> None:
        console = Console(file=cast("IO[str]", self.stdout), width=120)
        table = Table(
            title=f"Rules that hit one of {result.recent:,} recent or {result.decided:,} decided texts"
        )
        for heading in ("rule", "class", "recent hits", "decided hits", "precision"):
            table.add_column(heading, justify="left" if heading in {"rule", "class"} else "right")
        for rule in sorted(result.rules, key=lambda one: (-one.hits, one.name)):
            if rule.hits or rule.decided:
                table.add_row(rule.name, rule.klass, str(rule.hits), str(rule.decided), str(rule.precision))
        console.print(table)
        now, then = result.holds_per_day
        console.print(f"Precision of all rules on decided texts: {result.precision}")
        console.print(f"Holds per day: {now:.1f} now, {then:.1f} with this ruleset")
        before, after = result.microseconds_per_text
        console.print(f"Matching costs {before:.0f} µs a text now, {after:.0f} µs with this ruleset")
        console.print(f"{len(result.flips):,} texts would be judged otherwise")
        for flip in result.flips[:FLIPS_SHOWN]:
            console.print(
                f"  revision {flip.revision}: {flip.becomes} ({', '.join(flip.rules)})", markup=False
            )
