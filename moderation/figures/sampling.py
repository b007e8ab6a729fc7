"""What is looked at only because chance chose it: cleared texts, what was held, and decisions.

Chance is a hash of the id with a key made from SECRET_KEY: nobody can know before, and so nobody can steer, what is chosen, and
choosing needs neither a query nor a memory. A choice is stored in the transaction of what it is about; `open_cases` makes
work of it later, in the sweep, so that screening does not wait for it.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from moderation import auditing, measures, queueing
from moderation.models import Case, CaseStatus, Decision, Origin, QualitySample, SecondLook
from moderation.models.samples import Chosen
from posts import revising
from posts.models import Revision

OF_CLEARED = 0.02
OF_HELD = 0.02
OF_DECIDED = 0.05
MOST_OPEN = 200
"""Sample cases that wait at a time. There are far more texts than people: what waits longest for a place gives it up."""
PATIENCE = timedelta(days=1)
"""For how long a chosen text waits for one of those places. Its content has no part in whether it gets one."""
MOST_A_SWEEP = 100


def is_chosen(what: str, public_id: int, share: float) -> bool:
    """Whether chance chooses this row; the same row always gets the same answer as long as SECRET_KEY is the same."""
    digest = salted_hmac(f"moderation.figures.sampling.{what}", str(public_id), algorithm="sha256").digest()
    return int.from_bytes(digest[:8]) < share * 2**64


def sample_cleared(revisions: Iterable[Revision]) -> None:
    """Choose among texts that the machine just cleared. The caller holds the transaction in which it did.

    One query for all that are chosen, and none when none is.
    """
    chosen = [
        QualitySample(revision=revision)
        for revision in revisions
        if is_chosen("cleared", revision.pk, OF_CLEARED) and revision.gated_text.strip()
    ]
    if chosen:
        QualitySample.objects.bulk_create(chosen)


def sample_decision(decision: Decision) -> None:
    """Choose whether a second person looks at what was decided. The caller holds the decision's transaction.

    Only what closes a case can be judged again. What is chosen both among all decisions and among those about held texts counts as the former.
    """
    if decision.measure not in measures.CLOSING:
        return
    if is_chosen("decided", decision.pk, OF_DECIDED):
        SecondLook.objects.create(decision=decision, chosen=Chosen.DECIDED)
    elif decision.case.was_held and is_chosen("held", decision.case_id, OF_HELD):
        SecondLook.objects.create(decision=decision, chosen=Chosen.HELD)


def open_cases() -> int:
    """Make cases of what was chosen among cleared texts, as long as there is place; return how many."""
    give_up_waiting()
    open_ids = Case.objects.open().filter(origin=Origin.SAMPLE).values_list("pk")[:MOST_OPEN]
    places = min(MOST_OPEN - len(open_ids), MOST_A_SWEEP)
    waiting = QualitySample.objects.waiting().select_related("revision").order_by("revision")[:places]
    return sum(_open_case(sample) for sample in waiting)


def give_up_waiting() -> int:
    """Drop what found no place in time; return how many."""
    late = QualitySample.objects.filter(case=None, lapsed_at=None, chosen_at__lte=Now() - PATIENCE)
    return late.update(lapsed_at=Now())


@transaction.atomic
def _open_case(sample: QualitySample) -> bool:
    """Open a case about the sampled version, if it is still the one that is shown and no other case is open."""
    revising.lock_subjects([sample.revision])
    locked = QualitySample.objects.select_for_update().filter(pk=sample.pk, case=None, lapsed_at=None)
    revision = Revision.objects.with_subject().get(pk=sample.revision_id)
    same = Q(post=revision.post_id, profile=revision.profile_id)
    if not locked.exists() or Case.objects.exclude(status=CaseStatus.CLOSED).filter(same).exists():
        return False
    subject = revision.post or revision.profile
    if subject is None or subject.shown_id != revision.pk:
        locked.update(lapsed_at=Now())
        return False
    case = queueing.open_case(revision, origin=Origin.SAMPLE)
    locked.update(case=case)
    auditing.record("sample", str(case), by=None, revision=str(revision.pk))
    return True
