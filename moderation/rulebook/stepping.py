"""The steps of a house rule, each a compare-and-swap with its row of history, its seal and its row in the audit trail."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import auditing, scanner_loading
from moderation.models import HouseRule, RuleStep, RuleVersion
from moderation.rule_states import HOLDING, RUNNING, Breaker, RuleState
from moderation.rulebook import sets
from moderation.scanning.checking import find_faults
from moderation.scanning.house import compile_entry
from moderation.scanning.refusals import BadRuleset

TERM = timedelta(days=90)
SHARES = (1, 5, 10, 25, 50)
"""Percentages of posts that a canary may hold."""


class StepRefused(Exception):
    """The version is not where this step begins, or cannot run; the sentence says why."""


class NotForYou(Exception):
    """Somebody else has to take this step."""


class ExamplesDisagree(Exception):
    """Examples that the version misses, or hits against what was said; `faults` has a sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def check_may_write(by: User) -> None:
    """Raises NotForYou unless `by` may write house rules and let them take their steps."""
    if not by.has_perm("moderation.write_rule"):
        raise NotForYou(_("House rules are written by senior moderators."))


def check_may_approve(version: RuleVersion, by: User) -> None:
    """Raises NotForYou for the author: two people let a rule hold."""
    check_may_write(by)
    if version.author_id == by.pk:
        raise NotForYou(_("You wrote this version: somebody else lets it hold."))


@transaction.atomic
def test(version: RuleVersion, *, by: User) -> None:
    """Draft → tested: every example agrees, by the same check as of a ruleset file. Raises ExamplesDisagree, StepRefused, NotForYou."""
    check_may_write(by)
    sets.lock()
    try:
        faults = find_faults(compile_entry(scanner_loading.get_shipped().ruleset, version.entry))
    except BadRuleset as refusal:
        raise StepRefused(str(refusal)) from refusal
    if faults:
        raise ExamplesDisagree(faults)
    move(version, RuleState.TESTED, by=by)


@transaction.atomic
def watch(version: RuleVersion, *, by: User) -> None:
    """Into the shadow, where it holds nothing: after its backtest, after it expired, or back from holding. Raises StepRefused, NotForYou."""
    check_may_write(by)
    sets.lock()
    move(version, RuleState.SHADOW, by=by)
    _check_fit()


@transaction.atomic
def hold_share(version: RuleVersion, share: int, *, by: User) -> None:
    """Shadow → canary: it holds `share` per cent of the posts that it hits, approved by `by`. Raises StepRefused, NotForYou."""
    check_may_approve(version, by)
    if share not in SHARES:
        raise StepRefused(_("Choose one of the shares."))
    sets.lock()
    _make_way(version, RuleState.CANARY, by)
    move(version, RuleState.CANARY, by=by, share=share, approved_by=by)
    _check_fit()


@transaction.atomic
def go_live(version: RuleVersion, *, by: User) -> None:
    """Canary → live, approved by `by`; the version that was live until now is withdrawn. Raises StepRefused, NotForYou."""
    check_may_approve(version, by)
    if version.state == RuleState.WITHDRAWN:
        raise StepRefused(_("Take the current version back instead."))
    sets.lock()
    _make_way(version, RuleState.LIVE, by)
    move(version, RuleState.LIVE, by=by, approved_by=by)
    _check_fit()


@transaction.atomic
def roll_back(rule: HouseRule, *, by: User) -> RuleVersion:
    """The version that was live before the latest one comes back, with the approval that it had. Raises StepRefused, NotForYou."""
    check_may_write(by)
    sets.lock()
    earlier = find_earlier(rule)
    if earlier is None:
        raise StepRefused(_("No earlier version was live."))
    for version in rule.versions.holding():
        move(version, RuleState.WITHDRAWN, by=by, why=_("Rolled back."))
    move(earlier, RuleState.LIVE, by=by, why=_("Rolled back."), approved_by=earlier.approved_by)
    _check_fit()
    return earlier


