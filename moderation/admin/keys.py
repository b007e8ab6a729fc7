"""The keys of the desk, as its pages explain them and as `desk.js` finds them on what they press."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.measures import Measure
from moderation.models import AppealStatus

# As in Bluesky's Ozone, so that nobody has to learn them twice.
OF_MEASURES = {
    Measure.CLEAR: "a",
    Measure.LABEL: "l",
    Measure.ESCALATE: "e",
    Measure.TAKE_DOWN: "t",
}


OF_OUTCOMES = {AppealStatus.GRANTED: "g", AppealStatus.REJECTED: "d"}


@dataclass(frozen=True, slots=True)
class Key:
    """What is pressed, and what happens then."""

    name: str
    does: str | Promise


OPEN = Key("Enter", _("Open the row"))
MOVE = Key("j / k", _("Next or previous row"))
CASES = (
    MOVE,
    Key("x", _("Tick the row, or take the tick away")),
    Key("n", _("Submit and next, or take the next case")),
    Key("u", _("Undo the decision that was just made")),
)
EVERYWHERE = (
    Key("Ctrl + K", _("Search everything that can be done here")),
    Key("?", _("Show these keys")),
)


def of_queue() -> list[Key]:
    return [OPEN, *CASES, *EVERYWHERE]


def of_appeals() -> list[Key]:
    return [OPEN, MOVE, *EVERYWHERE]


def of_appeal(form: forms.Form | None) -> list[Key]:
    """With a form for the outcome: the keys of what it offers."""
    if form is None:
        return [*EVERYWHERE]
    outcomes = [Key(key, outcome.label) for outcome, key in OF_OUTCOMES.items()]
    rule = [Key("r", _("Choose the rule"))] if "violation" in form.fields else []
    return [*outcomes, *rule, Key("w", _("Write the reasons")), Key("s", _("Submit")), *EVERYWHERE]


def of_case(form: forms.Form | None) -> list[Key]:
    """With a decision form: the keys of the measures that it offers."""
    return [*_of_form(form), Key("s", _("Submit, or take this case")), *CASES, *EVERYWHERE]


def _of_form(form: forms.Form | None) -> Iterator[Key]:
    if form is None:
        return
    for bound in form["measure"]:
        if key := OF_MEASURES.get(Measure(bound.data["value"])):
            yield Key(key, bound.choice_label)
    yield Key("r", _("Choose the rule"))
    yield Key("w", _("Write the reasons"))
    yield Key("c", _("Cancel: give the case back"))
