"""Fifty moderators take cases at the same time: every case goes to exactly one of them."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from accounts.roles import Role
from moderation import deciding, queueing
from moderation.measures import Measure
from moderation.models import AuditRow, Case
from tests import factories
from tests.moderation.racing import in_thread

THREADS = 50
CASES = 120

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def close_pool():
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper only; the stubs know the base.


@pytest.fixture
def connection_for_each_thread(monkeypatch):
    """The pool is as large as the crowd, so that they really meet in the database."""
    options = connections.settings["default"]["OPTIONS"]
    close_pool()
    monkeypatch.setitem(options, "pool", {**options["pool"], "max_size": THREADS + 2, "timeout": 30})
    yield
    close_pool()


def work(moderator, start):
    """Take cases until there are none, and decide each."""
    taken = []
    start.wait()
    while (case := queueing.claim_next(by=moderator)) is not None:
        taken.append(case.pk)
        deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)
    return taken


def test_fifty_threads_get_every_case_once(connection_for_each_thread, author):
    for number in range(CASES):
        factories.make_held_post(author=author, text=f"Number {number}")
    moderators = [factories.make_user(role=Role.MODERATOR) for _thread in range(THREADS)]
    start = Barrier(THREADS)
    with ThreadPoolExecutor(THREADS) as pool:
        working = [in_thread(pool, work, moderator, start) for moderator in moderators]
        taken = Counter(pk for worker in working for pk in worker.result())
    assert taken == Counter(Case.objects.values_list("pk", flat=True))
    claimed = Counter(AuditRow.objects.filter(verb="claim").values_list("subject", flat=True))
    assert claimed == Counter(str(case) for case in Case.objects.all())
    assert not Case.objects.open().exists()
