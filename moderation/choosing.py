"""What a moderator chose to do, and whether it can be done to this case, by this person, alone."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from moderation.measures import CLOSING, ON_ACCOUNTS, Measure
from moderation.models import Case


@dataclass(frozen=True, slots=True)
class Choice:
    """A measure, and what goes with it: a strike, and a measure on the account with its duration (None where it has none)."""

    measure: Measure
    is_strike: bool = False
    on_account: Measure | None = None
    duration: timedelta | None = None

    @classmethod
    def of(cls, measure: Measure) -> "Choice":
        """A measure with what goes with it unless somebody chooses otherwise: a removal is a strike."""
        return cls(measure, is_strike=measure.terms.is_strike_by_default)

    @property
    def measures(self) -> tuple[Measure, ...]:
        return (self.measure, self.on_account) if self.on_account else (self.measure,)

    def needs_second(self, case: Case) -> bool:
        """Whether a second person has to confirm it before anything happens."""
        return self.measure in CLOSING and (
            case.second_needed or any(measure.terms.needs_second for measure in self.measures)
        )


def refuse_nonsense(choice: Choice, case: Case, violation: str) -> None:
    """Raise ValidationError for what makes no sense, whoever chooses it."""
    terms = choice.measure.terms
    if choice.measure not in (*CLOSING, Measure.ESCALATE):
        raise ValidationError(_("This measure does not close a case."), code="measure")
    if terms.for_posts_only and case.post_id is None:
        raise ValidationError(_("Only a post can be labelled, limited or locked."), code="posts_only")
    if terms.restricts and not violation:
        raise ValidationError(_("Name the rule that the text breaks."), code="violation")
    if (choice.is_strike or choice.on_account) and not terms.restricts:
        raise ValidationError(
            _("Where nothing is done about the text, nothing is done about the account."), code="on_account"
        )
    _refuse_nonsense_on_account(choice)


def _refuse_nonsense_on_account(choice: Choice) -> None:
    if choice.on_account is None:
        return
    if choice.on_account not in ON_ACCOUNTS:
        raise ValidationError(_("This measure is not about an account."), code="on_account")
    if choice.on_account == Measure.STRIKE and choice.is_strike:
        raise ValidationError(_("One decision is one strike."), code="strike")
    durations = choice.on_account.terms.durations
    if choice.duration not in ([each.time for each in durations] if durations else [None]):
        raise ValidationError(_("This measure is not taken for that long."), code="duration")


def why_not(choice: Choice, *, by: User) -> str:
    """In one sentence, why somebody's role does not allow this choice; empty when it does."""
    return _why_not_as(by.get_role(), choice)


def _why_not_as(role: Role, choice: Choice) -> str:
    needed = max((_needed(choice, measure) for measure in choice.measures), key=lambda role: role.level)
    if role.level < needed.level:
        return _("Your role does not allow this: it takes a %(role)s.") % {"role": needed.label}
    if choice.measure == Measure.ESCALATE and role == Role.ADMINISTRATOR:
        return _("Nobody stands above you: decide this, or leave it to another administrator.")
    return ""


def _needed(choice: Choice, measure: Measure) -> Role:
    """The lowest role that may take a measure for the chosen duration."""
    needed = measure.terms.min_role
    for duration in measure.terms.durations if measure == choice.on_account else ():
        if duration.time == choice.duration:
            needed = duration.min_role
    return needed


def measures_for(moderator: User, case: Case) -> list[Measure]:
    """The measures on a text that `moderator` may choose for `case`."""
    role = moderator.get_role()
    return [
        measure
        for measure in (*CLOSING, Measure.ESCALATE)
        if not (measure.terms.for_posts_only and case.post_id is None)
        and not _why_not_as(role, Choice(measure))
    ]


def account_choices_for(moderator: User) -> list[tuple[Measure, timedelta | None]]:
    """The measures on accounts, each with every duration, that `moderator` may choose."""
    level = moderator.get_role().level
    return [
        (measure, duration.time if duration else None)
        for measure in ON_ACCOUNTS
        for duration in measure.terms.durations or (None,)
        if level >= (duration.min_role if duration else measure.terms.min_role).level
    ]
