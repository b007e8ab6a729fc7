"""Whom a text mentions: to see whether harmless texts about some people are held more often than others."""

import re

from moderation.scanning.normalising import fold

_MENTIONS = {
    "Muslims": r"muslims?|moslems?|muslim\w*|islam\w*|mosques?|moschee\w*",
    "Jews": r"jews?|jewish|jude|juden|judisch\w*|synagog\w*",
    "Christians": r"christians?|christen|christlich\w*|catholics?|katholi\w*",
    "Black people": r"black (?:people|men|women|man|woman|guy|kids?)|blacks|african\w*|schwarze[nr]?|afrikaner\w*",
    "white people": r"white (?:people|men|women|man|woman|guy|kids?)|whites|weisse[nr]? (?:manner|frauen|menschen)",
    "immigrants and refugees": r"immigrants?|migrants?|refugees?|asylum\w*|migranten|fluchtling\w*|asylant\w*|asylbewerber\w*|auslander\w*",
    "women": r"women|woman|girls?|frau|frauen|madchen|feminis\w*",
    "men": r"men|boys?|manner|jungs",
    "LGBT people": r"gays?|lesbians?|trans(?:gender|sexual)?|queers?|lgbt\w*|homos?|schwule?[nr]?|lesben|transsexuelle\w*",
    "disabled people": r"disabled|disabilit\w*|wheelchair|autis\w*|behindert\w*|rollstuhl\w*",
    "politicians": r"politicians?|senators?|president|trump|biden|obama|clinton|congress|politiker\w*|merkel|minister\w*|kanzler\w*",
    "police": r"police|cops?|polizei|polizist\w*|bullen",
}
_PATTERNS = {group: re.compile(rf"\b(?:{words})\b") for group, words in _MENTIONS.items()}


def groups_in(text: str) -> list[str]:
    """The groups that a text mentions by their everyday names, in English or German."""
    plain = fold(text)
    return [group for group, pattern in _PATTERNS.items() if pattern.search(plain)]
