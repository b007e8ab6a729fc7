"""A slow step of the start is skipped only while nothing changed that it works on."""

from pathlib import Path

from parler.devstack import fingerprints


def test_static_files_are_collected_again_only_when_one_changes(tmp_path: Path) -> None:
    source = tmp_path / "parler" / "static" / "parler" / "base.css"
    source.parent.mkdir(parents=True)
    source.write_text("a {}")
    before = fingerprints.of_static_files(tmp_path, is_debug=True)
    fingerprints.remember(tmp_path / "var" / "stamp", before)
    # What was collected earlier lies below the same folder and is no reason to collect again.
    (tmp_path / "var" / "static").mkdir()
    (tmp_path / "var" / "static" / "base.css").write_text("a {}")
    assert fingerprints.is_known(
        tmp_path / "var" / "stamp", fingerprints.of_static_files(tmp_path, is_debug=True)
    )
    assert not fingerprints.is_known(
        tmp_path / "var" / "stamp", fingerprints.of_static_files(tmp_path, is_debug=False)
    )
    source.write_text("b {}")
    assert not fingerprints.is_known(
        tmp_path / "var" / "stamp", fingerprints.of_static_files(tmp_path, is_debug=True)
    )
