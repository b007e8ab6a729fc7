"""The folders that the stack needs, with the modes that keep other users out."""

import hashlib
import os
import tempfile
from pathlib import Path

from parler.devstack.processes import ProcessError

# The kernel allows 107 bytes for a socket's address; PostgreSQL adds its own file name to the folder's.
LONGEST_SOCKET_FOLDER = 100 - len("/postgres/.s.PGSQL.5432.lock")


def private_folder(folder: Path) -> Path:
    """Makes a folder that only this user may enter; refuses one that belongs to somebody else."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid():
        raise ProcessError(f"{folder} belongs to another user; remove it or choose another data folder.")
    folder.chmod(0o700)
    return folder


def socket_folder(run_folder: Path) -> Path:
    """A private folder for sockets: inside `run_folder`, or under the temp directory where the path would be too long."""
    wanted = run_folder.resolve() / "sockets"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_FOLDER:
        return private_folder(wanted)
    digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12]
    return private_folder(Path(tempfile.gettempdir()) / f"parler-{os.geteuid()}-{digest}")
