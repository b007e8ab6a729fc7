"""`manage.py bench NAME`: run one benchmark and print its table, or JSON with `--json`."""

import argparse
import json
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from moderation.benchmarks import desk, scan
from moderation.scanning.refusals import ScannerNotReady

BENCHMARKS = {module.NAME: module for module in (desk, scan)}


class Command(BaseCommand):
    help = "Measures one part of Parler on this machine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        chosen = parser.add_subparsers(dest="name", required=True, metavar="NAME")
        for name, module in BENCHMARKS.items():
            one = chosen.add_parser(name, help=(module.__doc__ or "").strip())
            one.add_argument("--json", action="store_true", help="print the figures as JSON")
            module.add_arguments(one)

    def handle(self, *args: Any, **options: Any) -> None:
        module = BENCHMARKS[options["name"]]
        try:
            result = module.run(options)
        except (OSError, ScannerNotReady) as error:
            raise CommandError(f"The benchmark could not run. {error}") from error
        if options["json"]:
            self.stdout.write(json.dumps(result))
        else:
            module.show(result, Console(file=cast("IO[str]", self.stdout), width=120))
