"""A Valkey server of our own: cache and broker on a socket in a private folder."""

import signal
import socket
import time
from pathlib import Path

from parler.devstack import binaries
from parler.devstack.processes import Child, ProcessError

# The tests give each of their workers a pair of databases.
DATABASES = 64


class ValkeyServer:
    """A server with its data in `folder` and its socket at `sockets / "valkey.sock"`; see `PostgresServer` for its use."""

    def __init__(
        self, folder: Path, *, sockets: Path, log: Path, is_durable: bool = True, hold: tuple[int, ...] = ()
    ) -> None:
        self.folder = folder.resolve()
        self.socket = sockets.resolve() / "valkey.sock"
        self.log = log
        self.is_durable = is_durable
        self.hold = hold
        self.process: Child | None = None
        self._launched_at = 0.0

    def cache_url(self, database: int = 1) -> str:
        """The address for Django's cache."""
        return f"unix://{self.socket}?db={database}"

    def broker_url(self, database: int = 0) -> str:
        """The address for Celery."""
        return f"redis+socket://{self.socket}?virtual_host={database}"

    def start(self) -> None:
        """Starts the server and returns when it answers."""
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Starts the server without waiting for it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "databases": str(DATABASES),
            "appendonly": "yes" if self.is_durable else "no",
            "appendfsync": "everysec",
            "save": "",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        self.process = Child(
            "Valkey",
            [str(binaries.valkey()), *options],
            log=self.log,
            stop_signal=signal.SIGTERM,
            grace=10.0,
            hold=self.hold,
        )
        self.process.start()
        self._launched_at = time.monotonic()

    def wait_until_ready(self, patience: float = 30.0) -> None:
        """Returns when the server answers a PING; while it loads its log it does not."""
        while not self._answers():
            if self.process is None:
                raise ProcessError("Valkey was never started.")
            self.process.check_running(self._launched_at, patience)
            time.sleep(0.02)

    def stop(self) -> None:
        """Orderly shutdown; what the log has not yet on disk is written out."""
        if self.process:
            self.process.stop()

    def kill(self) -> None:
        """`kill -9`: at most the last second is lost."""
        if self.process:
            self.process.kill()

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2.0)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
