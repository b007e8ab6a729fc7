"""`manage.py scan` answers every line, in order, and never crashes on one."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from moderation.scanning.scanner import Scanner
from moderation.scanning.streaming import BATCH, scan_lines

SCANNER = Scanner.load()
ROOT = Path(__file__).parents[3]


def test_every_line_is_answered_in_order() -> None:
    lines = [json.dumps({"id": n, "text": f"good morning {n}"}).encode() for n in range(2 * BATCH + 3)]
    assert [json.loads(line)["id"] for line in scan_lines(lines, SCANNER)] == list(range(2 * BATCH + 3))


def test_an_answer_has_the_promised_keys() -> None:
    line = json.dumps({"id": "a", "text": "i will kill you", "lang": "en"}).encode()
    (answer,) = (json.loads(line) for line in scan_lines([line], SCANNER))
    assert answer["id"] == "a"
    assert answer["verdict"] == "hold"
    assert 0 <= answer["score"] <= 1
    assert answer["class"] == "V3"
    assert list(answer) == ["id", "verdict", "score", "class", "reasons", "model", "ruleset"]
    assert answer["reasons"]
    assert all(list(reason) == ["kind", "name", "start", "end", "score"] for reason in answer["reasons"])


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"\xff\xfe",
        b"[1, 2]",
        b'"text"',
        b'{"text": "no id"}',
        b'{"id": 1}',
        b'{"id": 1, "text": 5}',
        b'{"id": 1, "text": null}',
        b'{"id": 1, "text": "cut',
        b"[" * 100_000,
    ],
)
def test_a_malformed_line_gets_an_error_and_the_next_is_scanned(line: bytes) -> None:
    good = json.dumps({"id": "next", "text": "hello"}).encode()
    bad, answer = (json.loads(one) for one in scan_lines([line, good], SCANNER))
    assert bad.keys() == {"id", "error"}
    assert answer["verdict"] == "clear"


def test_empty_lines_are_passed_over() -> None:
    assert list(scan_lines([b"\n", b"  \n"], SCANNER)) == []


def test_a_lone_surrogate_in_json_is_scanned() -> None:
    (answer,) = (json.loads(one) for one in scan_lines([rb'{"id": "\ud800", "text": "hi \udfff"}'], SCANNER))
    assert answer["verdict"] == "clear"


def test_the_command_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"id": 7, "text": "good morning"}\n')))
    call_command("scan")
    assert json.loads(capsys.readouterr().out)["id"] == 7


def test_the_command_refuses_in_one_sentence_when_the_scanner_is_not_ready(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not ready"):
        call_command("scan", model=tmp_path / "absent.npz")


def test_a_reader_that_stops_early_is_no_error() -> None:
    lines = b"".join(
        json.dumps({"id": n, "text": "good morning " * 50}).encode() + b"\n" for n in range(4000)
    )
    code = "import sys; from django.core.management import execute_from_command_line as run; run(['manage.py', 'scan'])"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "parler.settings"}
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    _, complaint = process.communicate(lines, timeout=60)
    assert (complaint.decode(), process.returncode) == ("", 0)
