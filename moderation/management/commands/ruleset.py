"""`manage.py ruleset check|seal|diff|backtest FILE`: look at a ruleset before workers use it."""

import argparse
from collections import Counter
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from moderation.scanning.checking import compile_draft, differences, find_faults, seal
from moderation.scanning.classifying import Classifier
from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import ScannerNotReady
from moderation.scanning.rulesets import read_draft, read_ruleset
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
                    default=settings.PARLER_RULESET or DEFAULT_RULESET,
                    metavar="FILE.toml",
                    help="the ruleset in use",
                )
            if name == "backtest":
                verb.add_argument(
                    "--days", type=_at_least_one, default=7, help="how far back recent texts go"
                )
                verb.add_argument(
                    "--most", type=_at_least_one, default=20_000, help="how many of them are read"
                )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except ScannerNotReady as refusal:
            raise CommandError(str(refusal)) from refusal

    def _check(self, options: dict[str, Any]) -> Matcher:
        matcher = compile_draft(options["file"])
        faults = find_faults(matcher)
        if faults:
            raise CommandError("\n".join([f"Examples that disagree: {len(faults)}", *faults]))
        rules = matcher.ruleset.rules
        languages = Counter(rule.language for rule in rules)
        counts = ", ".join(f"{count} {language}" for language, count in sorted(languages.items()))
        self.stdout.write(f"{matcher.version}: {len(rules)} rules ({counts}), all examples agree.")
        return matcher

    def _seal(self, options: dict[str, Any]) -> None:
        seal(options["file"], self._check(options).ruleset)
        self.stdout.write("Sealed.")

    def _diff(self, options: dict[str, Any]) -> None:
        old, new = read_ruleset(options["against"]), read_draft(options["file"])
        self.stdout.write(f"{old.version} -> {new.version}")
        for one in differences(old, new):
            parts = f": {', '.join(one.parts)}" if one.parts else ""
            self.stdout.write(f"  {one.change} {one.kind} {one.name}{parts}")

    def _backtest(self, options: dict[str, Any]) -> None:
        candidate, current = compile_draft(options["file"]), Matcher.load(options["against"])
        classifier = Classifier.load(Path(settings.PARLER_MODEL or DEFAULT_MODEL))
        days = options["days"]
        self._show(backtest(candidate, current, classifier, days=days, most=options["most"]), days)

    def _show(self, result: Backtest, days: int) -> None:
        # Names are the operator's own words: what looks like mark-up in them is none.
        console = Console(file=cast("IO[str]", self.stdout), width=120, markup=False)
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
        console.print(f"Holds per day, mean of {days}: {now:.1f} now, {then:.1f} with this ruleset")
        before, after = result.microseconds_per_text
        console.print(f"Matching costs {before:.0f} µs a text now, {after:.0f} µs with this ruleset")
        console.print(f"{len(result.flips):,} texts would be judged otherwise")
        for flip in result.flips[:FLIPS_SHOWN]:
            console.print(f"  {flip.revision}: {flip.becomes} ({', '.join(flip.rules)})")


def _at_least_one(written: str) -> int:
    number = int(written)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{written} is less than one.")
    return number
