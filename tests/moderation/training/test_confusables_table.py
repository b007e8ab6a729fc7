"""The table of look-alikes is made from Unicode's list, and holds what the list says and nothing that folding does already."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from moderation.scanning.confusables import CONFUSABLES, TABLE
from moderation.scanning.normalising import fold
from moderation.training.confusables_table import read_confusables, write_table

LIST = """# confusables.txt
# Version: 17.0.0

0441 ;\t0063 ;\tMA\t# ( с → c ) CYRILLIC SMALL LETTER ES → LATIN SMALL LETTER C
0421 ;\t0043 ;\tMA\t# ( С → C ) CYRILLIC CAPITAL LETTER ES → LATIN CAPITAL LETTER C
0031 ;\t006C ;\tMA\t# ( 1 → l ) DIGIT ONE → LATIN SMALL LETTER L
FF41 ;\t0061 ;\tMA\t# ( ａ → a ) FULLWIDTH LATIN SMALL LETTER A → LATIN SMALL LETTER A
0153 ;\t006F 0065 ;\tMA\t# ( œ → oe ) LATIN SMALL LIGATURE OE → two letters
3007 ;\t004F ;\tMA\t# ( 〇 → O ) IDEOGRAPHIC NUMBER ZERO → LATIN CAPITAL LETTER O
2044 ;\t002F ;\tMA\t# ( ⁄ → / ) FRACTION SLASH → SOLIDUS
"""


def test_characters_that_look_like_one_letter_are_kept() -> None:
    assert read_confusables(LIST.splitlines()) == ("17.0.0", {"с": "c", "〇": "o"})


@pytest.mark.parametrize("content", ["", "hello\n", "# Version: 17.0.0\n", "2044 ;\t002F ;\tMA\t#\n"])
def test_what_is_not_the_list_is_refused(content: str) -> None:
    with pytest.raises(ValueError, match=r"confusables\.txt"):
        read_confusables(content.splitlines())


def test_the_table_is_sorted_and_names_version_and_licence() -> None:
    header, licence, *rows = write_table("17.0.0", {"〇": "o", "с": "c"}).splitlines()
    assert "17.0.0" in header
    assert "Unicode License" in licence
    assert rows == ["0441 c", "3007 o"]


def test_the_command_refuses_another_file_and_leaves_the_table_alone(tmp_path: Path) -> None:
    before = TABLE.read_bytes()
    (tmp_path / "other.txt").write_text("hello\n")
    for name in ("other.txt", "absent.txt"):
        with pytest.raises(CommandError, match="No table was made"):
            call_command("make_confusables", tmp_path / name, stdout=StringIO())
    assert before == TABLE.read_bytes()


def test_every_look_alike_stands_for_one_latin_letter() -> None:
    assert all(len(letter) == 1 and letter in "abcdefghijklmnopqrstuvwxyz" for letter in CONFUSABLES.values())


def test_no_ascii_character_is_a_look_alike() -> None:
    assert not [code for code in CONFUSABLES if code < 0x80]


def test_the_shipped_table_holds_what_folding_leaves_as_it_is() -> None:
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    characters = [chr(int(line.split()[0], 16)) for line in lines]
    assert len(characters) > 100
    assert all(fold(character) == character for character in characters)
