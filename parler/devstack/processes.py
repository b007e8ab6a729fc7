"""A child process that ends with its starter, writes to a log file and is stopped in its own way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from parler.devstack import tether

TETHER = Path(tether.__file__).resolve()
LOG_LIMIT = 5 * 1024 * 1024


class ProcessError(Exception):
    """A process ended, or did not get ready, when it should have worked; the message says which and why."""


def is_alive(pid: int) -> bool:
    """Whether there is a process with this id, of whomever."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dataclass
class Child:
    """One command as a child process, held by `tether.py`.

    `stop_signal` asks it to end; after `grace` seconds it is killed. `hold` are descriptors (locks) that stay open until the
    command and all its descendants have gone, even when this process is killed first.
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    identity: str = tether.SAME
    hold: tuple[int, ...] = ()
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False, repr=False)
    _leash: int = field(default=-1, init=False, repr=False)
    _log_start: int = field(default=0, init=False, repr=False)

    def start(self) -> None:
        """Starts the command; its output goes to the log file."""
        self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        leash_end, self._leash = os.pipe()
        fds = (leash_end, *self.hold)
        how = [",".join(map(str, fds)), str(int(self.stop_signal)), str(self.grace), self.identity]
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(  # noqa: S603 -- Commands come from our own code, and there is no shell.
                [sys.executable, "-I", "-S", str(TETHER), *how, *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                pass_fds=fds,
                start_new_session=True,
            )
        os.close(leash_end)

    @property
    def exit_code(self) -> int | None:
        """The exit code, or None while it runs or when it has not been started."""
        return self._process.poll() if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the end; returns the exit code."""
        if self._process is None:
            raise ProcessError(f"{self.name} was never started.")
        return self._process.wait(timeout)

    def ask_to_stop(self) -> None:
        """Asks it to end and returns at once."""
        if self._leash >= 0:
            os.close(self._leash)
            self._leash = -1

    def stop(self) -> None:
        """Asks it to end, and returns when it and its descendants have gone."""
        self.ask_to_stop()
        if self._process:
            self._process.wait()

    def kill(self) -> None:
        """Ends it as `kill -9` does; returns when it and its descendants have gone."""
        if self.is_running and self._leash >= 0:
            os.write(self._leash, b"k")
        self.stop()

    def output(self) -> str:
        """What it has written since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def last_lines(self, count: int = 15) -> str:
        """The end of its output, for a message about its failure."""
        return "\n".join(self.output().strip().splitlines()[-count:])

    def run(self, timeout: float = 600.0) -> str:
        """Runs it to its end and returns its output; raises ProcessError unless it succeeded."""
        self.start()
        return self.finish(timeout)

    def finish(self, timeout: float = 600.0) -> str:
        """The second half of `run()`."""
        try:
            code = self.wait(timeout)
        except subprocess.TimeoutExpired:
            raise ProcessError(
                f"{self.name} did not end within {timeout:.0f} s:\n{self.last_lines()}"
            ) from None
        finally:
            self.stop()
        if code != 0:
            raise ProcessError(f"{self.name} failed (exit code {code}):\n{self.last_lines()}")
        return self.output()

    def check_running(self, since: float, patience: float) -> None:
        """Raises ProcessError when it has ended, or when `patience` seconds have passed since the monotonic time `since`."""
        if not self.is_running:
            raise ProcessError(f"{self.name} ended (exit code {self.exit_code}):\n{self.last_lines()}")
        if time.monotonic() - since > patience:
            raise ProcessError(f"{self.name} was not ready after {patience:.0f} s:\n{self.last_lines()}")
