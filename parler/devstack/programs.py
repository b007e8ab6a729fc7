"""The programs of Parler itself as child processes: web server, worker, beat, and one-off commands."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parler.devstack.processes import Child

# The web server's threads share the database pool of their process, which has eight connections.
WEB_THREADS = 6


@dataclass(frozen=True)
class Programs:
    """Makes the children, which are not started yet. `environment` is complete: nothing else is inherited."""

    root: Path
    data_dir: Path
    environment: Mapping[str, str]
    hold: tuple[int, ...] = ()

    def _child(self, name: str, label: str, *command: str, grace: float) -> Child:
        return Child(
            label,
            [sys.executable, *command],
            log=self.data_dir / "log" / f"{name}.log",
            env=self.environment,
            cwd=self.root,
            grace=grace,
            hold=self.hold,
        )

    def web(self, host: str, port: int) -> Child:
        """The web server: one process, some threads."""
        where = ("--host", host, "--port", str(port))
        sizes = ("--workers", "1", "--blocking-threads", str(WEB_THREADS), "--workers-kill-timeout", "3")
        command = (
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--no-ws",
            *where,
            *sizes,
            "parler.devstack.serving:application",
        )
        return self._child("web", "The web server", *command, grace=8.0)

    def worker(self, concurrency: int = 1) -> Child:
        """The Celery worker; SIGTERM lets it finish the batch at hand."""
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        sizes = ("--pool", "prefork", "--concurrency", str(concurrency), "-O", "fair")
        command = ("-m", "celery", "-A", "parler.celery", "worker", "--loglevel", "INFO", *quiet, *sizes)
        return self._child("worker", "The worker", *command, grace=10.0)

    def beat(self) -> Child:
        """The clock that rings for what no message announced."""
        schedule = self.data_dir / "run" / "beat-schedule"
        schedule.parent.mkdir(parents=True, exist_ok=True)
        where = ("--pidfile", "", "--schedule", str(schedule))
        command = ("-m", "celery", "-A", "parler.celery", "beat", "--loglevel", "INFO", *where)
        return self._child("beat", "Beat", *command, grace=5.0)

    def command(self, name: str, *arguments: str) -> Child:
        """A management command; its log file carries its name."""
        script = str(self.root / "manage.py")
        return self._child(name, f"manage.py {name}", script, name, *arguments, grace=5.0)
