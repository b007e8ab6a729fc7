"""Whatever authors, reporters, the scanner and moderators do, in whatever order: no case closes without a decision, an actor and a notice.

The machine below does anything that the verbs offer, legal or not. Of each step it says beforehand, by rules of its own,
whether it is refused; after each one it asks every law of `laws`.
"""

import pytest
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
from moderation import appealing, claiming, deciding, queueing, reporting, screening
from moderation.measures import CLOSING, Measure
from moderation.models import Appeal, AppealStatus, Case, CaseStatus, Decision
from moderation.models.appeals import OUTCOMES
from posts import presenting, publishing, reacting
from posts.models import Post, Profile, Revision
from posts.publishing import Draft
from tests.properties import laws
from tests.properties.desk_world import Draw, Refusals, World, attempt


class Desk(World):
    """Steps of the life of cases; see the module's docstring."""

    # People

    @rule(draw=strategies.data(), is_harmful=strategies.booleans(), is_echo=strategies.booleans())
    def publish(self, draw: Draw, is_harmful: bool, is_echo: bool) -> None:
        author = self._anybody(draw).user
        seen = [None, *Post.objects.visible_to(author).shown().originals().order_by("pk")]
        around = draw.draw(strategies.sampled_from(seen))
        if is_echo and around is not None:
            publishing.submit(author, Draft(echoed=around))
            reacting.upvote(around, by=author)
        else:
            publishing.submit(author, Draft(text=self._text(is_harmful=is_harmful), parent=around))

    @rule(draw=strategies.data(), is_harmful=strategies.booleans())
    def present(self, draw: Draw, is_harmful: bool) -> None:
        presenting.present(self._anybody(draw).user, name="", biography=self._text(is_harmful=is_harmful))

    @rule(draw=strategies.data(), is_harmful=strategies.booleans())
    def edit(self, draw: Draw, is_harmful: bool) -> None:
        author = self._anybody(draw).user
        own = list(Post.objects.editable_by(author).order_by("pk"))
        if own:
            post = draw.draw(strategies.sampled_from(own))
            is_down = post.shown_id is None and post.get_latest_revision().status == "removed"
            text = self._text(is_harmful=is_harmful)
            attempt(
                lambda: publishing.edit(post, body=text, warning="", by=author),
                [publishing.NotEditable] if is_down else [],
            )

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
        assert case is None or (case.claimed_by == moderator.user and moderator.may_judge(case.get_author()))

    @precondition(lambda self: Case.objects.exists())
    @rule(draw=strategies.data())
    def claim(self, draw: Draw) -> None:
        moderator, case = self._moderator(draw), self._case(draw)
        free = case.status == CaseStatus.OPEN and not self._is_somebody_elses(case, moderator)
        refused = not (free and moderator.may_judge(case.get_author()))
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
        assert moderator.may_judge(taken.get_author())

    @rule()
    def let_claims_run_out(self) -> None:
        Case.objects.filter(claimed_until__isnull=False).update(claimed_until=Now())

    # Decisions

    @rule(draw=strategies.data(), measure=strategies.sampled_from(CLOSING))
    def work(self, draw: Draw, measure: Measure) -> None:
        """What moderators do all day: take what comes next, and decide it."""
        moderator = self._moderator(draw).user
        if case := queueing.claim_next(by=moderator):
            deciding.decide(
                case, measure, by=moderator, version=case.version, violation="V3", reason="So it is."
            )

    @precondition(lambda self: Case.objects.exists())
    @rule(
        draw=strategies.data(),
        measure=strategies.sampled_from(CLOSING),
        is_stale=strategies.integers(0, 5).map(lambda number: number == 0),
    )
    def decide(self, draw: Draw, measure: Measure, is_stale: bool) -> None:
        moderator, case = self._moderator(draw), self._case(draw)
        refusals: Refusals = []
        if not moderator.may_judge(case.get_author()) or self._is_somebody_elses(case, moderator):
            refusals.append(deciding.NotAllowed)
        if case.status == CaseStatus.CLOSED:
            refusals.append(deciding.AlreadyDecided)
        if is_stale:
            refusals.append(deciding.CaseChanged)
        attempt(
            lambda: deciding.decide(
                case,
                measure,
                by=moderator.user,
                version=case.version - is_stale,
                violation="V3",
                reason="So it is.",
            ),
            refusals,
        )

    @precondition(lambda self: Decision.objects.exists())
    @rule(draw=strategies.data())
    def overturn(self, draw: Draw) -> None:
        moderator, decision = self._moderator(draw), self._decision(draw)
        refusals: Refusals = []
        if not moderator.may_judge(decision.case.get_author()):
            refusals.append(deciding.NotAllowed)
        if decision.measure != Measure.TAKE_DOWN or Decision.objects.filter(overturns=decision).exists():
            refusals.append(deciding.AlreadyDecided)
        attempt(lambda: deciding.overturn(decision, by=moderator.user, reason="We were wrong."), refusals)

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
        is_author = decision.case.get_author() == person and decision.measure == Measure.TAKE_DOWN
        has_reported = decision.case.reports.filter(reporter=person).exists()
        refusals: Refusals = []
        if not (is_author or (has_reported and decision.measure == Measure.CLEAR)):
            refusals.append(deciding.NotAllowed)
        if Decision.objects.filter(overturns=decision).exists():
            refusals.append(appealing.NotAppealable)
        if decision.appeals.filter(appellant=person).exists():
            refusals.append(appealing.AlreadyAppealed)
        attempt(lambda: appealing.appeal(decision, by=person, text="I see it otherwise."), refusals)

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
        is_stale=strategies.integers(0, 5).map(lambda number: number == 0),
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
def test_no_case_closes_without_a_decision_an_actor_and_a_notice_whatever_happens() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=10,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
