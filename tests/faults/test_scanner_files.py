"""Model and ruleset are truncated, deleted, exchanged or broken: nothing is judged by less than a whole scanner.

Without its model nobody is ready. Whoever runs goes on with the last good ruleset when a new one is refused; whoever starts
without a good one is not ready. Repairing the files is enough.
"""

import json
from collections.abc import Callable

import pytest

from parler.devstack.processes import Child
from tests.faults import artefacts, browsing
from tests.faults.worlds import PATIENCE, World
from tests.stack import wait_until

pytestmark = pytest.mark.processes

Damage = Callable[[World], None]


def truncate_model(world: World) -> None:
    world.model.write_bytes(world.model.read_bytes()[:200])


def delete_model(world: World) -> None:
    world.model.unlink()


def exchange_model(world: World) -> None:
    """Another model, beside the manifest of the old one."""
    manifest = world.model.with_suffix(".json").read_text()
    artefacts.write_model(world.model, bias=-7.0)
    world.model.with_suffix(".json").write_text(manifest)


def break_a_pattern(world: World) -> None:
    artefacts.write_ruleset(world.ruleset, artefacts.GOOD_RULE, artefacts.BAD_RULE)


def truncate_ruleset(world: World) -> None:
    world.ruleset.write_bytes(world.ruleset.read_bytes()[:-20])


MODEL_DAMAGES = [truncate_model, delete_model, exchange_model]
RULESET_DAMAGES = [break_a_pattern, truncate_ruleset]


def read_state(world: World) -> tuple[int, str]:
    """The status of /readyz and what it says of the scanner."""
    answer = browsing.request(world.host, "/readyz")
    return answer.status, json.loads(answer.body)["scanner"]


def complain_once_more(world: World, worker: Child) -> None:
    """Ring, and return when the worker has said that it is not ready."""
    before = worker.output().count("scanner_not_ready")
    world.do("ring")
    wait_until(lambda: worker.output().count("scanner_not_ready") > before, "the worker complains", PATIENCE)


def last_complaint(worker: Child) -> str:
    """The newest line in which the worker says why it is not ready."""
    return [line for line in worker.output().splitlines() if "scanner_not_ready" in line][-1]


def test_a_damaged_model_stops_every_worker_until_it_is_repaired(world: World) -> None:
    world.start_web()
    (running,) = world.start_workers(1)
    world.submit()
    world.drain()
    assert read_state(world) == (200, "ok")
    for damage in MODEL_DAMAGES:
        damage(world)
        assert read_state(world) == (503, "not ready")
        posts = world.submit(2)
        complain_once_more(world, running)
        assert str(world.model) in last_complaint(running)
        assert world.do("look_at_attempts", posts=posts) == {"least": 0, "most": 0, "leased": 0}
        assert world.do("look_at_statuses", posts=posts) == {"pending": 2}
        world.repair_scanner()
        world.drain()
        assert read_state(world) == (200, "ok")
    world.assert_sound()


@pytest.mark.parametrize("damage", RULESET_DAMAGES)
def test_a_running_worker_keeps_the_last_good_ruleset_when_a_new_one_is_refused(
    world: World, damage: Damage
) -> None:
    (running,) = world.start_workers(1)
    world.submit()
    world.drain()
    damage(world)
    harmless, harmful = world.submit(2), world.submit(1, special=artefacts.HELD_WORD)
    world.drain()
    assert world.do("look_at_statuses", posts=harmless) == {"cleared": 2}
    assert world.do("look_at_statuses", posts=harmful) == {"held": 1}
    assert "ruleset_refused" in running.output()
    world.assert_sound()


@pytest.mark.parametrize("damage", [truncate_model, *RULESET_DAMAGES])
def test_a_worker_that_starts_with_a_broken_file_judges_nothing_and_recovers_by_itself(
    world: World, damage: Damage
) -> None:
    damage(world)
    (worker,) = world.start_workers(1)
    posts = world.submit(3)
    complain_once_more(world, worker)
    assert str(world.model if damage is truncate_model else world.ruleset) in worker.output()
    assert world.do("look_at_attempts", posts=posts)["most"] == 0
    world.repair_scanner()
    world.drain()
    assert world.do("look_at_attempts", posts=posts) == {"least": 1, "most": 1, "leased": 0}
    world.assert_sound()


def test_a_newer_model_is_used_as_soon_as_it_is_complete(world: World) -> None:
    world.start_workers(1)
    world.submit()
    world.drain()
    artefacts.write_model(world.model, bias=-8.0)
    world.submit()
    world.drain()
    assert len(set(world.do("look_at_models")[-2:])) == 2
    world.assert_sound()
