"""The audit trail as a file; that it was taken is part of the trail."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from moderation import auditing
from moderation.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(moderator):
    """Rows of the 1st, 2nd and 3rd of November; only a superuser can date them."""
    for day in (1, 2, 3):
        auditing.record("look", f"case {day}", by=moderator, word="Grüße")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for day in (1, 2, 3):
            cursor.execute(
                "UPDATE moderation_auditrow SET at = %s WHERE subject = %s",
                [f"2026-11-0{day} 12:00+00", f"case {day}"],
            )
        cursor.execute("SET LOCAL session_replication_role = origin")
    return list(AuditRow.objects.order_by("pk"))


def export(path, *arguments):
    call_command("export_audit", str(path), *arguments, stdout=StringIO())
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_row_is_in_the_file_with_its_hash(trail, tmp_path):
    rows = export(tmp_path / "trail.jsonl")
    assert [(row["id"], row["hash"], row["previous_hash"]) for row in rows] == [
        (row.pk, row.hash, row.previous_hash) for row in trail
    ]
    assert rows[0]["data"] == {"word": "Grüße"}
    assert (rows[0]["actor"], rows[0]["via"], rows[0]["at"]) == (
        "@moderator_m",
        "command",
        "2026-11-01T12:00:00+00:00",
    )


def test_the_export_is_an_act_in_the_trail(trail, tmp_path):
    file = tmp_path / "trail.jsonl"
    export(file, "--from", "2026-11-02")
    row = AuditRow.objects.get(verb="export_audit")
    assert row.data == {
        "rows": 2,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "since": "2026-11-02T00:00:00+00:00",
        "until": "",
    }


@pytest.mark.parametrize(
    ("arguments", "subjects"),
    [
        (["--from", "2026-11-02"], ["case 2", "case 3"]),
        (["--to", "2026-11-02"], ["case 1", "case 2"]),
        (["--from", "2026-11-02", "--to", "2026-11-02"], ["case 2"]),
        (["--from", "2026-11-05"], []),
    ],
)
def test_both_days_are_included(trail, tmp_path, arguments, subjects):
    assert [row["subject"] for row in export(tmp_path / "trail.jsonl", *arguments)] == subjects


def test_a_file_is_never_written_over_and_nothing_is_left_behind(trail, tmp_path):
    file = tmp_path / "trail.jsonl"
    file.write_text("other")
    for target in (file, tmp_path / "no-such-folder" / "trail.jsonl"):
        with pytest.raises(CommandError):
            call_command("export_audit", str(target))
    assert [path.name for path in tmp_path.iterdir()] == ["trail.jsonl"]
    assert file.read_text() == "other"
    assert not AuditRow.objects.filter(verb="export_audit").exists()


def test_the_file_is_for_its_owner_only(trail, tmp_path):
    export(tmp_path / "trail.jsonl")
    assert (tmp_path / "trail.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_day_that_is_none_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no date"):
        call_command("export_audit", str(tmp_path / "trail.jsonl"), "--from", "yesterday")
