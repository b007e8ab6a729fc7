"""Facts about a text that decide how urgent a held one is: when and where it would happen, and whom it is aimed at."""

import re
from collections.abc import Sequence
from typing import Literal

from moderation.scanning.matching import Hit
from moderation.scanning.normalising import fold

Imminence = Literal["", "time", "place", "time and place"]
Target = Literal["", "person", "public figure", "group", "place"]

_TIME = re.compile(
    r"\b(?:today|tonight|tomorrow|this (?:morning|afternoon|evening|weekend)|(?:on|next|this) (?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"at (?:noon|midnight|dawn|\d{1,2}(?::\d\d)? ?(?:[ap]m|o'?clock)?)|in (?:an|one|two|\d{1,2}) (?:hours?|minutes?)|election day|"
    r"heute|heut|morgen (?:fruh|abend|mittag|nachmittag|nacht)|ubermorgen|um \d{1,2}(?::\d\d)? uhr|um mitternacht|"
    r"(?:am|diesen|nachsten) (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|wochenende|wahltag))\b"
)
_PLACE = re.compile(
    r"\b(?:(?:at|to|outside|inside|in front of|near) (?:the|your|his|her|their|our) (?:\w+ )?(?:school|church|mosque|synagogue|capitol|court ?house|"
    r"town hall|city hall|station|office|house|home|work|school|polling (?:place|station)|parliament|embassy|clinic|mall|club|bar)|"
    r"(?:vor|an|in|bei|am|beim|zum|zur|im) (?:de[mrn] |die |dein\w* |sein\w* |ihr\w* |eure\w* )?(?:schule|kirche|moschee|synagoge|rathaus|gericht|bahnhof|"
    r"buro|haus|hause|wohnung|arbeit|wahllokal|bundestag|landtag|reichstag|heim|unterkunft|praxis|wache|marktplatz))\b"
)
_TARGETS: tuple[tuple[Target, re.Pattern[str]], ...] = (
    (
        "public figure",
        re.compile(
            r"\b(?:president|senators?|governors?|mayors?|judges?|ministers?|politicians?|journalists?|reporters?|bundeskanzler\w*|kanzler\w*|"
            r"minister\w*|politiker\w*|abgeordnete\w*|richter\w*|burgermeister\w*|journalist\w*|reporter\w*)\b"
        ),
    ),
    (
        "group",
        re.compile(
            r"\b(?:jews?|muslims?|christians?|blacks?|whites?|gays?|lesbians?|trans|women|immigrants?|migrants?|refugees?|foreigners?|"
            r"cops|police|democrats?|republicans?|liberals?|juden|moslems?|muslime?|christen|schwarze\w*|schwule\w*|frauen|auslander\w*|"
            r"fluchtlinge?\w*|asylanten|migranten|polizisten|bullen|grune\w*|linke\w*|rechte\w*)\b"
        ),
    ),
    ("person", re.compile(r"@\w|\b(?:you|u|your|him|her|dich|dir|dein\w*|euch|ihn|ihm)\b")),
    (
        "place",
        re.compile(
            r"\b(?:school|church|mosque|synagogue|capitol|court ?house|city hall|embassy|schule|kirche|moschee|synagoge|rathaus|bundestag)\b"
        ),
    ),
)


def imminence(plain: str) -> Imminence:
    """Whether a plain view names a near time, a place, or both."""
    has_time, has_place = _TIME.search(plain) is not None, _PLACE.search(plain) is not None
    if has_time and has_place:
        return "time and place"
    return "time" if has_time else "place" if has_place else ""


def target(plain: str, parts: Sequence[str]) -> Target:
    """Whom a held text is aimed at; `parts` is what rules found in the role of the target, asked before the whole text."""
    for text in (*parts, plain):
        for kind, sign in _TARGETS:
            if sign.search(text):
                return kind
    return ""


def target_parts(text: str, hits: Sequence[Hit]) -> list[str]:
    """What rules found in the role of the target, folded."""
    return [fold(text[part.start : part.end]) for hit in hits for part in hit.parts if part.role == "target"]
