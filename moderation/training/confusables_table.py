"""The table of look-alike characters, made from Unicode's own list (UTS #39, confusables.txt)."""

from collections.abc import Iterable

from moderation.scanning.normalising import fold_character

HEADER = (
    "# Characters that look like a Latin letter, from Unicode's confusables.txt (UTS #39), version {version}.\n"
    "# Copyright Unicode, Inc.; Unicode License V3. Made by `manage.py make_confusables`; do not edit.\n"
)


def read_confusables(lines: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The version of a confusables.txt, and every single character that folding leaves as it is with its look-alike.

    Kept are those whose prototype is one Latin letter. Characters that compatibility decomposition or case folding turns into
    letters need no entry; ASCII characters are never replaced, because "1" is a number before it is an "l".
    """
    version, table = "", {}
    for line in lines:
        if line.startswith("# Version:"):
            version = line.partition(":")[2].strip()
        source, _, rest = line.partition(";")
        if not rest or line.startswith("#"):
            continue
        character = _text(source)
        prototype = fold_character(_text(rest.partition(";")[0])[:1]) if rest else ""
        is_whole = len(_text(rest.partition(";")[0])) == 1
        if is_whole and len(character) == 1 and _is_letter(prototype):
            folded = fold_character(character)
            if len(folded) == 1 and not folded.isascii():
                table[folded] = prototype
    if not table:
        raise ValueError("This is not Unicode's confusables.txt: it holds no Latin look-alikes.")
    return version, table


def _text(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split())


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


def write_table(version: str, table: dict[str, str]) -> str:
    """The file's content: one line a character, as its code point and its letter."""
    rows = [f"{ord(character):04X} {letter}\n" for character, letter in sorted(table.items())]
    return HEADER.format(version=version) + "".join(rows)
