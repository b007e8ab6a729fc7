"""JSON lines through the scanner: one line out for every line in, in the same order, in batches.

In: ``{"id", "text", "lang"?}``. Out: ``{"id", "verdict", "score", "class", "reasons", "model", "ruleset"}``, or
``{"id", "error"}`` for a line that is not a text. The model's manifest, and with it the thresholds, follows from "model".
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from moderation.scanning.policy import Reason, Verdict
from moderation.scanning.scanner import Scanner

BATCH = 128


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as read: a text to scan, or why it is none."""

    id: Any
    text: str = ""
    lang: str | None = None
    error: str = ""


def scan_lines(lines: Iterable[bytes], scanner: Scanner) -> Iterator[str]:
    """Yields one JSON document a line; empty lines are passed over."""
    filled = (line for line in lines if line.strip())
    while batch := [_read(line) for line in islice(filled, BATCH)]:
        texts = [line for line in batch if not line.error]
        verdicts = iter(scanner.scan([line.text for line in texts], langs=[line.lang for line in texts]))
        for line in batch:
            answer = {"error": line.error} if line.error else _as_json(next(verdicts))
            yield json.dumps({"id": line.id, **answer})


def _read(line: bytes) -> _Line:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return _Line(None, error="This line is not JSON.")
    if not isinstance(document, dict):
        return _Line(None, error="This line is not a JSON object.")
    identifier, text, lang = document.get("id"), document.get("text"), document.get("lang")
    if "id" not in document:
        return _Line(None, error='This line has no "id".')
    if not isinstance(text, str):
        return _Line(identifier, error='This line has no "text" that is a string.')
    return _Line(identifier, text, lang if isinstance(lang, str) else None)


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "verdict": verdict.verdict,
        "score": round(verdict.score, 6),
        "class": verdict.klass,
        "reasons": [_reason_as_json(reason) for reason in verdict.reasons],
        "model": verdict.model,
        "ruleset": verdict.ruleset,
    }


def _reason_as_json(reason: Reason) -> dict[str, Any]:
    return {
        "kind": reason.kind,
        "name": reason.name,
        "start": reason.start,
        "end": reason.end,
        "score": round(reason.score, 6),
    }
