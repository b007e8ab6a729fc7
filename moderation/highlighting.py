"""What a moderator sees of a text: the spans that the scan found, and what an edit changed. Asks no database."""

import difflib
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a stretch of a text is: the value names its colour, the label explains it.

    Where several spans overlap the first one here gives the colour: what makes a text a threat comes first.
    """

    METHOD = "method", _("what is threatened")
    TARGET = "target", _("against whom")
    MOOD = "mood", _("call, intent, condition or wish")
    TIME = "time", _("when")
    PLACE = "place", _("where")
    FRAME = "frame", _("how it is framed")
    # The kinds of reasons, for the stretch as a whole.
    CLASSIFIER = "classifier", _("what weighed most for the model")
    KNOWN_BAD = "known_bad", _("copy of a known text")
    RULE = "rule", _("match of a rule")


_ROLES = {role.value: role for role in Role}
_WORDS = re.compile(r"(\s+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; `role` names its colour (a Role, or what an edit did) and is empty for the rest, `title` says what was found."""

    text: str
    role: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    role: Role
    title: str


def highlight(text: str, reasons: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Cut `text` where spans begin and end, so that overlapping ones are told apart and nothing is shown twice.

    Offsets are code points of `text`. Reasons without a stretch of their own, and such as lie outside, are left out.
    """
    spans = list(_spans(text, reasons))
    cuts = sorted({0, len(text), *(span.start for span in spans), *(span.end for span in spans)})
    parts: list[Part] = []
    for start, end in itertools.pairwise(cuts):
        covering = [span for span in spans if span.start <= start and end <= span.end]
        part = Part(text[start:end], _role(covering), ", ".join(_unique(span.title for span in covering)))
        if parts and (parts[-1].role, parts[-1].title) == (part.role, part.title):
            part = Part(parts.pop().text + part.text, part.role, part.title)
        parts.append(part)
    return parts


def _spans(text: str, reasons: Iterable[Mapping[str, Any]]) -> Iterable[_Span]:
    for reason in reasons:
        start, end = reason.get("start"), reason.get("end")
        kind = _ROLES.get(str(reason.get("kind")))
        # An error has no role here: it says that a stage failed, not that something was found.
        if kind is None or not isinstance(start, int) or not isinstance(end, int):
            continue
        start, end = max(0, start), min(end, len(text))
        if start < end:
            role = _ROLES.get(str(reason.get("role")), kind)
            yield _Span(start, end, role, _title(reason, role))


def _title(reason: Mapping[str, Any], role: Role) -> str:
    """A rule by its name and the role of its part; the names of other reasons are none that a moderator knows."""
    if reason.get("kind") != "rule":
        return str(role.label)
    name = str(reason.get("name") or role.label)
    return name if role is Role.RULE else f"{name} ({role})"


def _role(covering: Sequence[_Span]) -> str:
    roles = {span.role for span in covering}
    return next((role for role in Role if role in roles), "")


def _unique(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def compare(old: str, new: str) -> list[Part]:
    """What an edit changed, word by word: parts with the role `removed` or `added`, and unchanged ones between."""
    before, after = _WORDS.split(old), _WORDS.split(new)
    parts: list[Part] = []
    for step, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if step == "equal":
            parts.append(Part("".join(before[old_from:old_to])))
            continue
        parts.append(Part("".join(before[old_from:old_to]), "removed"))
        parts.append(Part("".join(after[new_from:new_to]), "added"))
    return [part for part in parts if part.text]
