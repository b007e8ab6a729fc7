"""Excerpts of texts for lists of the desk."""


def shorten(text: str, limit: int) -> str:
    """The beginning of a text, with a sign that there is more; Django's own counts every character by its kind."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
