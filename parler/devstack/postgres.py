"""A PostgreSQL server of our own: made, started, stopped, killed. It listens on a socket in a private folder and nowhere else."""

import os
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from parler.devstack import binaries, identities
from parler.devstack.processes import Child, ProcessError

USER = "parler"
DATABASE = "parler"
# Idle memory counts on a small machine; these sizes serve some fifty connections.
SIZES = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "jit": "off",
    # Everything fits in memory or lies on a disk without heads: an index is not four times dearer than a scan.
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# A throw-away database may forget everything at a power cut; it still survives `kill -9`.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "dynamic_shared_memory_type": "mmap",
}


class PostgresServer:
    """A cluster in `folder / "pg<major version>"`, its socket in `sockets / "postgres"`.

        server = PostgresServer(folder, sockets=sockets, log=log)
        server.start()          # makes the cluster first when there is none; returns when it accepts connections
        server.url              # postgresql://…/parler
        server.kill()           # as kill -9; start() recovers
        server.stop()           # fast shutdown

    `launch()` and `wait_until_ready()` are the two halves of `start()`, for callers who start other things meanwhile.
    """

    def __init__(
        self, folder: Path, *, sockets: Path, log: Path, is_durable: bool = True, hold: tuple[int, ...] = ()
    ) -> None:
        self.programs, self.version = binaries.postgres()
        self.cluster = folder.resolve() / f"pg{self.version}"
        self.sockets = sockets.resolve() / "postgres"
        self.log = log
        self.is_durable = is_durable
        self.hold = hold
        self.process: Child | None = None
        self._launched_at = 0.0

    @property
    def is_new(self) -> bool:
        """Whether the cluster has yet to be made."""
        return not self.cluster.exists()

    def url_of(self, database: str) -> str:
        """The address of one database; the folder of the socket stands in the host's place."""
        return f"postgresql://{USER}@{quote(str(self.sockets), safe='')}/{database}"

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def start(self) -> None:
        """Starts the server and returns when the database is there and accepts connections."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Makes the cluster when there is none, and starts the server without waiting for it."""
        self.cluster.parent.mkdir(parents=True, exist_ok=True)
        identity = identities.for_folder(self.cluster)
        programs = identities.reachable(
            self.programs, self.cluster.parent / f"pg{self.version}-programs", identity
        )
        if self.is_new:
            self._make_cluster(programs, identity)
        self._remove_stale_pid_file()
        self._make_socket_folder(identity)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        settings |= SIZES | ({} if self.is_durable else THROW_AWAY)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = Child(
            "PostgreSQL",
            [str(programs / "postgres"), "-D", str(self.cluster), *options],
            log=self.log,
            # SIGINT is PostgreSQL's fast shutdown: sessions are ended, and the data is written out.
            stop_signal=signal.SIGINT,
            grace=30.0,
            identity=identity,
            hold=self.hold,
        )
        self.process.start()
        self._launched_at = time.monotonic()

    def wait_until_ready(self, patience: float = 60.0) -> None:
        """Returns when connections are accepted and the database exists; recovery after a crash takes its time."""
        while not self._says_ready():
            if self.process is None:
                raise ProcessError("PostgreSQL was never started.")
            self.process.check_running(self._launched_at, patience)
            time.sleep(0.02)
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def stop(self) -> None:
        """Fast shutdown; everything is written out."""
        if self.process:
            self.process.stop()

    def kill(self) -> None:
        """`kill -9`: the next start recovers from the log."""
        if self.process:
            self.process.kill()

    def restart(self) -> None:
        """Stops and starts; every open connection breaks."""
        self.stop()
        self.start()

    def _make_cluster(self, programs: Path, identity: str) -> None:
        """Runs initdb beside the final place and moves the result there, so that an interrupted one is done again."""
        fresh = self.cluster.with_name(f"{self.cluster.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        identities.give(fresh, identity)
        # PostgreSQL 17 brings its own C.UTF-8, which sorts alike on every machine.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if self.version >= 17 else ["--locale=C.UTF-8"]
        no_sync = [] if self.is_durable else ["--no-sync"]
        # Trust is sound here: only this user can enter the folder of the only socket.
        command = [
            str(programs / "initdb"),
            "-D",
            str(fresh),
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            *locale,
            *no_sync,
        ]
        Child("initdb", command, log=self.log, identity=identity, hold=self.hold).run(timeout=120)
        fresh.replace(self.cluster)

    def _make_socket_folder(self, identity: str) -> None:
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        if identities.is_other_user(identity):
            # The other user must pass through; the sockets themselves stay closed to everybody else.
            self.sockets.parent.chmod(0o711)
            identities.give(self.sockets, identity)

    def _pid_file(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _says_ready(self) -> bool:
        """PostgreSQL writes its state as the eighth line of its pid file."""
        lines = self._pid_file()
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _remove_stale_pid_file(self) -> None:
        """After `kill -9` the file names a process that has gone; its number may belong to a stranger by now.

        PostgreSQL would then refuse to start. A server that really runs on this cluster keeps its file.
        """
        lines = self._pid_file()
        if lines and not self._is_server(lines[0].strip()):
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _is_server(self, pid: str) -> bool:
        if not Path("/proc/self/cmdline").exists():
            # Without /proc PostgreSQL's own judgement has to do.
            return True
        try:
            return os.fsencode(self.cluster) in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False
