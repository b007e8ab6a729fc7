"""A report joins the case of what it is about."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from moderation import auditing, queueing, ranking, telling
from moderation.lanes import Lane
from moderation.models import Case, Origin, Report, TrustedFlagger
from posts.models import Post, Profile, Revision

MANY = 10
"""From so many different reporters on a case is disputed: either much is at stake, or somebody brought them together. One person's
judgement, under the eyes of a crowd, is not enough for either; fewer than that is an ordinary day."""


def file(revision: Revision, *, by: User, violation: str, comment: str) -> Report:
    """File a report about a shown version; a second one by the same person adds to the first.

    What a trusted flagger reports is never slower than manifest. The caller holds the transaction and the lock on the target.
    """
    flagger = TrustedFlagger.objects.in_force().filter(account=by).first()
    case = queueing.open_case(
        revision,
        origin=Origin.TRUSTED if flagger else Origin.REPORT,
        violation=violation,
        slowest=Lane.MANIFEST if flagger else Lane.OTHER,
    )
    said = {"revision": revision, "flagger": flagger, "violation": violation, "comment": comment}
    filed, is_new = Report.objects.get_or_create(case=case, reporter=by, defaults=said)
    if is_new:
        telling.acknowledge(filed, case)
    else:
        Report.objects.filter(pk=filed.pk).update(**said)
        filed.refresh_from_db()
    ranking.place(case)
    _call_specialist(case)
    auditing.record("report", str(case), by=by, report=str(filed.pk), violation=violation)
    return filed


def _call_specialist(case: Case) -> None:
    """What many people report is decided by a senior, and confirmed by a second person; nothing else follows from their number.

    Guests do not count: one person can give many notices. A moderator below that level who has the case gives it back.
    """
    if case.second_needed or len(case.reports.exclude(reporter=None)[:MANY]) < MANY:
        return
    level = Role.SENIOR_MODERATOR.level
    changes: dict[str, Any] = {"second_needed": True, "min_role_level": Greatest("min_role_level", level)}
    if case.claimed_by is not None and case.claimed_by.get_role().level < level:
        changes |= {"claimed_by": None, "claimed_until": None}
    Case.objects.filter(pk=case.pk).update(**changes)
    auditing.record("call_specialist", str(case), by=None, reporters=MANY)


def lock_shown(target: Post | Profile) -> Revision:
    """What is shown of a post or profile, which stays locked. Raises ValidationError when nothing is."""
    locked = type(target).objects.select_for_update(no_key=True).filter(pk=target.pk).get()
    if locked.shown_id is None:
        raise ValidationError(_("This is not to be seen any more."), code="not_shown")
    return Revision.objects.with_subject().get(pk=locked.shown_id)
