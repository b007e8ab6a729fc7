"""`manage.py up`: starts everything, watches it, and stops it so that nothing is left behind."""

import contextlib
import http.client
import os
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.markup import escape

from parler.devstack import discovery, fingerprints, folders, options, tether
from parler.devstack.postgres import PostgresServer
from parler.devstack.processes import Child, ProcessError, is_alive
from parler.devstack.programs import Programs
from parler.devstack.valkey import ValkeyServer

# As long as the slowest child may take to stop after its supervisor was killed.
PATIENCE_WITH_EARLIER_RUN = 40.0
PATIENCE_WITH_START = 60.0
# Whatever can be started and stopped.
Part = PostgresServer | ValkeyServer | Child
console = Console(highlight=False, soft_wrap=True)


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP; not an Exception, so that nothing takes it for a failure."""


def say(line: str) -> None:
    """One line for the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        console.print(line)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Says what was done and how long it took."""
    since = time.monotonic()
    yield
    say(f"[green]✓[/] {escape(what):<44} [dim]{time.monotonic() - since:5.1f} s[/]")


class Supervisor:
    """One run of `up`. `started` holds everything in the order of its start."""

    def __init__(self, root: Path, asked: options.Options, lock: int) -> None:
        self.root = root
        self.asked = asked
        self.hold = (lock,)
        self.environment = options.environment(asked, os.environ)
        self.started: list[Part] = []
        self.sockets = folders.socket_folder(discovery.run_folder(asked.data_dir))
        self.logs = asked.data_dir / "log"
        self.own_database: PostgresServer | None = None

    def start(self) -> None:
        """Everything, from the databases to the first page."""
        self._start_services()
        self._prepare()
        self._start_programs()
        if self.asked.is_demo:
            with step("Demo world"):
                word = self._programs().command("seed_demo").run()
            say(escape(word.strip()))

    def watch(self) -> None:
        """Returns never: raises ProcessError when a child ends by itself."""
        while True:
            for part in self.started:
                child = part if isinstance(part, Child) else part.process
                if child and not child.is_running:
                    raise ProcessError(
                        f"{child.name} ended (exit code {child.exit_code}). Its last lines:\n{child.last_lines()}"
                    )
            time.sleep(0.3)

    def stop(self) -> None:
        """In the reverse order of the start, so that nobody loses what he still needs."""
        for part in reversed(self.started):
            part.stop()
        tether.kill_leftovers()

    def _programs(self) -> Programs:
        return Programs(self.root, self.asked.data_dir, self.environment, self.hold)

    def _start_services(self) -> None:
        """PostgreSQL and Valkey at the same time, unless the environment names others."""
        servers: list[PostgresServer | ValkeyServer] = []
        if not self.environment.get("DATABASE_URL"):
            servers.append(self._make_database())
        if not (self.environment.get("CACHE_URL") and self.environment.get("CELERY_BROKER_URL")):
            servers.append(self._make_valkey())
        self._leave_word()
        with step("PostgreSQL and Valkey" if servers else "Services of the environment"):
            self.started.extend(servers)
            for server in servers:
                server.launch()
            for server in servers:
                server.wait_until_ready()

    def _make_database(self) -> PostgresServer:
        database = PostgresServer(
            self.asked.data_dir, sockets=self.sockets, log=self.logs / "postgres.log", hold=self.hold
        )
        self.own_database = database
        self.environment["DATABASE_URL"] = database.url
        return database

    def _make_valkey(self) -> ValkeyServer:
        folder = self.asked.data_dir / "valkey"
        valkey = ValkeyServer(folder, sockets=self.sockets, log=self.logs / "valkey.log", hold=self.hold)
        self.environment.setdefault("CACHE_URL", valkey.cache_url())
        self.environment.setdefault("CELERY_BROKER_URL", valkey.broker_url())
        return valkey

    def _leave_word(self) -> None:
        """So that a second `up` can say where the first one is, and other commands find the services."""
        ours = (
            "DATABASE_URL",
            "CACHE_URL",
            "CELERY_BROKER_URL",
            "SECRET_KEY",
            "DEBUG",
            "PARLER_URL",
            "ALLOWED_HOSTS",
        )
        record = discovery.Record(
            os.getpid(), self.asked.address, {name: self.environment[name] for name in ours}
        )
        discovery.write_record(self.asked.data_dir, record)

    def _prepare(self) -> None:
        """Migrations and static files, side by side, each only when something changed."""
        # Mails lie there that would let whoever reads them confirm an address or set a password.
        folders.private_folder(self.asked.data_dir / "mail")
        stamps = discovery.run_folder(self.asked.data_dir)
        programs = self._programs()
        is_debug = options.is_debug(self.environment)
        static = fingerprints.of_static_files(self.root, is_debug=is_debug)
        collecting = programs.command("collectstatic", "--noinput", "--verbosity", "0")
        if is_stale := not fingerprints.is_known(stamps / "static", static):
            collecting.start()
        self._migrate(programs, stamps / "migrated")
        if is_stale:
            with step("Static files, beside the migrations"):
                collecting.finish()
            fingerprints.remember(stamps / "static", static)

    def _migrate(self, programs: Programs, stamp: Path) -> None:
        database = self.own_database
        if database and fingerprints.is_known(stamp, fingerprints.of_migrations(self.root, database.url)):
            return
        with step("Migrations"):
            programs.command("migrate", "--noinput", "--verbosity", "1").run()
        if database:
            fingerprints.remember(stamp, fingerprints.of_migrations(self.root, database.url))

    def _start_programs(self) -> None:
        """Worker, beat and web server load at the same time; the page and the worker are waited for."""
        programs = self._programs()
        worker, beat = programs.worker(self.asked.workers), programs.beat()
        web = programs.web(self.asked.host, self.asked.port)
        with step("Worker, beat and web server"):
            since = time.monotonic()
            for child in (worker, beat, web):
                self.started.append(child)
                child.start()
            while not (self._answers() and " ready." in worker.output()):
                for child in (worker, beat, web):
                    child.check_running(since, PATIENCE_WITH_START)
                time.sleep(0.05)

    def _answers(self) -> bool:
        """Whether the web server answers at all; what it answers is /readyz's business."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.asked.host, self.asked.host)  # noqa: S104 -- Compared, not bound.
        connection = http.client.HTTPConnection(host, self.asked.port, timeout=10)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status > 0
        except OSError:
            return False
        finally:
            connection.close()


