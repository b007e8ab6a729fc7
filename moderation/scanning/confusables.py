"""Characters that are read as Latin letters although they are none.

A small curated table of the look-alikes that people use to slip words past filters; each maps to exactly one
character, so that the skeleton keeps the offsets of the view it was made from.
"""

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

CONFUSABLES: dict[int, str] = _LOOK_ALIKES | _squared_letters()
LEET = str.maketrans("0134579@$!|", "oieastgasil")
