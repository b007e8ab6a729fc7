"""Loading posts in bulk: through the same gate, and honest about what was refused or never decided."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from posts import importing
from posts.importing import BadLine, Line
from posts.models import Post, Revision
from tests import factories

pytestmark = pytest.mark.django_db


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "posts.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    return path


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        '"text"',
        "null",
        '{"author": "rye"}',
        '{"text": "no author"}',
        '{"author": 7, "text": "x"}',
        '{"author": "rye", "text": ["x"]}',
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{"author": "rye", "text": ' + "9" * 5000 + "}", id="huge number"),
    ],
)
def test_a_malformed_line_is_named_and_the_others_are_read(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, line, "", '{"author": "rye", "text": "Good bread", "lang": "en", "label": 0}')
    bad, good = importing.read(path)
    assert isinstance(bad, BadLine)
    assert str(bad).startswith("line 1: ")
    assert good == Line("rye", "Good bread", "en", 0)


def test_a_text_that_was_allowed_to_be_longer_elsewhere_keeps_its_length(tmp_path: Path) -> None:
    text = "bread " * 300 + "end"
    load = importing.submit_all(
        importing.read(written(tmp_path, json.dumps({"author": "rye", "text": text})))
    )
    assert load.failures == []
    assert Revision.objects.exclude(post=None).get().text == text


def test_a_text_beyond_every_measure_is_refused(tmp_path: Path) -> None:
    text = "x" * (importing.MAX_CHARACTERS + 1)
    load = importing.submit_all(
        importing.read(written(tmp_path, json.dumps({"author": "rye", "text": text})))
    )
    assert len(load.failures) == 1
    assert not Revision.objects.exclude(post=None).exists()


@pytest.mark.parametrize("label", ['"yes"', "2", "[1]", "0.5", "true"])
def test_a_label_that_is_none_is_left_out(tmp_path: Path, label: str) -> None:
    (line,) = importing.read(written(tmp_path, f'{{"author": "rye", "text": "Bread", "label": {label}}}'))
    assert isinstance(line, Line)
    assert line.label is None


@pytest.mark.parametrize("language", ['"\\u0000"', '"a language"', "7", '["en"]', '"e"'])
def test_a_language_that_is_none_is_left_out(tmp_path: Path, language: str) -> None:
    line = f'{{"author": "rye", "text": "Bread", "lang": {language}}}'
    load = importing.submit_all(importing.read(written(tmp_path, line)))
    assert load.failures == []
    assert Revision.objects.exclude(post=None).get().language == ""


def test_authors_are_found_in_any_case_of_letters_or_made() -> None:
    existing = factories.make_user("Rye")
    load = importing.submit_all([Line("rye", "One", "en", None), Line("wheat", "Two", "", None)])
    assert load.failures == []
    assert Post.objects.by(existing).count() == 1
    made = User.objects.get(handle="wheat")
    assert not made.has_usable_password()
    assert made.email == "wheat@imported.invalid"


@pytest.mark.parametrize("handle", ["", "two words", "a" * 31, "../etc", "rye\x00", "\udcff"])
def test_a_handle_that_nobody_could_have_is_refused_and_leaves_no_account(handle: str) -> None:
    load = importing.submit_all([Line(handle, "Bread", "", None), Line("wheat", "Bread", "", None)])
    assert len(load.failures) == 1
    assert len(load.waiting) == 1
    assert list(User.objects.values_list("handle", flat=True)) == ["wheat"]


def test_a_refused_text_leaves_no_account_behind() -> None:
    load = importing.submit_all([Line("rye", "NUL \x00", "", None)])
    assert len(load.failures) == 1
    assert not User.objects.named("rye").exists()


def test_an_author_who_may_not_publish_is_refused() -> None:
    suspended = factories.make_user("rye")
    suspended.groups.clear()
    load = importing.submit_all([Line("rye", "Bread", "", None)])
    assert load.failures == ["Your account may not publish."]
    assert not Post.objects.by(suspended).exists()


def test_what_is_decided_is_counted_and_timed() -> None:
    load = importing.submit_all([Line("rye", "Bread", "", 0), Line("rye", "Burn it", "", 1)])
    harmless, harmful = Revision.objects.exclude(post=None).order_by("pk")
    factories.clear(harmless)
    factories.hold(harmful)
    importing.follow(load, patience=timedelta(seconds=5))
    assert (load.cleared, load.held, load.waiting) == ({harmless.pk}, {harmful.pk}, set())
    assert len(load.seconds) == 2
    assert load.count_labelled(load.held, 1) == 1
    assert load.percentile(0.99) >= load.percentile(0.5) >= 0


def test_without_a_worker_the_command_gives_up_and_says_what_waits(tmp_path: Path) -> None:
    path = written(tmp_path, '{"author": "rye", "text": "Bread"}', "{")
    with pytest.raises(CommandError, match="1 posts are still waiting"):
        call_command("import_posts", str(path), "--patience", "0.1")
    assert Revision.objects.pending().exclude(post=None).count() == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_posts", str(tmp_path / "nothing.jsonl"))
