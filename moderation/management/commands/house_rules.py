"""`manage.py house_rules list|check|export`: look at the rules that people wrote on top of the shipped ruleset."""

import argparse
import json
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from moderation import scanner_loading
from moderation.models import RuleVersion, SealedRules
from moderation.scanning.checking import find_faults
from moderation.scanning.house import combine, compile_entry, read_house_set
from moderation.scanning.refusals import ScannerNotReady


class Command(BaseCommand):
    help = "Lists the house rules that run, checks them with the shipped ruleset, or writes the sealed set as JSON."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        verbs.add_parser("list", help="say which rules run, and in which state")
        verbs.add_parser(
            "check", help="compile the newest set with the shipped ruleset and test every example"
        )
        verbs.add_parser(
            "export", help="write the newest set, or the one that a scan names, to standard output"
        ).add_argument("--digest", default="", help="the beginning of its hash, as in the ruleset of a scan")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except ScannerNotReady as refusal:
            raise CommandError(str(refusal)) from refusal

    def _list(self, _options: dict[str, Any]) -> None:
        table = Table(title="House rules that run")
        for heading in ("rule", "state", "class", "written by", "approved by", "ends"):
            table.add_column(heading)
        for version in RuleVersion.objects.running().with_people().order_by("rule__name", "number"):
            state = f"{version.state} {version.share} %" if version.share else version.state
            ends = f"{version.expires_at:%Y-%m-%d}" if version.expires_at else ""
            approved = str(version.approved_by or "")
            table.add_row(version.label, state, version.violation, str(version.author), approved, ends)
        # Names are people's own words: what looks like mark-up in them is none.
        Console(file=cast("IO[str]", self.stdout), width=120, markup=False).print(table)

    def _check(self, options: dict[str, Any]) -> None:
        sealed = self._find("")
        shipped = scanner_loading.get_shipped()
        house = read_house_set(sealed.content, sealed.digest)
        combine(shipped, house)
        entries = [*house.holding, *house.watching]
        faults = [fault for entry in entries for fault in find_faults(compile_entry(shipped.ruleset, entry))]
        if faults:
            raise CommandError("\n".join([f"Examples that disagree: {len(faults)}", *faults]))
        self.stdout.write(f"{shipped.version}+{sealed}: {len(entries)} house rules, all examples agree.")

    def _export(self, options: dict[str, Any]) -> None:
        sealed = self._find(options["digest"])
        document = {"digest": sealed.digest, "at": sealed.at.isoformat(), "content": sealed.content}
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))

    def _find(self, digest: str) -> SealedRules:
        sealed = SealedRules.objects.filter(digest__startswith=digest).order_by("-pk").first()
        if sealed is None:
            raise CommandError("There is no such set of house rules.")
        return sealed
