"""Authors edit and withdraw while their text is being scanned."""

import random
from functools import partial

import pytest

from tests.faults.artefacts import HELD_WORD, LINGERING_WORD
from tests.faults.worlds import World

pytestmark = pytest.mark.processes

RACES = 60


def test_a_verdict_on_a_text_that_was_edited_meanwhile_is_dropped(world: World) -> None:
    world.start_workers(1, is_fragile=True)
    (harmless,) = world.submit(text=LINGERING_WORD)
    world.wait_at_gate()
    world.edit(harmless, f"now you shall {HELD_WORD}")
    world.open_gate()
    world.drain()
    assert world.do("look_at_statuses", posts=[harmless]) == {"withdrawn": 1, "held": 1}
    assert world.do("count_scans", posts=[harmless]) == 1
    assert world.do("look_at_shown", post=harmless) is None
    world.assert_sound()


def test_an_edit_during_the_scan_of_an_edit_leaves_the_first_version_up(world: World) -> None:
    world.start_workers(1, is_fragile=True)
    (post,) = world.submit(text="The first version")
    world.drain()
    world.edit(post, f"{LINGERING_WORD} second version")
    world.wait_at_gate()
    world.edit(post, f"third version: {HELD_WORD}")
    assert world.do("look_at_shown", post=post).startswith("The first version")
    world.open_gate()
    world.drain()
    assert world.do("look_at_shown", post=post).startswith("The first version")
    assert world.do("look_at_statuses", posts=[post]) == {"cleared": 1, "withdrawn": 1, "held": 1}
    world.assert_sound()


def test_a_verdict_on_a_text_that_was_withdrawn_meanwhile_is_dropped(world: World) -> None:
    world.start_workers(1, is_fragile=True)
    kept, taken_back = world.submit(2, text=LINGERING_WORD)
    world.wait_at_gate()
    world.do("withdraw", post=taken_back)
    world.open_gate()
    world.drain()
    assert world.do("look_at_statuses", posts=[taken_back]) == {"withdrawn": 1}
    assert world.do("count_scans", posts=[taken_back]) == 0
    assert world.do("look_at_shown", post=taken_back) is None
    assert world.do("look_at_statuses", posts=[kept]) == {"cleared": 1}
    world.assert_sound()


def test_many_authors_who_edit_and_withdraw_race_the_workers(world: World) -> None:
    world.start_workers(2)
    chance = random.Random(2020)  # noqa: S311 -- Only an order.
    for _race in range(RACES // 3):
        to_edit, to_hold, to_withdraw = world.submit(3)
        acts = [
            partial(world.edit, to_edit, "Said better"),
            partial(world.edit, to_hold, f"Go and {HELD_WORD}"),
            partial(world.do, "withdraw", post=to_withdraw),
        ]
        chance.shuffle(acts)
        for act in acts:
            act()
    world.drain()
    world.assert_sound()