def take_data_folder(data_dir: Path) -> int:
    """The lock on the data folder; raises ProcessError when another `up` has it.

    Where that one was killed, its children still stop in good order and hold the lock meanwhile; this is waited for.
    """
    since, has_said = time.monotonic(), False
    while (lock := discovery.lock(data_dir)) is None:
        record = discovery.read_record(data_dir)
        waited = time.monotonic() - since
        is_running = record is not None and is_alive(record.pid)
        # A command that merely looks whether `up` runs touches the lock for an instant.
        if (is_running and waited > 0.3) or waited > PATIENCE_WITH_EARLIER_RUN:
            who = f" on {record.address} (pid {record.pid})" if record else ""
            raise ProcessError(f"Parler is already running{who}.")
        if waited > 0.3 and not has_said:
            has_said = True
            say("An earlier run was killed and is still stopping; waiting for it …")
        time.sleep(0.05)
    return lock


def _request_stop(_number: int, _frame: FrameType | None) -> None:
    """The first signal ends the run; further ones must not disturb the stopping."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise StopRequested


def _begin(arguments: Sequence[str], root: Path) -> Supervisor:
    """Every refusal comes before anything is started."""
    asked = options.parse(arguments, root)
    given = {"DEBUG": options.default_debug(asked), **os.environ}
    if asked.is_demo and not options.is_debug(given):
        raise ProcessError("--demo makes accounts with known passwords; it is refused while DEBUG is off.")
    lock = take_data_folder(asked.data_dir)
    options.check_port(asked)
    return Supervisor(root, asked, lock)


def main(arguments: Sequence[str], *, root: Path) -> int:
    """Runs `up`; returns the exit code: 0 when asked to stop, 1 when refused or when something failed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _request_stop)
    supervisor = None
    try:
        supervisor = _begin(arguments, root)
        tether.adopt_orphans()
        since = time.monotonic()
        supervisor.start()
        say(
            f"Parler runs on [bold]{supervisor.asked.address}[/] after {time.monotonic() - since:.1f} s. Ctrl-C stops it."
        )
        supervisor.watch()
    except StopRequested:
        say("Stopping …")
        return 0
    except (ProcessError, PermissionError) as error:
        say(f"[red]✗[/] {escape(str(error))}")
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if supervisor:
            supervisor.stop()
    return 0
