"""The people and texts with which the machine of `test_desk` begins, and how it picks among what is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from hypothesis import strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
)

from accounts.models import Restriction, User
from accounts.restricting import Restricted
from accounts.roles import Role
from moderation import deciding, known_bad, reporting, screening
from moderation.choosing import Choice
from moderation.measures import CLOSING, DAY, MARKING, Measure
from moderation.models import Appeal, Case, CaseStatus, Decision, GuestNotice, Proposal
from posts import publishing
from posts.models import Post
from posts.publishing import Draft
from tests import factories

HARMLESS = "The bread is out of the oven, {marker}"
HARMFUL = "I will find you and kill you tonight, {marker}"
# Handles and roles. Staff write as well, so that levels matter.
CAST = {
    "walnut": Role.USER,
    "almond": Role.USER,
    "hazel": Role.USER,
    "pecan": Role.MODERATOR,
    "cashew": Role.MODERATOR,
    "macadamia": Role.SENIOR_MODERATOR,
    "pistachio": Role.ADMINISTRATOR,
}
BAN = Choice(Measure.TAKE_DOWN, is_strike=True, on_account=Measure.BAN)
CHOICES = [
    *(Choice.of(measure) for measure in CLOSING),
    Choice(Measure.LABEL, on_account=Measure.WARN),
    Choice(Measure.LIMIT, on_account=Measure.STRIKE),
    Choice(Measure.TAKE_DOWN, on_account=Measure.READ_ONLY, duration=DAY),
    Choice(Measure.TAKE_DOWN, is_strike=True, on_account=Measure.SUSPEND, duration=7 * DAY),
    BAN,
    Choice(Measure.ESCALATE),
]
FOR_SENIORS = (Measure.SUSPEND, Measure.BAN)

Draw = strategies.DataObject
Refusals = list[type[Exception]]


@dataclass(frozen=True)
class Person:
    """Somebody of the cast who is still there, as the database has them now."""

    user: User
    role: Role

    @property
    def level(self) -> int:
        return list(Role).index(self.role)

    def may_judge(self, case: Case) -> bool:
        """The rule of levels, said once more in other words."""
        author = case.author
        theirs = CAST[author.handle] if author.erased_at is None else Role.USER
        is_above = self.level > list(Role).index(theirs) or self.role == Role.ADMINISTRATOR
        is_high_enough = self.role != Role.USER and self.level >= case.min_role_level
        return self.user != author and is_above and is_high_enough


def attempt(act: Callable[[], Any], refusals: Refusals) -> Any:
    """Do something; when there are reasons to refuse it, demand that it is refused for one of them, and changes nothing."""
    if not refusals:
        return act()
    with pytest.raises(tuple(refusals)), transaction.atomic():
        act()
    return None


class World(RuleBasedStateMachine):
    """What a run begins with, and how its steps pick among what is there."""

    @initialize()
    def begin(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.erased: set[str] = set()
        self.markers = 0
        for handle, role in CAST.items():
            factories.make_user(handle, role=role)
        self._begin_with_cases()

    def _begin_with_cases(self) -> None:
        """One held, one reported, and one taken down: else most runs would end before anybody can appeal."""
        walnut, almond, pecan = (User.objects.get(handle=name) for name in ("walnut", "almond", "pecan"))
        shown = publishing.submit(almond, Draft(text=self._text(is_harmful=False)))
        publishing.submit(walnut, Draft(text=self._text(is_harmful=True)))
        self._screen()
        reporting.report(shown, by=walnut, violation="V5")
        case = Case.objects.get(post=shown)
        deciding.decide(case, Measure.TAKE_DOWN, by=pecan, version=case.version, violation="V5")
        other = publishing.submit(almond, Draft(text=self._text(is_harmful=False)))
        factories.clear(other.get_latest_revision())
        reporting.report(other, by=walnut, violation="V5")
        factories.give_notice(other)

    def teardown(self) -> None:
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def _screen(self) -> None:
        """What a worker keeps of the bank of known texts for seconds would make two runs of the same steps differ."""
        known_bad._kept.clear()
        screening.screen_due()

    def _text(self, *, is_harmful: bool) -> str:
        self.markers += 1
        return (HARMFUL if is_harmful else HARMLESS).format(marker=f"zq{self.markers:04d}xv")

    def _anybody(self, draw: Draw) -> Person:
        return self._one_of(draw, list(CAST))

    def _moderator(self, draw: Draw) -> Person:
        return self._one_of(draw, [handle for handle, role in CAST.items() if role != Role.USER])

    def _one_of(self, draw: Draw, handles: list[str]) -> Person:
        handle = draw.draw(strategies.sampled_from([h for h in handles if h not in self.erased]))
        return Person(User.objects.get(handle=handle), CAST[handle])

    def _case(self, draw: Draw) -> Case:
        """Any case, the open ones first: what shrinks, shrinks to them."""
        cases = Case.objects.with_target().order_by("-status", "pk")
        return draw.draw(strategies.sampled_from(list(cases)))

    def _decision(self, draw: Draw) -> Decision:
        decisions = Decision.objects.select_related("case__author")
        return draw.draw(strategies.sampled_from(list(decisions.order_by("pk"))))

    def _proposal(self, draw: Draw) -> Proposal:
        proposals = Proposal.objects.select_related("by", "case__author")
        return draw.draw(strategies.sampled_from(list(proposals.order_by("status", "pk"))))

    def _appeal(self, draw: Draw) -> Appeal:
        appeals = Appeal.objects.with_decision().order_by("pk")
        return draw.draw(strategies.sampled_from(list(appeals)))

    def _guest(self, draw: Draw) -> GuestNotice:
        return draw.draw(strategies.sampled_from(list(GuestNotice.objects.order_by("pk"))))

    def _is_somebody_elses(self, case: Case, moderator: Person) -> bool:
        """Somebody else has a running lease on the case."""
        running = Case.objects.filter(pk=case.pk, claimed_until__gt=Now())
        return running.exclude(claimed_by=moderator.user).exists()

    def _is_impartial(self, moderator: Person, appeal: Appeal) -> bool:
        return moderator.may_judge(appeal.decision.case) and moderator.user not in (
            appeal.appellant,
            appeal.decision.by,
            appeal.decision.confirmed_by,
        )

    def _is_open_again(self, appeal: Appeal) -> bool:
        case = appeal.decision.case
        return Case.objects.open().filter(post=case.post_id, profile=case.profile_id).exists()

    def _restrictions(self, person: User) -> Refusals:
        return [Restricted] if Restriction.objects.heaviest_on(person) else []

    def _is_closed(self, post: Post | None) -> bool:
        while post is not None:
            if post.locked_at:
                return True
            post = post.parent
        return False

    def _why_not(self, moderator: Person, case: Case, choice: Choice) -> Refusals:
        """Why this person may not choose this for this case at any time."""
        refusals: Refusals = []
        if choice.measure in MARKING and case.profile:
            refusals.append(ValidationError)
        is_too_low = choice.on_account in FOR_SENIORS and moderator.role == Role.MODERATOR
        is_highest = choice.measure == Measure.ESCALATE and moderator.role == Role.ADMINISTRATOR
        if not moderator.may_judge(case) or is_too_low or is_highest or choice == BAN:
            refusals.append(deciding.NotAllowed)
        return refusals

    def _why_not_now(self, moderator: Person, case: Case, is_stale: bool) -> Refusals:
        """Why nobody, or nobody but others, may decide the case as it stands."""
        refusals: Refusals = []
        if self._is_somebody_elses(case, moderator) or case.status == CaseStatus.PROPOSED:
            refusals.append(deciding.NotAllowed)
        if case.status == CaseStatus.CLOSED:
            refusals.append(deciding.AlreadyDecided)
        if is_stale:
            refusals.append(deciding.CaseChanged)
        return refusals
