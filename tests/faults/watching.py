"""A stranger who reads all the time: the timelines of the web server, and the one rule of who may see what.

Every text of the fault tests carries a word like `mark0123456789ab`, so that it is recognised wherever it turns up.
"""

import re
import threading
import time
import urllib.error
import urllib.request
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, close_old_connections
from psycopg_pool import PoolTimeout

from posts.models import Post

MARK = re.compile(r"mark[0-9a-f]{12}")
NEWEST = 50
PAUSE = 0.15


class Watcher:
    """What was seen: for every mark when it was seen first, and when the last look that saw it began (seconds since 1970)."""

    def __init__(self) -> None:
        self.first_seen: dict[str, float] = {}
        self.last_look: dict[str, float] = {}
        self.addresses: list[str] = []
        self.looks = 0
        self.statuses: dict[str, int] = {}

    def run(self) -> None:
        """Look for ever; while the database or the web server is away there is nothing to see."""
        while True:
            self._look(self._ask_database)
            for address in list(self.addresses):
                self._look(lambda address=address: self._ask_page(address))
            time.sleep(PAUSE)

    def _look(self, ask: Any) -> None:
        began = time.time()
        for mark in set(MARK.findall(ask())):
            self.first_seen.setdefault(mark, time.time())
            self.last_look[mark] = began
        self.looks += 1

    def _ask_database(self) -> str:
        close_old_connections()
        try:
            posts = Post.objects.visible_to(AnonymousUser()).select_related("shown").newest_first()[:NEWEST]
            return "\n".join(post.shown.text for post in posts if post.shown)
        except (DatabaseError, PoolTimeout):
            return ""
        finally:
            close_old_connections()

    def _ask_page(self, address: str) -> str:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 -- Our own web server.
                self._count(answer.status)
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            self._count(error.code)
            return error.read().decode()
        except OSError:
            self._count(0)
            return ""

    def _count(self, status: int) -> None:
        self.statuses[str(status)] = self.statuses.get(str(status), 0) + 1


_watcher = Watcher()


def watch() -> None:
    """Begin to look."""
    threading.Thread(target=_watcher.run, daemon=True).start()


def watch_pages(addresses: list[str]) -> None:
    """From now on read these pages as well."""
    _watcher.addresses = addresses


def look_at_sightings() -> dict[str, Any]:
    """What was seen so far; for each mark the first time and the begin of the last look."""
    return {
        "looks": _watcher.looks,
        "statuses": _watcher.statuses,
        "first_seen": dict(_watcher.first_seen),
        "last_look": dict(_watcher.last_look),
    }
