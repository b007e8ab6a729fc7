"""PostgreSQL restarts, in good order and by a crash, while people post and workers judge."""

import threading

import pytest

from tests.faults.worlds import World

pytestmark = pytest.mark.processes


def test_web_and_worker_find_a_restarted_database_again(world: World) -> None:
    world.start_web()
    (worker,) = world.start_workers(1)
    world.submit(50)
    is_over = threading.Event()
    poster = threading.Thread(target=post_until, args=(world, is_over))
    poster.start()
    try:
        accepted_before = world.wait_for_more_posts()
        world.stack.restart_database()
        accepted_between = world.wait_for_more_posts()
        world.stack.kill_database()
        world.stack.start_database()
        world.wait_for_more_posts()
    finally:
        is_over.set()
        poster.join()
    assert accepted_between > accepted_before
    world.drain()
    assert worker.is_running, worker.last_lines()
    world.assert_sound()


def post_until(world: World, is_over: threading.Event) -> None:
    """Post without a pause; between, posts may be refused, but what was accepted counts."""
    while not is_over.is_set():
        world.try_to_compose()
