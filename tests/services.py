"""A real PostgreSQL and a real Valkey for the whole test run, started before Django reads its settings.

Loaded with `-p tests.services` (pyproject.toml). The servers live in memory where the machine allows it and end with the run,
also when pytest is killed. Under pytest-xdist the controller starts them; each worker gets Valkey databases of its own.
"""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from parler.devstack.postgres import PostgresServer
from parler.devstack.processes import is_alive
from parler.devstack.valkey import DATABASES, ValkeyServer

# The fixture `stack` is at hand in every test module.
pytest_plugins = ["tests.stack"]
MEMORY = Path("/dev/shm")  # noqa: S108 -- A private folder is made inside it.
STARTED = "PARLER_TEST_SERVICES"
OWNER_FILE = "owner"


def _place() -> Path:
    return MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def _remove_left_folders() -> None:
    """Folders of runs that were killed would otherwise fill the memory."""
    for folder in _place().glob("parler-test-*"):
        try:
            owner = int((folder / OWNER_FILE).read_text())
        except (OSError, ValueError):
            continue
        if not is_alive(owner):
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def throw_away_folder() -> Iterator[Path]:
    """A folder in memory (else in the temp directory) that is removed afterwards, at the latest by the next run."""
    _remove_left_folders()
    folder = Path(tempfile.mkdtemp(prefix="parler-test-", dir=_place()))
    (folder / OWNER_FILE).write_text(str(os.getpid()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _give_worker_its_databases(worker: str) -> None:
    """Worker gw3 gets the Valkey databases 8 (broker) and 9 (cache)."""
    first = (2 + 2 * int(worker.removeprefix("gw"))) % DATABASES
    os.environ["CELERY_BROKER_URL"] = (
        os.environ["CELERY_BROKER_URL"].partition("?")[0] + f"?virtual_host={first}"
    )
    os.environ["CACHE_URL"] = os.environ["CACHE_URL"].partition("?")[0] + f"?db={first + 1}"


@contextlib.contextmanager
def services() -> Iterator[None]:
    """Runs both servers and says in the environment where they are."""
    with throw_away_folder() as folder:
        postgres = PostgresServer(
            folder, sockets=folder, log=folder / "log" / "postgres.log", is_durable=False
        )
        valkey = ValkeyServer(
            folder / "valkey", sockets=folder, log=folder / "log" / "valkey.log", is_durable=False
        )
        try:
            valkey.launch()
            postgres.start()
            valkey.wait_until_ready()
            os.environ.update(
                {
                    STARTED: str(folder),
                    "DATABASE_URL": postgres.url,
                    "CACHE_URL": valkey.cache_url(),
                    "CELERY_BROKER_URL": valkey.broker_url(),
                    "SECRET_KEY": "only-for-tests-and-long-enough-to-pass-the-deployment-check-0123456789",
                    "DEBUG": "0",
                    "PARLER_DATA": str(folder / "data"),
                    "PARLER_URL": "http://testserver",
                    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
                    "LOG_JSON": "0",
                    # Most tests sign in by `force_login`; tests/parler/test_second_factor.py switches it on.
                    "STAFF_SECOND_FACTOR": "0",
                }
            )
            yield
        finally:
            valkey.stop()
            postgres.stop()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper runs before every other plugin's hook, pytest-django's included, which reads the settings."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        _give_worker_its_databases(worker)
    elif STARTED not in os.environ:
        stack = contextlib.ExitStack()
        stack.enter_context(services())
        early_config.add_cleanup(stack.close)
    yield


def pytest_configure() -> None:
    """SIGTERM ends the run as Ctrl-C does, so that everything is cleared up."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
