"""`manage.py decide_case CASE MEASURE --seen VERSION --by HANDLE`: close a case."""

from argparse import ArgumentParser
from typing import Any

from accounts.models import User
from moderation import deciding, measures
from moderation.management.desk_command import DeskCommand
from moderation.measures import Measure
from moderation.models import Case
from moderation.taxonomy import Violation


class Command(DeskCommand):
    help = "Closes a case with a measure: the author gets a statement of reasons, reporters are told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("case", type=int)
        parser.add_argument("measure", choices=[measure.value for measure in measures.CLOSING])
        parser.add_argument(
            "--seen", type=int, required=True, metavar="VERSION", help="the version that you saw"
        )
        parser.add_argument("--violation", choices=Violation.values, default="")
        parser.add_argument("--reason", default="", help="in the words that the author reads")

    def act(self, *args: Any, by: User, **options: Any) -> None:
        decision = deciding.decide(
            Case.objects.get(pk=options["case"]),
            Measure(options["measure"]),
            by=by,
            version=options["seen"],
            violation=options["violation"],
            reason=options["reason"],
        )
        self.stdout.write(str(decision))
