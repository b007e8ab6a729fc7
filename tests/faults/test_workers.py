"""Workers die, are many, and are told the same thing again and again."""

import pytest

from tests.faults.artefacts import DEADLY_WORD, HELD_WORD, LINGERING_WORD
from tests.faults.worlds import LEASE_SECONDS, PATIENCE, World
from tests.stack import wait_until

pytestmark = pytest.mark.processes


def test_what_a_worker_killed_in_the_middle_of_a_batch_had_taken_is_due_again(world: World) -> None:
    (worker,) = world.start_workers(1, is_fragile=True)
    posts = world.submit(80, special=LINGERING_WORD)
    world.wait_at_gate()
    worker.kill()
    left = world.do("look_at_attempts", posts=posts)
    assert world.do("look_at_statuses", posts=posts) == {"pending": 80}
    assert (left["least"], left["most"]) == (1, 1)

    world.start_workers(1)
    fresh = world.submit()
    world.drain()
    assert world.do("look_at_statuses", posts=posts) == {"cleared": 80}
    assert world.do("look_at_attempts", posts=posts)["most"] == 2
    assert world.do("look_at_attempts", posts=fresh)["most"] == 1
    # Pages show the newest twenty.
    world.assert_seen(posts[-1])
    world.assert_sound()


def test_the_sweep_of_beat_finds_what_no_message_announced(world: World) -> None:
    world.start_workers(1)
    beat = world.stack.start_beat()
    try:
        world.do("silence_doorbell")
        posts = world.submit(3)
        wait_until(
            lambda: world.do("look_at_statuses", posts=posts) == {"cleared": 3},
            "the sweep finds the posts",
            PATIENCE,
        )
    finally:
        beat.kill()
    world.assert_sound()


def test_the_message_to_look_may_come_ten_times_to_several_workers(world: World) -> None:
    world.do("ring", times=3)
    world.start_workers(2, 1)
    posts = world.submit(200) + world.submit(20, text=f"Go and {HELD_WORD}")
    world.do("ring", times=10)
    world.drain()
    assert world.do("look_at_statuses", posts=posts) == {"cleared": 200, "held": 20}
    assert world.do("look_at_attempts", posts=posts)["most"] == 1
    world.assert_sound()


def test_a_text_that_kills_every_worker_goes_to_people_and_takes_no_other_with_it(world: World) -> None:
    world.start_workers(1, is_fragile=True)
    neighbours = world.submit(21, special=DEADLY_WORD)
    poison = neighbours.pop(10)
    world.drain()
    assert world.do("look_at_statuses", posts=neighbours) == {"cleared": 20}
    assert world.do("look_at_attempts", posts=neighbours)["most"] <= 2
    assert world.do("look_at_case", post=poison) == {"origin": "error", "attempts": 4, "status": "held"}
    world.assert_sound()


def test_a_verdict_that_comes_after_the_lease_is_over_decides_only_once(world: World) -> None:
    (slow,) = world.start_workers(1, is_fragile=True)
    posts = world.submit(6, special=LINGERING_WORD)
    world.wait_at_gate()
    wait_until(
        lambda: world.do("look_at_attempts", posts=posts)["leased"] == 0,
        "the lease is over",
        LEASE_SECONDS + 5,
    )
    world.start_workers(1)
    world.drain()
    done = slow.output().count(" succeeded ")
    world.open_gate()
    wait_until(lambda: slow.output().count(" succeeded ") > done, "the slow worker is done", PATIENCE)
    assert world.do("look_at_statuses", posts=posts) == {"cleared": 6}
    world.assert_sound()
