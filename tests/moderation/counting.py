"""Counts the queries that a page makes of posts and moderation, whatever sessions and permissions cost besides."""

import contextlib
import re
from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

_OURS = re.compile(r"\b(moderation|posts)_[a-z]+")


@contextlib.contextmanager
def own_queries(number: int) -> Iterator[None]:
    """Fail unless exactly `number` queries in the block read or write our tables."""
    with CaptureQueriesContext(connection) as captured:
        yield
    ours = [query["sql"] for query in captured.captured_queries if _OURS.search(query["sql"])]
    assert len(ours) == number, f"{len(ours)} queries:\n\n" + "\n\n".join(ours)
