"""Whatever authors, reporters, the scanner and moderators do, in whatever order: no case closes without a decision, an actor and a notice.

The machine below does anything that the verbs offer, legal or not. Of each step it says beforehand, by rules of its own,
whether it is refused; after each one it asks every law of `laws`.
"""

import contextlib
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from hypothesis import HealthCheck, settings, strategies
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.erasing import erase
from accounts.roles import Role
from moderation import appealing, claiming, deciding, proposing, queueing, reporting, screening
from moderation.choosing import Choice
from moderation.guests import forgetting
from moderation.measures import Measure
from moderation.models import (
    Appeal,
    AppealStatus,
    Case,
    CaseStatus,
    Decision,
    GuestNotice,
    Proposal,
    ProposalStatus,
)
from moderation.models.appeals import OUTCOMES
from posts import presenting, publishing, reacting
from posts.models import Post, Profile, Revision
from posts.publishing import Draft
from posts.revising import IllegalMove
from tests import factories
from tests.properties import laws
from tests.properties.desk_world import BAN, CHOICES, Draw, Refusals, World, attempt

TOO_LATE = (deciding.AlreadyDecided, deciding.CaseChanged, deciding.NotAllowed, IllegalMove)
SELDOM = strategies.integers(0, 5).map(lambda number: number == 0)


