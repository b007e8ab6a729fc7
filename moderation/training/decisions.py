"""What moderators decided, as labelled texts: a text taken down is violent, one cleared after a hold or report is not.

Decisions of a *frozen window* never teach a model: every model is measured on them. The window is chosen once, as the
latest tenth of the decisions there were, and stands in the manifest from then on, so that later models are compared on
the same texts. Later decisions teach.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from moderation.measures import Measure
from moderation.models import Decision
from moderation.scanning import languages
from moderation.scanning.normalising import Views, fold
from moderation.training.corpus import Example

DECISIONS = "decisions"
FROZEN_SHARE = 0.1
FEWEST = 50
"""With fewer decisions there is nothing to freeze or to learn."""


class TooFewDecisions(Exception):
    """There are not enough decided texts to learn from."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when decisions are kept for measuring."""

    first: datetime
    last: datetime

    def holds(self, moment: datetime) -> bool:
        return self.first <= moment <= self.last

    def as_entry(self) -> dict[str, str]:
        return {"frozen_from": self.first.isoformat(), "frozen_until": self.last.isoformat()}


@dataclass(frozen=True, slots=True)
class Decided:
    """A text, what people made of it in the end, and when."""

    text: str
    is_violent: bool
    decided_at: datetime


def read_window(manifest: dict[str, Any]) -> Window | None:
    """The window that an earlier model was measured on; None when it never saw decisions."""
    entry = manifest.get(DECISIONS)
    if entry is None:
        return None
    return Window(*(datetime.fromisoformat(entry[name]) for name in ("frozen_from", "frozen_until")))


def read_decisions(window: Window | None) -> tuple[list[Example], list[Example], Window]:
    """Decided texts to learn from, those of the frozen window, and that window; chosen now when there was none yet.

    A text counts with its last decision. What was decided the same way twice is read once, and no text of the window is
    learned from under another name. Raises TooFewDecisions.
    """
    decided = last_decisions()
    if len(decided) < FEWEST:
        raise TooFewDecisions(f"{len(decided)} texts are decided; {FEWEST} are needed to learn from.")
    if window is None:
        latest = decided[-max(1, int(len(decided) * FROZEN_SHARE)) :]
        window = Window(latest[0].decided_at, latest[-1].decided_at)
    frozen = [_example(one) for one in decided if window.holds(one.decided_at)]
    kept_apart = {fold(example.text) for example in frozen}
    taught = {}
    for decision in decided:
        example = _example(decision)
        key = fold(example.text)
        if key not in kept_apart and not window.holds(decision.decided_at):
            taught[key] = example
    return list(taught.values()), frozen, window


def last_decisions() -> list[Decided]:
    """For every revision that people decided its last decision, oldest first; what was undone at once never was."""
    through = Decision.revisions.through
    latest = (
        through.objects.exclude(decision__is_take_back=True)
        .exclude(decision__overturned_by__is_take_back=True)
        .filter(revision_id=OuterRef("revision_id"))
        .order_by("-decision__at", "-decision_id")
        .values("decision_id")[:1]
    )
    rows = through.objects.filter(decision_id=Subquery(latest)).select_related("decision", "revision")
    read = ("decision__measure", "decision__at", "revision__handle", "revision__heading", "revision__text")
    decisions = []
    for row in rows.only(*read).order_by("decision__at", "decision_id").iterator():
        text = row.revision.gated_text
        # What was erased, or never had words, says nothing.
        if text:
            decisions.append(Decided(text, row.decision.measure == Measure.TAKE_DOWN, row.decision.at))
    return decisions


def _example(decided: Decided) -> Example:
    return Example(
        decided.text,
        int(decided.is_violent),
        # As the scanner will guess it, from the text as it is read.
        languages.detect(Views(decided.text).read),
        DECISIONS,
        "the operator's own",
        DECISIONS,
    )
