"""`manage.py up` with real processes: it refuses what it must, and whatever ends it, nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parler.devstack import discovery, tether
from tests.services import throw_away_folder
from tests.stack import ROOT, free_port, wait_until

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="What is left behind is looked up in /proc."),
]
OURS = {
    "DATABASE_URL",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "DEBUG",
    "SECRET_KEY",
    "PARLER_URL",
    "ALLOWED_HOSTS",
    "PARLER_DATA",
}


def family(pid: int) -> set[int]:
    """A process and all its descendants."""
    return {pid}.union(*(family(child) for child in tether.children_of(pid)))


def is_alive(pid: int) -> bool:
    """Whether the process runs; a dead one that nobody has collected yet does not count."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


class Up:
    """One run of `manage.py up`, as from a terminal: in a session of its own."""

    def __init__(self, data_dir: Path, *arguments: str, **variables: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.said = data_dir.parent / f"said-{self.port}"
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        command = [
            sys.executable,
            str(ROOT / "manage.py"),
            "up",
            "--data",
            str(data_dir),
            "--port",
            str(self.port),
            *arguments,
        ]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                command,
                env={**clean, "PARLER_NO_VENV": "1", **variables},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.said.read_text()

    def wait_for_page(self) -> None:
        """Returns when the address is printed, and the page answers."""
        wait_until(
            lambda: "Parler runs on" in self.output() or self.process.poll() is not None, "up has started"
        )
        assert self.process.poll() is None, self.output()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            assert answer.status == 200

    def wait_for_end(self) -> int:
        return self.process.wait(60)

    def close(self) -> None:
        """After a failed test nothing may run on; its children follow a killed supervisor."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One data folder for the module: as in life, only the first start migrates."""
    with throw_away_folder() as folder:
        yield folder / "data"


@pytest.fixture
def up() -> Iterator[Callable[..., Up]]:
    """Starts `up` with the given arguments; what still runs at the end of the test is killed."""
    started: list[Up] = []

    def start(data_dir: Path, *arguments: str, **variables: str) -> Up:
        started.append(Up(data_dir, *arguments, **variables))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_a_second_up_says_so_commands_find_the_first_and_ctrl_c_leaves_nothing(
    data_dir: Path, up: Callable[..., Up]
) -> None:
    first = up(data_dir)
    first.wait_for_page()
    processes = family(first.process.pid)

    second = up(data_dir)
    assert second.wait_for_end() == 1
    assert (
        f"Parler is already running on http://localhost:{first.port} (pid {first.process.pid})"
        in second.output()
    )

    found = discovery.environment(data_dir)
    assert str(data_dir) in found["DATABASE_URL"].replace("%2F", "/")
    assert found["SECRET_KEY"] == discovery.secret_key(data_dir)
    assert (data_dir / "mail").stat().st_mode & 0o777 == 0o700

    os.killpg(first.process.pid, signal.SIGINT)
    assert first.wait_for_end() == 0
    assert not [pid for pid in processes if is_alive(pid)]
    assert discovery.environment(data_dir) == {}


def test_kill_9_leaves_nothing_and_the_next_start_goes_on_until_a_child_dies(
    data_dir: Path, up: Callable[..., Up]
) -> None:
    killed = up(data_dir)
    killed.wait_for_page()
    processes = family(killed.process.pid)
    assert len(processes) > 10
    killed.process.kill()
    killed.process.wait()

    following = up(data_dir)
    following.wait_for_page()
    assert not [pid for pid in processes if is_alive(pid)]

    processes = family(following.process.pid)
    [worker] = [
        pid
        for pid in tether.children_of(following.process.pid)
        if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    os.kill(tether.children_of(worker)[0], signal.SIGKILL)
    assert following.wait_for_end() == 1
    assert "The worker ended (exit code 137)" in following.output()
    assert not [pid for pid in processes if is_alive(pid)]


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path, up: Callable[..., Up]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = up(tmp_path / "data", "--port", str(port))
        assert refused.wait_for_end() == 1
    assert f"Port {port} on 127.0.0.1 is taken" in refused.output()
    assert not list(tmp_path.glob("data/pg*"))


def test_a_demo_without_debug_is_refused(tmp_path: Path, up: Callable[..., Up]) -> None:
    refused = up(tmp_path / "data", "--demo", DEBUG="0")
    assert refused.wait_for_end() == 1
    assert "refused while DEBUG is off" in refused.output()
    assert not (tmp_path / "data").exists()


def test_debug_is_off_by_default_where_others_can_reach_the_server(
    tmp_path: Path, up: Callable[..., Up]
) -> None:
    refused = up(tmp_path / "data", "--demo", "--host", "0.0.0.0")  # noqa: S104 -- It is refused before it listens.
    assert refused.wait_for_end() == 1
    assert "refused while DEBUG is off" in refused.output()
