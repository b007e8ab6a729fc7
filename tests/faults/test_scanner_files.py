"""Model and ruleset are truncated, deleted, exchanged or broken: nobody is ready, nothing is judged, and repairing is enough."""

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


DAMAGES = [truncate_model, delete_model, exchange_model, break_a_pattern, truncate_ruleset]


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


def test_damaged_files_stop_every_worker_until_they_are_repaired(world: World) -> None:
    world.start_web()
    (running,) = world.start_workers(1)
    world.submit()
    world.drain()
    assert read_state(world) == (200, "ok")
    for damage in DAMAGES:
        damage(world)
        assert read_state(world) == (503, "not ready")
        posts = world.submit(2)
        complain_once_more(world, running)
        assert str(world.model if "model" in damage.__name__ else world.ruleset) in last_complaint(running)
        assert world.do("look_at_attempts", posts=posts) == {"least": 0, "most": 0, "leased": 0}
        assert world.do("look_at_statuses", posts=posts) == {"pending": 2}
        world.repair_scanner()
        world.drain()
        assert read_state(world) == (200, "ok")
    world.assert_sound()


def test_a_worker_that_starts_with_a_broken_model_judges_nothing_and_recovers_by_itself(world: World) -> None:
    truncate_model(world)
    (worker,) = world.start_workers(1)
    posts = world.submit(3)
    complain_once_more(world, worker)
    assert str(world.model) in worker.output()
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
