"""Sockets lie where nobody else gets at them, and where the kernel can address them."""

import stat
import tempfile
from pathlib import Path

import pytest

from parler.devstack import folders
from parler.devstack.processes import ProcessError


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_sockets_lie_in_a_private_folder_of_the_data() -> None:
    run_folder = Path(tempfile.mkdtemp(prefix="p"))
    sockets = folders.socket_folder(run_folder)
    assert sockets == run_folder.resolve() / "sockets"
    assert mode(sockets) == 0o700
    sockets.rmdir()
    run_folder.rmdir()


def test_a_long_path_gets_a_private_folder_under_the_temp_directory(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90)
    sockets = folders.socket_folder(deep)
    assert sockets == folders.socket_folder(deep)
    assert sockets.parent == Path(tempfile.gettempdir())
    assert mode(sockets) == 0o700
    sockets.rmdir()


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProcessError, match="belongs to another user"):
        folders.private_folder(tmp_path / "link")
