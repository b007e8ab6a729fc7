"""What people at the desk can decide: each measure, and its terms as data. What a measure does stands in `effects`."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import assert_never

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import Restriction
from accounts.roles import Role

DAY = timedelta(days=1)


class About(Enum):
    """What a measure changes."""

    TEXT = auto()
    ACCOUNT = auto()
    CASE = auto()


@dataclass(frozen=True, slots=True)
class Duration:
    """For how long an account measure can be in force, and from which role on somebody may choose that."""

    time: timedelta
    min_role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under which conditions a measure is taken.

    `restricts`: somebody loses something, is told why under a named rule, and may appeal. `closes`: it answers an open case.
    `overturnable`: others than its decider can take it back, and at any time. The first of `durations` is the default.
    """

    about: About
    min_role: Role = Role.MODERATOR
    needs_second: bool = False
    closes: bool = False
    restricts: bool = False
    for_posts_only: bool = False
    overturnable: bool = True
    is_strike_by_default: bool = False
    durations: tuple[Duration, ...] = ()
    restriction: Restriction.Kind | None = None


class Measure(TextChoices):
    CLEAR = "clear", _("clear")
    LABEL = "label", _("label as sensitive")
    LIMIT = "limit", _("limit its reach")
    TAKE_DOWN = "take_down", _("take down")
    LOCK = "lock", _("lock the thread")
    WARN = "warn", _("warn")
    STRIKE = "strike", _("strike")
    READ_ONLY = "read_only", _("read-only")
    SUSPEND = "suspend", _("suspend")
    BAN = "ban", _("ban")
    ESCALATE = "escalate", _("escalate")
    RESTORE = "restore", _("restore")

    @property
    def terms(self) -> Terms:
        return _TERMS[self]

    @property
    def undo(self) -> "Measure | None":
        """The measure that takes this one back; a decision with it names what it overturns."""
        match self:
            case (
                Measure.CLEAR
                | Measure.LABEL
                | Measure.LIMIT
                | Measure.TAKE_DOWN
                | Measure.LOCK
                | Measure.WARN
                | Measure.STRIKE
                | Measure.READ_ONLY
                | Measure.SUSPEND
                | Measure.BAN
                | Measure.ESCALATE
            ):
                return Measure.RESTORE
            case Measure.RESTORE:
                return None
            case _:
                assert_never(self)

    @property
    def restricts(self) -> bool:
        """Whether somebody loses something, and so must be told why."""
        return self.terms.restricts


_MARK = Terms(about=About.TEXT, closes=True, restricts=True, for_posts_only=True)

# The only place that says who may decide what, and for how long.
_TERMS: dict[Measure, Terms] = {
    # What was let stay is not taken back later, but removed after all, under a named rule: `deciding.remove_after_all`.
    Measure.CLEAR: Terms(about=About.TEXT, closes=True, overturnable=False),
    Measure.LABEL: _MARK,
    Measure.LIMIT: _MARK,
    Measure.TAKE_DOWN: Terms(about=About.TEXT, closes=True, restricts=True, is_strike_by_default=True),
    Measure.LOCK: _MARK,
    Measure.WARN: Terms(about=About.ACCOUNT, restricts=True),
    Measure.STRIKE: Terms(about=About.ACCOUNT, restricts=True),
    Measure.READ_ONLY: Terms(
        about=About.ACCOUNT,
        restricts=True,
        restriction=Restriction.Kind.READ_ONLY,
        durations=(
            Duration(DAY, Role.MODERATOR),
            Duration(3 * DAY, Role.MODERATOR),
            Duration(7 * DAY, Role.MODERATOR),
            Duration(30 * DAY, Role.SENIOR_MODERATOR),
        ),
    ),
    Measure.SUSPEND: Terms(
        about=About.ACCOUNT,
        min_role=Role.SENIOR_MODERATOR,
        restricts=True,
        restriction=Restriction.Kind.SUSPENDED,
        durations=(
            Duration(30 * DAY, Role.SENIOR_MODERATOR),
            Duration(7 * DAY, Role.SENIOR_MODERATOR),
            Duration(90 * DAY, Role.SENIOR_MODERATOR),
        ),
    ),
    Measure.BAN: Terms(
        about=About.ACCOUNT,
        min_role=Role.SENIOR_MODERATOR,
        needs_second=True,
        restricts=True,
        restriction=Restriction.Kind.BANNED,
    ),
    Measure.ESCALATE: Terms(about=About.CASE),
    Measure.RESTORE: Terms(about=About.CASE, overturnable=False),
}

# The measures that close an open case. Those on accounts stand beside one of these, as its children.
CLOSING = tuple(measure for measure in Measure if measure.terms.closes)
ON_ACCOUNTS = tuple(measure for measure in Measure if measure.terms.about == About.ACCOUNT)
RESTRICTING = tuple(measure for measure in Measure if measure.restricts)
# Each of these shows the text, and so needs a person who found that it may be read.
CLEARING = (Measure.CLEAR, Measure.LABEL, Measure.LIMIT, Measure.LOCK, Measure.RESTORE)
# With these a text is marked and stays up.
MARKING = (Measure.LABEL, Measure.LIMIT, Measure.LOCK)
