"""What happens to the notices and appeals of people without an account."""

from moderation import appealing, deciding
from moderation.measures import Measure
from moderation.models import Case
from tests import factories


def reject(notice, moderator):
    """The decision that what the notice is about may stay; its guest hears of it."""
    case = Case.objects.get(reports__guest=notice)
    decision = deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    factories.let_undo_pass()
    return decision


def end(appeal, outcome, by, **extra):
    appeal.refresh_from_db()
    return appealing.decide_appeal(
        appeal, outcome, by=by, version=appeal.version, **{"reasons": "We looked again.", **extra}
    )
