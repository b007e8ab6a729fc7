"""The house rules as tests. Each checker is shown an example that it must find, so that it cannot pass by being blind."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
OUR_APPS = ("accounts", "posts", "moderation", "parler")
MOST_LINES = 400

_tracked = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
)
FILES = [ROOT / name for name in _tracked.stdout.splitlines() if (ROOT / name).is_file()]
MODULES = [
    path
    for path in FILES
    if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in OUR_APPS and "migrations" not in path.parts
]
TEMPLATES = [
    path for path in FILES if path.suffix == ".html" and path.relative_to(ROOT).parts[0] == "templates"
]

INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|<style|\sstyle=|\son[a-z]+=\"",
    re.IGNORECASE,
)
UNSCOPED = re.compile(r"\b(Post|Profile|Revision)\.objects\.(all|filter|get|exclude)\(")
SENDING = re.compile(r"\.(delay|apply_async|send_task)\(")
# A silenced check names what it silences and, after two blanks, why.
UNEXPLAINED = re.compile(
    r"#\s*noqa(?!: [A-Z]+\d+(, [A-Z]+\d+)*(  | -- )\S)|#\s*type: ignore(?!\[[a-z, -]+\]  # \S)"
)
VAGUE = re.compile(r"(^|/)(utils?|helpers?|services|managers|misc|common)(\.py|/)")


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def find_lines(pattern: re.Pattern[str], path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for number, line in enumerate(lines, 1)
        if pattern.search(line)
    ]


def translates(path: Path) -> bool:
    """A module that only translates between people, programs and verbs: views, API, admin and templatetags."""
    return bool({"views", "api", "admin", "templatetags"} & {*path.parts, path.stem})


def save_overrides(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases):
            yield from (
                f"{node.name}.{item.name}"
                for item in node.body
                if isinstance(item, ast.FunctionDef) and item.name == "save"
            )


@pytest.mark.parametrize("path", MODULES, ids=names(MODULES))
def test_a_module_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_files_are_named_after_what_they_do() -> None:
    assert VAGUE.search("posts/utils.py")
    assert [name for name in names(MODULES) if VAGUE.search(name)] == []


def test_every_choice_is_checked_by_the_database() -> None:
    unchecked = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
        for field in model._meta.local_fields
        if field.choices and field.name not in checked_columns(model) and not is_of_a_library(model, field)
    ]
    assert unchecked == []


def checked_columns(model: type[models.Model]) -> set[str]:
    conditions = [str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    return {
        field.name
        for field in model._meta.local_fields
        if any(re.search(rf"'{field.name}(__in)?'", c) for c in conditions)
    }


def is_of_a_library(model: type[models.Model], field: "models.Field[object, object]") -> bool:
    """Fields that an abstract model of a library brings along."""
    return any(
        base.__module__.split(".")[0] not in OUR_APPS
        and hasattr(base, "_meta")
        and field.name in [f.name for f in base._meta.local_fields]
        for base in model.__mro__[1:]
        if hasattr(base, "_meta")
    )


def test_no_model_overrides_save() -> None:
    assert list(save_overrides(ast.parse("class X(models.Model):\n    def save(self): ..."))) == ["X.save"]
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        for name in save_overrides(ast.parse(path.read_text()))
    ]
    assert found == []


def test_nothing_listens_to_the_saving_of_rows() -> None:
    pattern = re.compile(r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed)\b")
    assert [line for path in MODULES for line in find_lines(pattern, path)] == []


def test_only_the_doorbell_sends_messages() -> None:
    assert SENDING.search("screen.delay()")
    found = [line for path in MODULES if path.name != "doorbell.py" for line in find_lines(SENDING, path)]
    assert found == []


@pytest.mark.parametrize(
    "example",
    ["import x  # noqa", "import x  # noqa: F401", "x()  # type: ignore", "x()  # type: ignore[arg-type]"],
)
def test_the_search_for_unexplained_exceptions_finds_it(example: str) -> None:
    assert UNEXPLAINED.search(example)


def test_every_silenced_check_has_its_reason() -> None:
    tests = [path for path in FILES if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")]
    sources = [*MODULES, ROOT / "manage.py", *(path for path in tests if path != Path(__file__))]
    assert [line for path in sources for line in find_lines(UNEXPLAINED, path)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=names(TEMPLATES))
def test_a_template_has_nothing_inline(path: Path) -> None:
    assert find_lines(INLINE, path) == []


@pytest.mark.parametrize(
    "example", ["<script>x()</script>", '<p style="color:red">', '<a onclick="x()">', "<style>"]
)
def test_the_search_for_inline_code_finds_it(example: str) -> None:
    assert INLINE.search(example)


def test_modules_that_translate_ask_scoped_questions_only() -> None:
    assert UNSCOPED.search("Post.objects.filter(pk=1)")
    assert [line for path in MODULES if translates(path) for line in find_lines(UNSCOPED, path)] == []


def test_every_view_says_which_methods_it_takes() -> None:
    undeclared = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in MODULES
        if path.stem == "views" or path.parent.name == "views"
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        and node.args.args
        and node.args.args[0].arg == "request"
        and not node.name.startswith("_")
        and not any("require_" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]
    assert undeclared == []
