"""Sessions, read from the cache as long as there is one."""

from typing import Any

from django.contrib.sessions.backends import cached_db, db
from redis.exceptions import RedisError


class SessionStore(cached_db.SessionStore):
    """Django's cached sessions; with the cache gone, whoever is signed in stays so and can post.

    Ending a session still needs the cache: one that stayed there would come back to life with it.
    """

    def load(self) -> dict[str, Any]:
        """What the session holds."""
        try:
            return super().load()
        except RedisError:
            return db.SessionStore.load(self)

    def exists(self, session_key: str) -> bool:
        """Whether there is a session with this key."""
        try:
            return super().exists(session_key)
        except RedisError:
            return db.SessionStore.exists(self, session_key)
