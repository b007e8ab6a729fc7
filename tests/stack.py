"""A whole Parler of one's own, for tests that kill and restart its parts.

    from tests.stack import Stack                # the fixture `stack` itself is known everywhere

    @pytest.mark.processes
    def test_a_killed_worker_loses_nothing(stack: Stack) -> None:
        stack.start_worker()
        answer = stack.python("from posts.models import Post; print(Post.objects.count())")
        stack.kill_worker()                        # as kill -9, with its pool
        stack.stop_broker()                        # connections are refused until start_broker()
        stack.restart_database()                   # kill_database() and start_database() are its rough halves
        base_url = stack.start_web()               # "http://127.0.0.1:<port>"
        stack.command("import_posts", "some.jsonl")  # raises ProcessError with the last lines when it fails

Each stack has its own PostgreSQL (with the migrated, otherwise empty database), its own Valkey and its own data folder. The
migrations run once in a test run; every further stack starts from a copy of that database.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from parler.devstack import binaries
from parler.devstack.postgres import PostgresServer
from parler.devstack.processes import Child
from parler.devstack.programs import Programs
from parler.devstack.valkey import ValkeyServer
from tests.services import STARTED, throw_away_folder

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Returns as soon as the condition holds; fails, saying what was waited for, after `patience` seconds."""
    since = time.monotonic()
    while not condition():
        if time.monotonic() - since > patience:
            pytest.fail(f"Waited {patience:.0f} s in vain: {what}.")
        time.sleep(0.05)


class Stack:
    """Its servers run as long as the fixture; worker, beat and web server are started by the test that wants them."""

    def __init__(self, folder: Path, **variables: str) -> None:
        """`variables` are added to the environment of all processes (PARLER_MODEL="…", say)."""
        self.folder = folder
        self.data_dir = folder / "data"
        self.data_dir.mkdir(exist_ok=True)
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        logs = folder / "data" / "log"
        self.database = PostgresServer(folder, sockets=folder, log=logs / "postgres.log", is_durable=False)
        # The broker keeps its log, so that stopping and starting it is what an operator's restart is.
        self.broker = ValkeyServer(folder / "valkey", sockets=folder, log=logs / "valkey.log")
        self.worker: Child | None = None
        self.beat: Child | None = None
        self.web: Child | None = None
        self.env: dict[str, str] = {
            **os.environ,
            "DATABASE_URL": self.database.url,
            "CACHE_URL": self.broker.cache_url(),
            "CELERY_BROKER_URL": self.broker.broker_url(),
            "PARLER_DATA": str(self.data_dir),
            "PARLER_URL": self.base_url,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "parler.settings",
            "PARLER_NO_VENV": "1",
            **variables,
        }

    @property
    def programs(self) -> Programs:
        return Programs(ROOT, self.data_dir, self.env)

    def start(self) -> None:
        """Starts PostgreSQL and Valkey."""
        self.broker.launch()
        self.database.start()
        self.broker.wait_until_ready()

    def close(self) -> None:
        """Ends everything at once; the data is thrown away anyway."""
        for child in (self.web, self.beat, self.worker):
            if child:
                child.kill()
        self.broker.kill()
        self.database.kill()

    def command(self, name: str, *arguments: str, timeout: float = 120.0) -> str:
        """Runs a management command to its end and returns what it wrote; raises ProcessError when it fails."""
        return self.programs.command(name, *arguments).run(timeout)

    def python(self, code: str, timeout: float = 120.0) -> str:
        """Runs Python code with Django set up, in a process of its own; returns what it printed, stripped."""
        answer = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if answer.returncode != 0:
            pytest.fail(f"The code failed:\n{answer.stderr[-4000:]}")
        return answer.stdout.strip()

    def start_worker(self, concurrency: int = 1, **variables: str) -> Child:
        """Starts a Celery worker and returns when it takes messages."""
        programs = Programs(ROOT, self.data_dir, {**self.env, **variables})
        worker = self.worker = programs.worker(concurrency)
        worker.start()
        wait_until(lambda: " ready." in worker.output() or not worker.is_running, "the worker is ready")
        assert worker.is_running, worker.last_lines()
        return worker

    def kill_worker(self) -> None:
        """`kill -9`, for the worker with its pool."""
        assert self.worker
        self.worker.kill()

    def start_beat(self) -> Child:
        """Starts the clock that rings for what no message announced."""
        self.beat = self.programs.beat()
        self.beat.start()
        return self.beat

    def stop_broker(self) -> None:
        """Stops Valkey, which is broker and cache."""
        self.broker.stop()

    def start_broker(self) -> None:
        """Starts Valkey again with what it held."""
        self.broker.start()

    def kill_database(self) -> None:
        """`kill -9`, for PostgreSQL with its sessions."""
        self.database.kill()

    def start_database(self) -> None:
        """Starts PostgreSQL; after `kill_database()` it recovers."""
        self.database.start()

    def restart_database(self) -> None:
        """Restarts PostgreSQL; every open connection breaks."""
        self.database.restart()

    def start_web(self) -> str:
        """Starts the web server, with the static files collected, and returns its address once it listens."""
        if not (self.data_dir / "static").exists():
            self.command("collectstatic", "--noinput", "--verbosity", "0")
        web = self.web = self.programs.web("127.0.0.1", self.port)
        web.start()
        wait_until(lambda: self._listens() or not web.is_running, "the web server listens")
        assert web.is_running, web.last_lines()
        return self.base_url

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False


def migrated_cluster() -> Path:
    """The folder of a stopped, migrated cluster, made once in a test run also when several workers want it."""
    place = Path(os.environ[STARTED])
    template = place / "template"
    cluster_folder = f"pg{binaries.postgres()[1]}"
    with (place / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (template / "is-complete").exists():
            shutil.rmtree(template, ignore_errors=True)
            template.mkdir()
            making = Stack(template)
            try:
                making.start()
                making.command("migrate", "--noinput", "--verbosity", "0")
                making.database.stop()
            finally:
                making.close()
            (template / "is-complete").touch()
    return template / cluster_folder


def new_stack(folder: Path, **variables: str) -> Stack:
    """A started stack in this folder, from a copy of the migrated cluster."""
    cluster = migrated_cluster()
    # `cp -a` keeps the owner, which matters where PostgreSQL runs as nobody.
    subprocess.run(["cp", "-a", str(cluster), str(folder / cluster.name)], check=True)
    stack = Stack(folder, **variables)
    stack.start()
    return stack


@pytest.fixture
def stack() -> Iterator[Stack]:
    """A whole Parler for one test; see the module's documentation."""
    with throw_away_folder() as folder:
        made = new_stack(folder)
        try:
            yield made
        finally:
            made.close()
