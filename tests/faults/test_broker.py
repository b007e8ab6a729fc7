"""Valkey, broker and cache in one, stops or hangs while people post."""

import signal

import pytest

from tests.faults.worlds import PATIENCE, World
from tests.stack import wait_until

pytestmark = pytest.mark.processes

# The longest that one request may wait for a broker and a cache that do not answer; a quiet machine needs less than a second.
LONGEST = 10.0


def test_posts_are_accepted_without_a_broker_and_checked_when_it_is_back(world: World) -> None:
    world.start_web()
    world.start_workers(1)
    beat = world.stack.start_beat()
    try:
        world.stack.stop_broker()
        posts = [world.compose() for _number in range(5)]
        assert max(world.seconds) < LONGEST
        assert world.do("look_at_statuses", posts=posts) == {"pending": 5}
        world.stack.start_broker()
        wait_until(
            lambda: world.do("look_at_statuses", posts=posts) == {"cleared": 5},
            "worker and beat find the broker again by themselves",
            PATIENCE,
        )
    finally:
        beat.kill()
    world.assert_sound()


def test_posts_are_accepted_while_the_broker_hangs(world: World) -> None:
    world.start_web()
    world.signal_broker(signal.SIGSTOP)
    try:
        posts = [world.compose() for _number in range(2)]
        assert max(world.seconds) < LONGEST
        assert world.do("look_at_statuses", posts=posts) == {"pending": 2}
    finally:
        world.signal_broker(signal.SIGCONT)
    world.start_workers(1)
    world.drain()
    world.assert_sound()
