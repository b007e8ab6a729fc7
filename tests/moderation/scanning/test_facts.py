"""When, where and against whom: what decides how urgent a held text is."""

import pytest

from moderation.scanning import facts
from moderation.scanning.matching import Hit, Matcher, Part
from moderation.scanning.normalising import Views, fold
from moderation.scanning.scanner import DEFAULT_RULESET

RULE = Matcher.load(DEFAULT_RULESET).ruleset.rules[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we attack tonight", "time"),
        ("Tomorrow they die", "time"),
        ("be there on Saturday", "time"),
        ("at 5 pm we start", "time"),
        ("morgen früh brennt es", "time"),
        ("heute ist Schluss", "time"),
        ("um 20 Uhr geht es los", "time"),
        ("am Wahltag schlagen wir zu", "time"),
        ("meet outside the town hall", "place"),
        ("i come to your house", "place"),
        ("wir warten vor der Synagoge", "place"),
        ("Treffpunkt am Bahnhof", "place"),
        ("tonight at the mosque", "time and place"),
        ("morgen Abend vor dem Rathaus", "time and place"),
        ("i will find you", ""),
        ("one day you will see", ""),
        ("", ""),
    ],
)
def test_a_near_time_and_a_place_are_found(text: str, expected: str) -> None:
    assert facts.imminence(fold(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i will kill you", "person"),
        ("@neighbour is next", "person"),
        ("ich bring dich um", "person"),
        ("hang the governor", "public figure"),
        ("der Bürgermeister muss sterben", "public figure"),
        ("shoot the refugees", "group"),
        ("Flüchtlinge abknallen", "group"),
        ("alle Ausländer gehören vergast", "group"),
        ("burn the mosque down", "place"),
        ("die Synagoge muss brennen", "place"),
        ("kill them all", ""),
        ("", ""),
    ],
)
def test_a_target_is_told_by_its_words(text: str, expected: str) -> None:
    assert facts.target(fold(text), []) == expected


def test_what_a_rule_found_as_the_target_is_asked_first() -> None:
    assert facts.target("the senator says kill the refugees", ["refugees"]) == "group"
    assert facts.target("the senator says kill the refugees", []) == "public figure"


def test_a_part_that_says_nothing_leaves_it_to_the_whole_text() -> None:
    assert facts.target("kill them, the judges", ["them"]) == "public figure"


def test_the_target_of_a_rule_is_read_without_case_and_umlauts() -> None:
    text = "Der Minister sagt: erschießt die FLÜCHTLINGE"
    start = text.index("FL")
    hit = Hit(RULE, 0, len(text), (Part("target", start, len(text)), Part("method", 0, 3)))
    assert facts.target(Views(text).plain, facts.target_parts(text, [hit])) == "group"
