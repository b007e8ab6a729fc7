"""The life of a house rule: one enum, from which the database's constraint and trigger are made."""

from typing import assert_never

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RuleState(TextChoices):
    """Where one version of a rule stands. Only canary and live hold texts; shadow only notes what it would have held."""

    DRAFT = "draft", _("draft")
    TESTED = "tested", _("examples pass")
    BACKTESTED = "backtested", _("backtested")
    SHADOW = "shadow", _("shadow")
    CANARY = "canary", _("canary")
    LIVE = "live", _("live")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")

    @property
    def next(self) -> "frozenset[RuleState]":
        """The states that may follow. A withdrawn version comes back only when it was live, with the approval that it had."""
        match self:
            case RuleState.DRAFT:
                further = {RuleState.TESTED}
            case RuleState.TESTED:
                further = {RuleState.BACKTESTED}
            case RuleState.BACKTESTED | RuleState.EXPIRED:
                further = {RuleState.SHADOW}
            case RuleState.SHADOW:
                further = {RuleState.CANARY}
            case RuleState.CANARY:
                further = {RuleState.LIVE, RuleState.SHADOW, RuleState.EXPIRED}
            case RuleState.LIVE:
                further = {RuleState.SHADOW, RuleState.EXPIRED}
            case RuleState.WITHDRAWN:
                return frozenset({RuleState.LIVE})
            case _:
                assert_never(self)
        return frozenset({*further, RuleState.WITHDRAWN})


HOLDING = (RuleState.CANARY, RuleState.LIVE)
RUNNING = (RuleState.SHADOW, *HOLDING)
PREPARING = (RuleState.DRAFT, RuleState.TESTED, RuleState.BACKTESTED)
LEGAL_STEPS = sorted((old.value, new.value) for old in RuleState for new in old.next)


class Breaker(TextChoices):
    """Why the machine took a rule's power to hold away."""

    FLOOD = "flood", _("it hit too many posts")
    CLEARED = "cleared", _("people cleared too much of what it held")
    SILENCE = "silence", _("it fell silent")
