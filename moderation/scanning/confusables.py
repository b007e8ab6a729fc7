"""Characters that are read as Latin letters although they are none.

Unicode's own list (`data/confusables.txt`, made by `manage.py make_confusables`), and above it what people use besides to slip
words past filters. Each maps to exactly one character, so that the skeleton keeps the offsets of its view.
"""

from pathlib import Path

TABLE = Path(__file__).with_name("data") / "confusables.txt"

_CYRILLIC = dict(
    zip("абвгдезіїйкмнопрстухьѕјԁԛԝһӏєёщшцчилґ", "abbrdesiijkmhonpctyxbsjdqwhleewwuunlr", strict=True)
)
_GREEK = dict(zip("αβγδεζηικλμνοπρσςτυφχω", "abydezniklmvonpsstufxw", strict=True))
_LATIN = dict(
    zip("ıłøđħŧɑɡɩʟɴʀʏᴀʙᴄᴅᴇꜰɢʜɪᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡᴢƙƅɓ", "ilodhtagilnryabcdefghijkmopstuvwzkbb", strict=True)
)
_SYMBOLS = {"€": "e", "£": "l", "¥": "y", "§": "s", "¢": "c", "×": "x", "†": "t", "∂": "d", "∑": "e"}


def _squared_letters() -> dict[int, str]:
    """Circled, squared and regional-indicator letters that Unicode does not decompose."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    starts = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    return {start + index: letter for start in starts for index, letter in enumerate(letters)}


_LOOK_ALIKES = {
    ord(character): letter for character, letter in (_CYRILLIC | _GREEK | _LATIN | _SYMBOLS).items()
}


def _read_table() -> dict[int, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return {int(code, 16): letter for code, letter in (line.split() for line in lines if line[0] != "#")}


CONFUSABLES: dict[int, str] = _read_table() | _LOOK_ALIKES | _squared_letters()
LEET = str.maketrans("0134579@$!", "oieastgasi")
