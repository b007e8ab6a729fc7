"""Runs one command so that it can never outlive whoever started it.

    python -I -S tether.py FDS STOP_SIGNAL GRACE IDENTITY COMMAND...

The first of the comma-separated FDS is the reading end of a pipe whose writing end only the starter holds. When that end
closes, because the starter asked for it or was killed, the command gets STOP_SIGNAL and after GRACE seconds SIGKILL; a byte
written to the pipe means SIGKILL at once. Whatever the command leaves behind is killed as well. The other FDS are kept open for
as long as anything runs, so that a lock on them tells the truth. The exit code is the command's (128 + n after a signal n).

This file is run by path and uses the standard library only: it starts in a few milliseconds and holds little memory.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time
from pathlib import Path

SAME = "same"
NAMESPACE = "namespace"
NOBODY = 65534
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWUSER = 0x10000000
ON_LINUX = sys.platform == "linux"


def adopt_orphans() -> None:
    """Makes this process the parent of every descendant whose own parent dies (Linux only)."""
    if ON_LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(parent: int) -> None:
    """Has the kernel kill this process when its parent goes, also by SIGKILL (Linux only)."""
    if ON_LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def become(identity: str) -> None:
    """Takes on another identity: `same`, `namespace` (this user looks like nobody to the command) or `UID:GID`.

    PostgreSQL refuses to run as root. In a user namespace it sees an ordinary user, while its files still belong to root.
    """
    if identity == NAMESPACE:
        uid, gid = os.getuid(), os.getgid()
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "no user namespace")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NOBODY} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{NOBODY} {gid} 1")
    elif identity != SAME:
        user, group = identity.split(":")
        os.setgroups([])
        os.setgid(int(group))
        os.setuid(int(user))


def run(command: list[str], identity: str, parent: int) -> None:
    """Turns this freshly forked process into the command."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)
    become(identity)
    # A change of identity clears the kernel's promise, therefore it comes last.
    die_with_parent(parent)
    os.execvp(command[0], command)  # noqa: S606 -- The command comes from our own code, and there is no shell.


def reap(child: int) -> int | None:
    """Collects dead children, adopted ones included; returns the command's exit code once it has ended."""
    code = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == 0:
            return code
        if pid == child:
            ended = os.waitstatus_to_exitcode(status)
            code = ended if ended >= 0 else 128 - ended


def signal_process(pid: int, number: int) -> None:
    """Sends a signal; that the process has gone meanwhile is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def wait(child: int, pipe: int, stop_signal: int, grace: float) -> int:
    """Watches the command and the pipe until the command has ended; returns its exit code."""
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    watched, deadline = [wake, pipe], None
    while (code := reap(child)) is None:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select(watched, [], [], left)
        if wake in ready:
            os.read(wake, 512)
        if pipe in ready:
            is_urgent = bool(os.read(pipe, 1))
            watched, deadline = [wake], time.monotonic() + grace
            signal_process(child, signal.SIGKILL if is_urgent else stop_signal)
        if deadline is not None and time.monotonic() >= deadline:
            signal_process(child, signal.SIGKILL)
            deadline = None
    return code


def children_of(parent: int) -> list[int]:
    """Process ids of the living children (Linux only; elsewhere nothing is adopted)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def kill_leftovers(child: int | None = None) -> None:
    """Kills the command's process group and every adopted descendant, and waits until they are gone."""
    if child is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)
    while ON_LINUX and (orphans := children_of(os.getpid())):
        for orphan in orphans:
            signal_process(orphan, signal.SIGKILL)
        time.sleep(0.01)
        reap(0)


def main(arguments: list[str]) -> int:
    """Starts the command, watches it, clears up behind it."""
    fds, stop_signal, grace, identity, *command = arguments
    if not command:
        become(identity)
        return 0
    descriptors = [int(fd) for fd in fds.split(",")]
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)  # noqa: FBT003 -- The standard library's signature.
    adopt_orphans()
    me = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            run(command, identity, me)
        except OSError as error:
            os.write(2, f"{command[0]}: {error}\n".encode())
        os._exit(127)
    code = wait(child, descriptors[0], int(stop_signal), float(grace))
    kill_leftovers(child)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
