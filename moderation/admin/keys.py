"""The keys of the desk, as its pages explain them and as `desk.js` finds them on what they press."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.measures import Measure

# As in Bluesky's Ozone, so that nobody has to learn them twice.
OF_MEASURES = {
    Measure.CLEAR: "a",
    Measure.LABEL: "l",
    Measure.ESCALATE: "e",
    Measure.TAKE_DOWN: "t",
}


@dataclass(frozen=True, slots=True)
class Key:
    """What is pressed, and what happens then."""

    name: str
    does: str | Promise


EVERYWHERE = (
    Key("j / k", _("Next or previous row")),
    Key("x", _("Tick the row, or take the tick away")),
    Key("n", _("Submit and next, or take the next case")),
    Key("u", _("Undo the decision that was just made")),
    Key("Ctrl + K", _("Search everything that can be done here")),
    Key("?", _("Show these keys")),
)


def of_queue() -> list[Key]:
    return [Key("Enter", _("Open the row")), *EVERYWHERE]


def of_case(form: forms.Form | None) -> list[Key]:
    """With a decision form: the keys of the measures that it offers."""
    return [*_of_form(form), Key("s", _("Submit, or take this case")), *EVERYWHERE]


def _of_form(form: forms.Form | None) -> Iterator[Key]:
    if form is None:
        return
    for bound in form["measure"]:
        if key := OF_MEASURES.get(Measure(bound.data["value"])):
            yield Key(key, bound.choice_label)
    yield Key("r", _("Choose the rule"))
    yield Key("w", _("Write the reasons"))
    yield Key("c", _("Cancel: give the case back"))
