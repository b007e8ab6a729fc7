"""`manage.py show_case CASE --by HANDLE`: everything that there is to see about a case, as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from accounts.models import User
from moderation import standing
from moderation.deciding import NotAllowed
from moderation.management.desk_command import DeskCommand
from moderation.models import Case
from moderation.reporters.weighing import Weighed
from moderation.reviewing import review


class Command(DeskCommand):
    help = "Shows a case: the text, what the scanner and people said of it, and how it was decided."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", type=int)

    def act(self, *args: Any, by: User, case: int, **options: Any) -> None:
        found = Case.objects.with_target().get(pk=case)
        if refusal := standing.why_not(found.author, by=by):
            raise NotAllowed(refusal)
        seen = review(found)
        shown = {
            "case": found.pk,
            "status": found.status,
            "version": found.version,
            "due_at": found.due_at.isoformat(),
            "author": found.author.handle,
            "text": found.snapshot,
            "sha256": found.snapshot_sha256,
            "reasons": seen.scan.reasons if seen.scan else [],
            "reports": [_report(row) for row in seen.reported.rows],
            "decisions": [
                {
                    "decision": made.pk,
                    "measure": made.measure,
                    "violation": made.violation,
                    "by": made.by.handle,
                }
                for made in seen.decisions
            ],
        }
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))


def _report(row: Weighed) -> dict[str, str]:
    """Guests have no account."""
    reporter = row.report.reporter.handle if row.report.reporter else ""
    return {"reporter": reporter, "violation": row.report.violation, "comment": row.words}
