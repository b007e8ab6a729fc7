"""Statements of reasons: one object a decision, made in its transaction and kept as it was. `mailing` sends them."""

from datetime import datetime

from django.utils import translation

from moderation import dsa
from moderation.measures import ON_ACCOUNTS
from moderation.models import Decision, Origin, Statement
from moderation.models.appeals import TIME_TO_APPEAL
from moderation.reasons import blocks, measure
from moderation.reasons.matter import Matter
from moderation.striking import LASTS
from moderation.taxonomy import Violation
from posts.statuses import Status


def give_reasons(decision: Decision) -> Statement:
    """Write the statement of reasons for the author, in the author's language.

    The caller holds the decision's transaction, and made the measures beside it (`children`) before.
    """
    author = decision.case.author
    matter = _gather(decision)
    with translation.override(author.language):
        return Statement.objects.create(
            decision=decision,
            recipient=author,
            language=author.language,
            measure=measure.describe(matter),
            facts=blocks.facts(matter),
            automation=blocks.automation(matter),
            legal_ground=blocks.legal_ground(matter),
            ground=blocks.contractual_ground(matter),
            redress=blocks.redress(matter),
            starts_at=decision.at,
            ends_at=matter.ends_at,
            appeal_until=matter.appeal_until,
            **codes_of(matter),
        )


def _gather(decision: Decision) -> Matter:
    case = decision.case
    case.target.refresh_from_db(fields=["shown"])
    overturned = decision.overturns
    beside = _beside(overturned or decision)
    restricting = [one for one in (decision, beside) if one and one.get_measure().restricts]
    violation = next((one.violation for one in restricting if not overturned), "")
    return Matter(
        decision=decision,
        source=case.get_source(),
        overturned=overturned.get_measure() if overturned else None,
        account=beside.get_measure() if beside else None,
        ends_at=beside.restriction.until if beside and beside.restriction and not overturned else None,
        strike_ends_at=None if overturned else _strike_end([decision, beside]),
        appeal_until=decision.at + TIME_TO_APPEAL if restricting and not overturned else None,
        violation=Violation(violation) if violation else None,
        scan=case.scan,
        is_shown=case.target.shown_id is not None,
        is_cleared=decision.revisions.filter(status=Status.CLEARED).exists(),
        is_reported=case.reports.exists(),
        is_erased=case.author.erased_at is not None,
    )


def _beside(decision: Decision) -> Decision | None:
    """The measure on the account that stands beside a decision about a text, or is the decision itself."""
    if decision.get_measure() in ON_ACCOUNTS:
        return decision
    beside = decision.children.filter(measure__in=ON_ACCOUNTS)
    return beside.select_related("restriction").order_by("pk").first()


def _strike_end(decisions: list[Decision | None]) -> datetime | None:
    """When the strike that a decision brings stops to count."""
    strikes = [one for one in decisions if one and one.is_strike]
    ends = [one.at + LASTS[Violation(one.violation).severity] for one in strikes]
    return max(ends, default=None)


def codes_of(matter: Matter) -> dict[str, object]:
    """The statement in the terms of the DSA Transparency Database, see `dsa`."""
    taken = matter.decision.get_measure()
    account = None if matter.overturned else matter.account
    subject = dsa.subject_of(matter.violation) if matter.violation else None
    was_held = matter.decision.case.was_held
    return {
        "measure_taken": taken,
        "account_measure": account or "",
        "decision_visibility": dsa.visibility_of(taken) or "",
        "decision_provision": (account and dsa.provision_of(account)) or "",
        "decision_account": (account and dsa.account_decision_of(account)) or "",
        "source_type": dsa.source_type_of(matter.source),
        "automated_detection": matter.decision.case.origin in (Origin.SCAN, Origin.COPY),
        "automated_decision": dsa.automation_of(was_held=was_held),
        "category": subject.category if subject else "",
        "keyword": subject.keyword if subject else "",
    }
