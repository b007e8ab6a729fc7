"""Long lists by key: a page starts where the last one ended, without counting or skipping rows."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

PAGE_SIZE = 50

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, newest first; `next` is the id before which the next page starts, or None on the last."""

    rows: list[Row]
    next: int | None


def page_before(rows: QuerySet[Row, Any], before: int | None, *, size: int = PAGE_SIZE) -> Page[Row]:
    """The rows with ids below `before`; None means from the start."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return Page(rows=found[:size], next=found[size - 1].pk if len(found) > size else None)
