"""Real races: threads with connections of their own, brought into the dangerous order by what the database says."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.db import connection

# Not pg_stat_activity, which a transaction reads once and then remembers.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def in_thread(pool: ThreadPoolExecutor, act: Callable[..., Any], *args: Any, **kwargs: Any) -> "Future[Any]":
    """Do something in a thread whose connection is closed afterwards."""

    def run() -> Any:
        try:
            return act(*args, **kwargs)
        finally:
            connection.close()

    return pool.submit(run)


def wait_until_somebody_waits(*, seconds: float = 10) -> None:
    """Return as soon as another connection waits for a lock; the database is asked, nothing is guessed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits for a lock.")