class Desk(World):
    """Steps of the life of cases; see the module's docstring."""

    # People

    @rule(draw=strategies.data(), is_harmful=strategies.booleans(), is_echo=strategies.booleans())
    def publish(self, draw: Draw, is_harmful: bool, is_echo: bool) -> None:
        author = self._anybody(draw).user
        seen = [None, *Post.objects.visible_to(author).shown().originals().order_by("pk")]
        around = draw.draw(strategies.sampled_from(seen))
        refusals = self._restrictions(author)
        if is_echo and around is not None:
            attempt(lambda: reacting.upvote(around, by=author), refusals)
            if around.limited_at and around.author != author:
                refusals.append(publishing.MayNotPublish)
            draft = Draft(echoed=around)
        else:
            if self._is_closed(around):
                refusals.append(publishing.MayNotPublish)
            draft = Draft(text=self._text(is_harmful=is_harmful), parent=around)
        attempt(lambda: publishing.submit(author, draft), refusals)

    @rule(draw=strategies.data(), is_harmful=strategies.booleans())
    def present(self, draw: Draw, is_harmful: bool) -> None:
        person, text = self._anybody(draw).user, self._text(is_harmful=is_harmful)
        attempt(lambda: presenting.present(person, name="", biography=text), self._restrictions(person))

    @rule(draw=strategies.data(), is_harmful=strategies.booleans())
    def edit(self, draw: Draw, is_harmful: bool) -> None:
        author = self._anybody(draw).user
        own = list(Post.objects.editable_by(author).order_by("pk"))
        if own:
            post = draw.draw(strategies.sampled_from(own))
            is_down = post.shown_id is None and post.get_latest_revision().status == "removed"
            text = self._text(is_harmful=is_harmful)
            refusals = self._restrictions(author) + ([publishing.NotEditable] if is_down else [])
            attempt(lambda: publishing.edit(post, body=text, warning="", by=author), refusals)

    @rule(draw=strategies.data())
    def withdraw(self, draw: Draw) -> None:
        author = self._anybody(draw).user
        own = list(Post.objects.withdrawable_by(author).order_by("pk"))
        if own:
            publishing.withdraw(draw.draw(strategies.sampled_from(own)), by=author)

    @rule(draw=strategies.data(), violation=strategies.sampled_from(["", "V1", "V5", "V11"]))
    def report(self, draw: Draw, violation: str) -> None:
        reporter = self._anybody(draw).user
        posts = list(Post.objects.visible_to(reporter).originals().order_by("pk"))
        profiles = list(Profile.objects.visible_to(reporter).order_by("pk"))
        targets: list[Post | Profile] = [*posts, *profiles]
        target = draw.draw(strategies.sampled_from(targets))
        author_id = target.author_id if isinstance(target, Post) else target.user_id
        refused = author_id == reporter.pk or target.shown_id is None
        attempt(
            lambda: reporting.report(target, by=reporter, violation=violation),
            [ValidationError] if refused else [],
        )

    @rule(draw=strategies.data())
    def give_notice(self, draw: Draw) -> None:
        posts = list(Post.objects.visible_to(AnonymousUser()).originals().order_by("pk"))
        if posts:
            factories.give_notice(draw.draw(strategies.sampled_from(posts)))

    @precondition(lambda self: GuestNotice.objects.filter(erased_at=None).exists())
    @rule(draw=strategies.data(), is_meant=SELDOM)
    def disown(self, draw: Draw, is_meant: bool) -> None:
        if is_meant:
            forgetting.disown(self._guest(draw))

    @precondition(lambda self: not self.erased)
    @rule(draw=strategies.data())
    def erase(self, draw: Draw) -> None:
        person = self._one_of(draw, ["walnut", "almond", "pecan"]).user
        self.erased.add(person.handle)
        erase(person, by=person)

    # The scanner

    @rule(gives_up=strategies.booleans())
    def scan(self, gives_up: bool) -> None:
        if gives_up:
            Revision.objects.pending().update(attempts=screening.MAX_ATTEMPTS)
        self._screen()
        assert not Revision.objects.due().exists()

    # Claims

    @rule(draw=strategies.data())
    def claim_next(self, draw: Draw) -> None:
        moderator = self._moderator(draw)
        case = queueing.claim_next(by=moderator.user)
        assert case is None or (case.claimed_by == moderator.user and moderator.may_judge(case))

    @precondition(lambda self: Case.objects.exists())
    @rule(draw=strategies.data())
    def claim(self, draw: Draw) -> None:
        moderator, case = self._moderator(draw), self._case(draw)
        is_closed = case.status == CaseStatus.CLOSED or case.proposed_by == moderator.user
        free = not is_closed and not self._is_somebody_elses(case, moderator)
        refused = not (free and moderator.may_judge(case))
        attempt(lambda: queueing.claim(case, by=moderator.user), [queueing.NotClaimable] if refused else [])

    @precondition(lambda self: Case.objects.exists())
    @rule(draw=strategies.data(), how=strategies.sampled_from(["release", "skip", "renew"]))
    def handle(self, draw: Draw, how: str) -> None:
        moderator, case = self._moderator(draw), self._case(draw)
        match how:
            case "release":
                queueing.release(case, by=moderator.user)
            case "skip":
                claiming.skip(case, by=moderator.user)
            case _:
                lost = case.claimed_by != moderator.user
                attempt(lambda: claiming.renew(case, by=moderator.user), [claiming.ClaimLost] if lost else [])

    @precondition(lambda self: Case.objects.exists())
    @rule(draw=strategies.data())
    def take_over(self, draw: Draw) -> None:
        moderator, case = self._moderator(draw), self._case(draw)
        try:
            with transaction.atomic():
                taken = claiming.take_over(case, by=moderator.user)
        except (claiming.MayNotTakeOver, queueing.NotClaimable):
            return
        assert taken.claimed_by == moderator.user
        assert moderator.role in (Role.SENIOR_MODERATOR, Role.ADMINISTRATOR)
        assert moderator.may_judge(taken)

    @rule()
    def let_claims_run_out(self) -> None:
        Case.objects.filter(claimed_until__isnull=False).update(claimed_until=Now())

    # Decisions

    @rule(draw=strategies.data(), choice=strategies.sampled_from(CHOICES))
    def work(self, draw: Draw, choice: Choice) -> None:
        """What moderators do all day: take what comes next, and decide it, or answer what somebody proposed."""
        moderator = self._moderator(draw)
        case = queueing.claim_next(by=moderator.user)
        if case is None or self._why_not(moderator, case, choice):
            return
        if case.status == CaseStatus.PROPOSED:
            proposing.reject(case.proposals.open().get(), by=moderator.user, reason="No.")
        deciding.decide(
            case, choice, by=moderator.user, version=case.version, violation="V3", reason="So it is."
        )

    @precondition(lambda self: Case.objects.exists())
    @rule(draw=strategies.data(), choice=strategies.sampled_from(CHOICES), is_stale=SELDOM)
    def decide(self, draw: Draw, choice: Choice, is_stale: bool) -> None:
        moderator, case = self._moderator(draw), self._case(draw)
        refusals = self._why_not(moderator, case, choice) + self._why_not_now(moderator, case, is_stale)
        attempt(
            lambda: deciding.decide(
                case, choice, by=moderator.user, version=case.version - is_stale, violation="V3"
            ),
            refusals,
        )

    @precondition(lambda self: Case.objects.exists())
    @rule(draw=strategies.data(), is_stale=SELDOM)
    def propose(self, draw: Draw, is_stale: bool) -> None:
        moderator, case = self._moderator(draw), self._case(draw)
        refusals = self._why_not_now(moderator, case, is_stale)
        if not moderator.may_judge(case) or moderator.role == Role.MODERATOR:
            refusals.append(deciding.NotAllowed)
        attempt(
            lambda: proposing.propose(
                case, BAN, by=moderator.user, version=case.version - is_stale, violation="V3"
            ),
            refusals,
        )

    @precondition(lambda self: Proposal.objects.exists())
    @rule(draw=strategies.data(), verb=strategies.sampled_from(["confirm", "reject", "withdraw"]))
    def answer_proposal(self, draw: Draw, verb: str) -> None:
        moderator, proposal = self._moderator(draw), self._proposal(draw)
        is_own = proposal.by == moderator.user
        refusals: Refusals = []
        if is_own != (verb == "withdraw") or not (is_own or moderator.may_judge(proposal.case)):
            refusals.append(deciding.NotAllowed)
        if proposal.status != ProposalStatus.OPEN:
            refusals.append(deciding.AlreadyDecided)
        match verb:
            case "withdraw":
                attempt(lambda: proposing.withdraw(proposal, by=moderator.user), refusals)
            case "reject":
                attempt(lambda: proposing.reject(proposal, by=moderator.user, reason="No."), refusals)
            case _:
                if moderator.role == Role.MODERATOR:
                    refusals.append(deciding.NotAllowed)
                if proposal.case.version != proposal.version:
                    refusals.append(deciding.CaseChanged)
                attempt(lambda: proposing.confirm(proposal, by=moderator.user), refusals)

    @precondition(lambda self: Decision.objects.exists())
    @rule(draw=strategies.data())
    def overturn(self, draw: Draw) -> None:
        moderator, decision = self._moderator(draw), self._decision(draw)
        refusals: Refusals = []
        if not moderator.may_judge(decision.case):
            refusals.append(deciding.NotAllowed)
        is_undone = Decision.objects.filter(overturns=decision).exists()
        if is_undone or decision.measure in (Measure.CLEAR, Measure.RESTORE):
            refusals.append(deciding.AlreadyDecided)
        # A measure on an account is taken back alone by those who may take it.
        if decision.parent and moderator.level < decision.get_measure().terms.min_role.level:
            refusals.append(deciding.NotAllowed)
        attempt(lambda: deciding.overturn(decision, by=moderator.user, reason="We were wrong."), refusals)

    @precondition(lambda self: Decision.objects.exists())
    @rule(draw=strategies.data())
    def take_back(self, draw: Draw) -> None:
        """What became of the text since says whether this is possible; that it is whole or not at all, the laws say."""
        decision = self._decision(draw)
        by = decision.confirmed_by or decision.by
        with contextlib.suppress(*TOO_LATE), transaction.atomic():
            deciding.take_back(decision, by=by)
            assert Case.objects.get(pk=decision.case_id).claimed_by == by

    # Appeals

    @precondition(lambda self: Decision.objects.exists())
    @rule(draw=strategies.data())
    def contest(self, draw: Draw) -> None:
        """What people do who lost something by a decision: they appeal."""
        person = self._anybody(draw).user
        contestable = Decision.objects.contestable_by(person).filter(overturned_by=None)
        left = list(contestable.exclude(appeals__appellant=person).order_by("pk"))
        if left:
            appealing.appeal(draw.draw(strategies.sampled_from(left)), by=person, text="I see it otherwise.")

    @precondition(lambda self: Decision.objects.exists())
    @rule(draw=strategies.data())
    def appeal(self, draw: Draw) -> None:
        decision, person = self._decision(draw), self._anybody(draw).user
        is_author = (
            decision.case.author == person and decision.get_measure().restricts and not decision.parent
        )
        has_reported = decision.case.reports.filter(reporter=person).exists()
        refusals: Refusals = []
        if not (is_author or (has_reported and decision.measure == Measure.CLEAR)):
            refusals.append(deciding.NotAllowed)
        if Decision.objects.filter(overturns=decision).exists():
            refusals.append(appealing.NotAppealable)
        if decision.appeals.filter(appellant=person).exists():
            refusals.append(appealing.AlreadyAppealed)
        attempt(lambda: appealing.appeal(decision, by=person, text="I see it otherwise."), refusals)

    @precondition(lambda self: Decision.objects.filter(case__reports__guest__isnull=False).exists())
    @rule(draw=strategies.data(), is_elsewhere=SELDOM)
    def appeal_without_an_account(self, draw: Draw, is_elsewhere: bool) -> None:
        decisions = Decision.objects.filter(case__reports__guest__isnull=False).order_by("pk").distinct()
        decision, guest = draw.draw(strategies.sampled_from(list(decisions))), self._guest(draw)
        if not is_elsewhere:
            guests = GuestNotice.objects.filter(report__case=decision.case).order_by("pk")
            guest = draw.draw(strategies.sampled_from(list(guests)))
        has_reported = decision.case.reports.filter(guest=guest).exists()
        refusals: Refusals = []
        if not has_reported or decision.measure != Measure.CLEAR:
            refusals.append(deciding.NotAllowed)
        if Decision.objects.filter(overturns=decision).exists() or guest.erased_at:
            refusals.append(appealing.NotAppealable)
        if decision.appeals.filter(guest=guest).exists():
            refusals.append(appealing.AlreadyAppealed)
        attempt(lambda: appealing.appeal(decision, by=guest, text="I see it otherwise."), refusals)

    @precondition(lambda self: Appeal.objects.filter(guest__isnull=False).exists())
    @rule(draw=strategies.data())
    def answer_without_an_account(self, draw: Draw) -> None:
        appeals = Appeal.objects.filter(guest__isnull=False).order_by("pk")
        appeal, guest = draw.draw(strategies.sampled_from(list(appeals))), self._guest(draw)
        refusals: Refusals = []
        if appeal.guest != guest or guest.erased_at:
            refusals.append(deciding.NotAllowed)
        if not appeal.is_open:
            refusals.append(appealing.AppealClosed)
        attempt(lambda: appealing.answer(appeal, by=guest, text="How so?"), refusals)

    @precondition(lambda self: Appeal.objects.exists())
    @rule(draw=strategies.data())
    def answer(self, draw: Draw) -> None:
        appeal, person = self._appeal(draw), self._anybody(draw)
        refusals: Refusals = []
        if person.user != appeal.appellant and not self._is_impartial(person, appeal):
            refusals.append(deciding.NotAllowed)
        if not appeal.is_open:
            refusals.append(appealing.AppealClosed)
        attempt(lambda: appealing.answer(appeal, by=person.user, text="How so?"), refusals)

    @precondition(lambda self: Appeal.objects.exists())
    @rule(
        draw=strategies.data(),
        outcome=strategies.sampled_from(OUTCOMES),
        is_stale=SELDOM,
    )
    def decide_appeal(self, draw: Draw, outcome: AppealStatus, is_stale: bool) -> None:
        appeal, moderator = self._appeal(draw), self._moderator(draw)
        refusals: Refusals = []
        if not self._is_impartial(moderator, appeal):
            refusals.append(deciding.NotAllowed)
        if not appeal.is_open:
            refusals.append(appealing.AppealClosed)
        if is_stale:
            refusals.append(appealing.AppealChanged)
        if outcome == AppealStatus.GRANTED and not appeal.is_by_author and self._is_open_again(appeal):
            refusals.append(deciding.CaseChanged)
        attempt(
            lambda: appealing.decide_appeal(
                appeal,
                outcome,
                by=moderator.user,
                version=appeal.version - is_stale,
                reasons="We looked again.",
                violation="V3",
            ),
            refusals,
        )

    @precondition(lambda self: Appeal.objects.open().exists())
    @rule(draw=strategies.data())
    def let_the_first_decider_end_an_appeal_by_sql(self, draw: Draw) -> None:
        appeal = draw.draw(strategies.sampled_from(list(Appeal.objects.open().order_by("pk"))))
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE moderation_appeal SET status = 'rejected', decided_at = now(), reasons = 'x', decided_by_id = %s "
                "WHERE id = %s",
                [appeal.decision.by_id, appeal.pk],
            )

    # What must hold

    @invariant()
    def every_law_holds(self) -> None:
        if hasattr(self, "erased"):
            assert laws.find_broken() == {}


@pytest.mark.django_db
def test_no_case_closes_without_a_decision_an_actor_and_a_notice_whatever_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # How fast this machine is shall not say what can be taken back.
    monkeypatch.setattr(deciding, "UNDO", timedelta(hours=1))
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=8,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
