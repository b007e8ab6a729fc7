"""What a moderator sees of a text: the spans that the scan found, and what an edit changed. Pure."""

import difflib
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Which role gives the colour where several spans overlap: what makes a text a threat comes first.
ROLES = ("method", "target", "time", "place", "frame")
_WORDS = re.compile(r"(\s+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; `role` names its colour and is empty where nothing was found, `title` says what was."""

    text: str
    role: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    role: str
    name: str


def highlight(text: str, reasons: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Cut `text` where spans begin and end, so that overlapping ones are told apart and nothing is shown twice.

    Offsets are code points of `text`. Reasons without a stretch of their own, and such as lie outside, are left out.
    """
    spans = list(_spans(text, reasons))
    cuts = sorted({0, len(text), *(span.start for span in spans), *(span.end for span in spans)})
    parts: list[Part] = []
    for start, end in itertools.pairwise(cuts):
        covering = [span for span in spans if span.start <= start and end <= span.end]
        part = Part(text[start:end], _role(covering), ", ".join(_unique(span.name for span in covering)))
        if parts and (parts[-1].role, parts[-1].title) == (part.role, part.title):
            part = Part(parts.pop().text + part.text, part.role, part.title)
        parts.append(part)
    return parts


def _spans(text: str, reasons: Iterable[Mapping[str, Any]]) -> Iterable[_Span]:
    for reason in reasons:
        start, end = reason.get("start"), reason.get("end")
        if reason.get("kind") == "error":
            continue  # It says that a stage failed, not that something was found.
        if not isinstance(start, int) or not isinstance(end, int):
            continue
        start, end = max(0, start), min(end, len(text))
        if start < end:
            role = str(reason.get("role") or "")
            yield _Span(start, end, role if role in ROLES else str(reason.get("kind", "")), describe(reason))


def describe(reason: Mapping[str, Any]) -> str:
    """A reason in a few words: its name, and the role of its span."""
    name = str(reason.get("name") or reason.get("kind") or "")
    return f"{name} ({reason['role']})" if reason.get("role") else name


def _role(covering: Sequence[_Span]) -> str:
    roles = {span.role for span in covering}
    for role in ROLES:
        if role in roles:
            return role
    return min(roles, default="")


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
