"""Taking back in bulk what a rule did: a senior moderator confirms which of its holds are cleared, and each is decided like any other.

A hold is offered when it is the rule's alone: today's scanner would clear the text if it did not know the rule. Every case is a
decision of that person with its statement and its notices, in a transaction of its own; a batch that is interrupted goes on where it was.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, deciding, known_bad, scanner_loading
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed
from moderation.measures import Measure
from moderation.models import Case, CaseQuerySet, MassRevert, RevertedCase
from moderation.rulebook.stepping import StepRefused, check_may_write
from moderation.scanning.scanner import Circumstances
from posts.revising import IllegalMove

MOST = 200
"""Cases of one revert: somebody reads the list. What is left over is for the next one."""
BATCH = 25


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on, before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be cleared, oldest first; `others` were held for more than the rule, and `has_more` says that MOST was not all."""

    cases: list[Case]
    others: int
    has_more: bool


def preview(rule: str, period: Period, *, by: User) -> Preview:
    """The open cases that `rule` alone held within the period, and that `by` may decide. Raises NotForYou and ScannerNotReady."""
    check_may_write(by)
    held = list(_held_by(rule, period, by)[: MOST + 1])
    chosen = held[:MOST]
    alone = _held_by_nothing_else(rule, chosen)
    return Preview(alone, len(chosen) - len(alone), len(held) > MOST)


def _held_by(rule: str, period: Period, by: User) -> CaseQuerySet:
    return (
        Case.objects.open()
        .held_for(rule, since=period.since, until=period.until)
        .decidable_by(by)
        .with_target()
        .order_by("pk")
    )


def _held_by_nothing_else(rule: str, cases: list[Case]) -> list[Case]:
    """Those whose text the scanner clears when it is not asked about the rule; circumstances count as they were."""
    texts = [case.snapshot for case in cases]
    copies = known_bad.copies_among(texts)
    around = [
        Circumstances(case.scan.is_new_account, case.scan.is_heated_thread) for case in cases if case.scan
    ]
    verdicts = scanner_loading.get_scanner().scan(
        texts,
        known_bad=copies.exact,
        near_copies=copies.near,
        circumstances=around,
        unheard=[{rule}] * len(texts),
    )
    return [case for case, verdict in zip(cases, verdicts, strict=True) if verdict.verdict == "clear"]


@transaction.atomic
def confirm(
    rule: str, period: Period, chosen: Collection[tuple[int, int]], *, by: User, reason: str = ""
) -> MassRevert:
    """Note what is to be cleared: of the preview those cases that were chosen, in the version in which they were seen.

    Raises StepRefused when none of them is left, NotForYou and ScannerNotReady.
    """
    offered = {(case.pk, case.version) for case in preview(rule, period, by=by).cases}
    agreed = sorted(offered.intersection(chosen))
    if not agreed:
        raise StepRefused(_("None of these cases is open in the version that you saw."))
    revert = MassRevert.objects.create(
        rule=rule, since=period.since, until=period.until, by=by, reason=reason
    )
    RevertedCase.objects.bulk_create(
        RevertedCase(revert=revert, case_id=pk, version=version) for pk, version in agreed
    )
    auditing.record(
        "mass_revert",
        rule,
        by=by,
        revert=str(revert.pk),
        since=period.since.isoformat(),
        until=period.until.isoformat(),
        cases=[str(pk) for pk, _version in agreed],
    )
    return revert


def carry_on(revert: MassRevert, *, most: int = BATCH) -> int:
    """Decide the next cases of a revert; return how many were looked at."""
    waiting = revert.cases.waiting().order_by("pk").values_list("pk", flat=True)[:most]
    return sum(_decide(pk) for pk in list(waiting))


def carry_on_all() -> int:
    """Go on with every revert that is not at its end."""
    unfinished = MassRevert.objects.filter(cases__outcome=RevertedCase.Outcome.WAITING).distinct()
    return sum(carry_on(revert) for revert in unfinished.order_by("pk"))


@transaction.atomic
def _decide(pk: int) -> bool:
    """Decide one case, unless somebody else is at it."""
    waiting = RevertedCase.objects.waiting().select_for_update(skip_locked=True, of=("self",))
    one = waiting.select_related("case", "revert__by").filter(pk=pk).first()
    if one is None:
        return False
    case = Case.objects.with_target().get(pk=one.case_id)
    try:
        with transaction.atomic():
            one.decision = deciding.decide(
                case, Measure.CLEAR, by=one.revert.by, version=one.version, reason=one.revert.reason
            )
        one.outcome = RevertedCase.Outcome.CLEARED
    except (AlreadyDecided, CaseChanged, NotAllowed, IllegalMove) as refusal:
        one.outcome, one.why = RevertedCase.Outcome.LEFT, str(refusal)
    one.save(update_fields=["outcome", "decision", "why"])
    return True
