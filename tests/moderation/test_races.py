"""Two who act at once: one wins, nobody waits in a circle, and nothing is decided that nobody looked at."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.erasing import erase
from accounts.models import Restriction
from accounts.roles import Role
from moderation import auditing, deciding, mailing, proposing, queueing, reporting, screening
from moderation.choosing import Choice
from moderation.deciding import AlreadyDecided, CaseChanged
from moderation.measures import Measure
from moderation.models import Case, CaseStatus, Decision, Origin, Statement
from moderation.queueing import NotClaimable
from moderation.withholding import UNDO
from posts import presenting, publishing, revising
from posts.models import Post, Revision
from posts.statuses import Status
from tests import factories
from tests.moderation.racing import in_thread, wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(4) as threads:
        yield threads


def _moderators():
    return [factories.make_user(f"moderator_{n}", role=Role.MODERATOR) for n in (1, 2)]


def test_of_two_who_decide_at_once_one_wins(pool, author):
    first, second = _moderators()
    factories.make_held_post(author=author)
    case = Case.objects.get()
    with transaction.atomic():
        deciding.decide(case, Measure.TAKE_DOWN, by=first, version=1, violation="V1")
        slower = in_thread(pool, deciding.decide, case, Measure.CLEAR, by=second, version=1)
        wait_until_somebody_waits()
    with pytest.raises(AlreadyDecided):
        slower.result()
    assert Decision.objects.get().measure == Measure.TAKE_DOWN
    assert Statement.objects.count() == 1


def test_of_two_who_claim_at_once_one_gets_the_case(pool, author):
    first, second = _moderators()
    factories.make_held_post(author=author)
    case = Case.objects.get()
    with transaction.atomic():
        queueing.claim(case, by=first)
        slower = in_thread(pool, queueing.claim, case, by=second)
        wait_until_somebody_waits()
    with pytest.raises(NotClaimable):
        slower.result()
    case.refresh_from_db()
    assert case.claimed_by == first


def test_two_who_take_the_next_case_get_different_ones(pool, author):
    first, second = _moderators()
    for _number in range(2):
        factories.make_held_post(author=author)
    with transaction.atomic():
        taken = queueing.claim_next(by=first)
        slower = in_thread(pool, queueing.claim_next, by=second)
        wait_until_somebody_waits()  # For the audit trail, not for the case.
    other = slower.result()
    assert other is not None
    assert other != taken


def test_the_gate_and_a_moderator_do_not_wait_for_each_other_in_a_circle(pool, author):
    """A new version is held while the decision about the old one is on its way."""
    moderator = _moderators()[0]
    post = factories.make_post(author=author)
    publishing.edit(post, body="burn it", warning="", by=author)
    factories.hold(post.get_latest_revision())
    case = Case.objects.get()
    newest = publishing.edit(post, body="burn it down", warning="", by=author)
    with transaction.atomic():
        publishing.hold_pending([newest])
        deciding_now = in_thread(pool, deciding.decide, case, Measure.CLEAR, by=moderator, version=1)
        wait_until_somebody_waits()
        queueing.open_case(newest, origin=Origin.SCAN, violation="V1")
    with pytest.raises(CaseChanged):
        deciding_now.result()
    assert Case.objects.get().revision == newest


def test_a_report_and_a_removal_do_not_wait_for_each_other_in_a_circle(pool, author, reader):
    moderator = _moderators()[0]
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6")
    case = Case.objects.get()
    assert post.shown
    with transaction.atomic():
        publishing.take_down(post.shown, by=moderator)
        # The lock that a report takes first is held here; the decision waits for it before it locks the case.
        deciding_now = in_thread(
            pool, deciding.decide, case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V6"
        )
        wait_until_somebody_waits()
        assert Case.objects.select_for_update(nowait=True).get() == case
        transaction.set_rollback(True)
    deciding_now.result()
    assert not Post.objects.shown().exists()


def test_the_gate_and_a_new_profile_do_not_wait_for_each_other_in_a_circle(pool, db):
    user = factories.make_user("newcomer", is_cleared=False)
    revision = user.profile.get_latest_revision()
    with transaction.atomic():
        user.profile.__class__.objects.select_for_update(no_key=True).get(pk=user.pk)
        clearing = in_thread(pool, factories.clear, revision)
        wait_until_somebody_waits()
        presenting.present(user, name="New", biography="")
    clearing.result()
    revision.refresh_from_db()
    assert revision.status == Status.WITHDRAWN


def test_an_erasure_and_the_gate_do_not_wait_for_each_other_in_a_circle(pool, author):
    factories.make_post(author=author)
    with transaction.atomic():
        revising.lock_posts(Post.objects.by(author))
        erasing = in_thread(pool, erase, author, by=author)
        wait_until_somebody_waits()
        auditing.record("scan", "1 revision", by=None)
    erasing.result()
    author.refresh_from_db()
    assert author.erased_at is not None


def test_a_withdrawal_while_deciding_is_followed_by_a_removal_that_nothing_brings_back(pool, author):
    moderator = _moderators()[0]
    post = factories.make_held_post(author=author)
    case = Case.objects.get()
    with transaction.atomic():
        publishing.withdraw(post, by=author)
        deciding_now = in_thread(
            pool, deciding.decide, case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V1"
        )
        wait_until_somebody_waits()
    decision = deciding_now.result()
    deciding.overturn(decision, by=moderator)
    post.refresh_from_db()
    assert post.shown is None
    assert Revision.objects.get(post=post).status == Status.REMOVED
    assert Case.objects.get().status == CaseStatus.CLOSED


def test_a_batch_that_clears_and_holds_locks_what_both_hang_on_in_one_order(pool, author):
    first, second = (
        factories.make_post(author=author, text=text) for text in ("Good morning", "Good evening")
    )
    cleared = factories.make_pending_post(author=author, text="Lovely weather", parent=second)
    held = factories.make_pending_post(
        author=author, text="Somebody should shoot the mayor at the meeting tonight", parent=first
    )
    with transaction.atomic():
        revising.lock_posts(Post.objects.filter(pk=first.pk))
        worker = in_thread(pool, screening.screen_due)
        wait_until_somebody_waits()
        revising.lock_posts(Post.objects.filter(pk=second.pk))
    assert worker.result() == 2
    statuses = [post.get_latest_revision().status for post in (cleared, held)]
    assert statuses == [Status.CLEARED, Status.HELD]


def test_of_two_who_confirm_at_once_one_wins(pool, author):
    proposer, first, second = (
        factories.make_user(f"senior_{n}", role=Role.SENIOR_MODERATOR) for n in range(3)
    )
    factories.make_held_post(author=author)
    ban = Choice(Measure.TAKE_DOWN, on_account=Measure.BAN)
    proposal = proposing.propose(Case.objects.get(), ban, by=proposer, version=1, violation="V3")
    with transaction.atomic():
        proposing.confirm(proposal, by=first)
        slower = in_thread(pool, proposing.confirm, proposal, by=second)
        wait_until_somebody_waits()
    with pytest.raises(AlreadyDecided):
        slower.result()
    assert Restriction.objects.get().kind == Restriction.Kind.BANNED


def test_of_undoing_and_overturning_at_once_one_wins(pool, author):
    first, second = _moderators()
    factories.make_held_post(author=author)
    decision = deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=first, version=1, violation="V1")
    with transaction.atomic():
        deciding.overturn(decision, by=second)
        slower = in_thread(pool, deciding.take_back, decision, by=first)
        wait_until_somebody_waits()
    with pytest.raises(AlreadyDecided):
        slower.result()
    assert Case.objects.get().status == CaseStatus.CLOSED


def test_what_is_being_undone_is_not_mailed(pool, author, mailoutbox):
    first, _second = _moderators()
    factories.make_held_post(author=author)
    decision = deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=first, version=1, violation="V1")
    factories.let_undo_pass()
    with transaction.atomic():
        deciding.take_back(decision, by=first)
        assert in_thread(pool, mailing.send_due).result() == 0
    assert mailing.send_due() == 0
    assert mailoutbox == []
    assert not Statement.objects.for_reader(author).exists()


def test_what_is_being_mailed_is_undone_no_more(pool, author, mailoutbox):
    """Whoever mails holds the statement; undoing waits, and then asks what time it is."""
    first, _second = _moderators()
    factories.make_held_post(author=author)
    decision = deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=first, version=1, violation="V1")
    with transaction.atomic():
        Statement.objects.select_for_update().get()
        slower = in_thread(pool, deciding.take_back, decision, by=first)
        wait_until_somebody_waits()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [UNDO.total_seconds()])
    with pytest.raises(AlreadyDecided):
        slower.result()
    assert Statement.objects.get().withdrawn_at is None
