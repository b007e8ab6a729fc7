"""The world of the tests of faults: one stack, in which every test finds servers, an author and a stranger who reads."""

from collections.abc import Iterator

import pytest

from tests.faults.worlds import World
from tests.services import throw_away_folder
from tests.stack import new_stack


@pytest.fixture(scope="package")
def lasting_world() -> Iterator[World]:
    with throw_away_folder() as folder:
        stack = new_stack(folder)
        try:
            world = World(stack, folder)
            try:
                yield world
            finally:
                world.close()
        finally:
            stack.close()


@pytest.fixture
def world(lasting_world: World) -> Iterator[World]:
    """The lasting world, with sound files and without workers."""
    lasting_world.begin()
    yield lasting_world
    lasting_world.stop_workers()
    lasting_world.start_missing_servers()
