"""Cutting long texts into pieces that can be scored by themselves."""

SEGMENT = 400
"""Longer texts are scored by pieces of at most so many characters, cut at sentence ends; the highest counts."""

_ENDS = (". ", "! ", "? ", "; ", ", ", " ")


def segments(plain: str) -> list[tuple[int, int]]:
    """Cuts a plain view into spans of at most SEGMENT characters, preferably at the end of a sentence."""
    spans, start = [], 0
    while len(plain) - start > SEGMENT:
        window_end = start + SEGMENT
        cuts = (plain.rfind(mark, start + SEGMENT // 3, window_end) for mark in _ENDS)
        end = next((cut + 1 for cut in cuts if cut >= 0), window_end)
        spans.append((start, end))
        start = end
    return [*spans, (start, len(plain))]