def find_earlier(rule: HouseRule) -> RuleVersion | None:
    """The version that a roll-back brings back: the one live before the version that went live last."""
    came_live = RuleStep.objects.filter(version__rule=rule, new=RuleState.LIVE).exclude(old=RuleState.LIVE)
    latest = came_live.select_related("version").order_by("-at", "-id").first()
    if latest is None:
        return None
    back = rule.versions.to_go_back_to().with_people()
    return back.filter(number__lt=latest.version.number).order_by("-number").first()


@transaction.atomic
def review(version: RuleVersion, *, by: User) -> None:
    """Somebody confirms that a rule that holds is still needed: its end is TERM from now. Raises StepRefused, NotForYou."""
    check_may_write(by)
    sets.lock()
    if not RuleVersion.objects.holding().filter(pk=version.pk).update(expires_at=Now() + TERM):
        raise StepRefused(_("Only a rule that holds is reviewed."))
    state = RuleVersion.objects.get(pk=version.pk).state
    RuleStep.objects.create(version=version, old=state, new=state, by=by, why=_("Reviewed."))
    auditing.record("review_rule", version.label, by=by)


@transaction.atomic
def withdraw(version: RuleVersion, *, by: User, why: str = "") -> None:
    """It ends, wherever it stands; what it held stays held until people decide. Raises StepRefused, NotForYou."""
    check_may_write(by)
    sets.lock()
    move(version, RuleState.WITHDRAWN, by=by, why=why)


@transaction.atomic
def narrow(version: RuleVersion, breaker: Breaker) -> None:
    """The machine takes a rule's power to hold away. Raises StepRefused when somebody was faster."""
    sets.lock()
    move(version, RuleState.SHADOW, by=None, why=str(breaker.value), narrowed=breaker)


@transaction.atomic
def expire_due() -> int:
    """End what nobody reviewed in time, by the database's clock; return how many."""
    if not RuleVersion.objects.ending_by_now().exists():
        return 0
    sets.lock()
    due = list(RuleVersion.objects.ending_by_now().with_people())
    for version in due:
        move(version, RuleState.EXPIRED, by=None)
    return len(due)


def move(version: RuleVersion, new: RuleState, *, by: User | None, why: str = "", **changes: Any) -> None:
    """Take one legal step from the state in which `version` was read. The caller holds the lock of `sets`.

    Raises StepRefused when that state does not lead there, or is not its state any more.
    """
    old = RuleState(version.state)
    if new not in old.next:
        raise StepRefused(
            _("A rule does not go from “%(old)s” to “%(new)s”.") % {"old": old.label, "new": new.label}
        )
    # Whoever withdraws what was live keeps its approval for a roll-back.
    approval = {} if (old, new) == (RuleState.LIVE, RuleState.WITHDRAWN) else {"approved_by": None}
    ending = Now() + TERM if new in HOLDING else None
    fields = {"share": None, "narrowed": "", "expires_at": ending, **approval, **changes}
    same = RuleVersion.objects.filter(pk=version.pk, state=old)
    if not same.update(state=new, since=Now(), **fields):
        raise StepRefused(_("Somebody else moved this version in the meantime."))
    version.refresh_from_db()
    RuleStep.objects.create(version=version, old=old, new=new, by=by, why=why)
    if old in RUNNING or new in RUNNING:
        sets.seal_new()
    auditing.record(
        "step_rule", version.label, by=by, old=old.value, new=new.value, why=why, sha256=version.sha256
    )


def _make_way(version: RuleVersion, state: RuleState, by: User) -> None:
    """One version of a rule is in a state that holds."""
    for other in version.rule.versions.filter(state=state).exclude(pk=version.pk):
        move(other, RuleState.WITHDRAWN, by=by, why=_("A newer version took its place."))


def _check_fit() -> None:
    """Undo the step when the rules could not be compiled together."""
    try:
        sets.check_fit()
    except BadRuleset as refusal:
        raise StepRefused(str(refusal)) from refusal
