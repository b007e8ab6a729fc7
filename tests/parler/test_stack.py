"""The stack that the fault tests stand on does what it says."""

import pytest

from tests.stack import Stack

pytestmark = pytest.mark.processes

PING = "from parler.celery import app; print(app.control.ping(timeout=5))"
COUNT = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
CACHE = "from django.core.cache import cache; cache.set('word', 'kept', None); print(cache.get('word'))"


def test_a_stack_has_a_migrated_database_a_cache_and_survives_kills(stack: Stack) -> None:
    assert stack.python(COUNT) == "0"
    assert stack.python(CACHE) == "kept"
    stack.kill_database()
    stack.stop_broker()
    stack.start_broker()
    stack.start_database()
    assert (
        stack.python(f"{COUNT}; from django.core.cache import cache; print(cache.get('word'))") == "0\nkept"
    )


def test_a_killed_worker_can_be_replaced(stack: Stack) -> None:
    killed = stack.start_worker()
    stack.kill_worker()
    assert killed.exit_code == 137
    stack.start_worker()
    assert "pong" in stack.python(PING)
