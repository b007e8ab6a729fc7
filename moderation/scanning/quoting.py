"""Which parts of a text are somebody else's words: in quotation marks, or in lines that start with ">"."""

import re

SHORTEST = 8
"""Characters between quotation marks from which they are a quotation and not a way to point at a word."""

_MARKED = re.compile(r'"([^"]*)"')
_LINE = re.compile(r"^[ \t]*>[^\n]*$", re.MULTILINE)
_SPACES = re.compile(r" {2,}")


def quoted_spans(plain: str) -> list[tuple[int, int]]:
    """The spans of a plain view that stand in quotation marks, without the marks."""
    if '"' not in plain:
        return []
    # Short ones are paired up as well, or what stands between two of them would be taken for a quotation.
    return [found.span(1) for found in _MARKED.finditer(plain) if len(found.group(1)) >= SHORTEST]


def without_quoted_lines(original: str) -> str | None:
    """The text without the lines that quote another one; None when there are none."""
    if ">" not in original:
        return None
    left = _LINE.sub("", original)
    return left if left != original else None


def without_quotations(plain: str) -> str | None:
    """A plain view without what stands in quotation marks; None when nothing does."""
    spans = quoted_spans(plain)
    if not spans:
        return None
    kept, last = [], 0
    for start, end in spans:
        kept.append(plain[last:start])
        last = end
    return _SPACES.sub(" ", "".join([*kept, plain[last:]]))
