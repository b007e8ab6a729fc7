"""Disguised violent words are read, and nobody's harmless words become violent ones."""

import re

import pytest

from moderation.scanning.deciphering import HIDDEN, SPARED, repaired
from moderation.scanning.normalising import Views

_LOOK_ALIKES = """
shirt ship still skill skills shore short shot shout should shook shoes sheet shift shine kilt kiln kite kick kiss kids king knit
mile mill milk pill bill hill fill till will ill chill thrill spill quill grill billing filling chilling thrilling hands hung hug
hangout hanger change bang sang gang rank bank tank stable stay stub slab scab tab grab stack stain hooting soothing shouting
booting rooting murmur mutter mother mudder murky marker burger border bombastic comb tomb womb bomber boom bond bold bulb born
barn turn burnt burden burning boring bean bear boat bet best beating bearing bread breed bloom flood brood block gin gum guts fun
run ripple rip ripe rope grape tape cape drape rapid bulletin ballet wallet ballot mullet knight knit wives live drive prison
person season lunch bunch pinch brush brunch cash clash mash stash brown crown drawn grown down tortoise future culture attach
attic attract deaths depth health deal dear head bread dread weapon-free wagon violet violin silent valence hut hunt curt court
heart executive excuse excursion laughter daughter butter batch bachelor strange triangle struggle lynx launch ahead machine match
message massage mascara goose moose loose nose noise gallons shallow gallop gash gasp grenadine educate illuminate piston
Mord Mort mordern modern moderne morgen lachen machen wachen Sachen krachen toasten tasten testen fasten kosten tanzen taten beten
boten raten retten Hüten Töne tönen Tor Tod Todes toll Tonne Torte Worte Rote Boot Kegel Kuchen Küche klopfen Kopf Töpfe schlafen
Schlag Schläge schlichten anfangen empfangen bringen mitbringen unterbringen verbringen Gewähr gewehrt gewöhnt Waffel Waffeln Affen
besser messen Messe Wasser Lampe Stich Streik Strecke Blüte Blatt Glut gut Flut Mut erben streben Stern Sterne Stirn verrückt
versteckt verdeckt bremsen trennen rennen kennen nennen verkennen verbannt vergessen verlassen stechen sprechen brechen ersticken
springen Sprachen strengen abgreifen eingreifen greifen begreifen Pistazie Algen Galle folgen bügeln zügeln steigen reinigen filtern
poltern folgern verzichten berichten einrichten ausrollen erschlossen beschlossen ermahnen erworben kopieren reparieren behaupten
blöd Schluchten verrichten umringen erschließen
"""
"""Words that look like a violent one and mean what they say."""
EVERYDAY = _LOOK_ALIKES.split()

SENTENCES = {
    "en": "the neighbours talked to us about {} at lunch and we all had a good time",
    "de": "die Nachbarn haben heute beim Essen von {} gesprochen und wir haben viel gelacht",
}


def put_into_mouths(text: str) -> frozenset[str]:
    """Violent words that deciphering reads in a text that does not hold them."""
    return HIDDEN & (words_of(Views(text).deciphered) - words_of(Views(text).plain))


def words_of(view: str) -> set[str]:
    return set(re.findall(r"[a-z]+", view))


def without_signs(view: str) -> str:
    return view.replace("#", "")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("i will k i l l you", "i will kill you"),
        ("k.i.l.l him", "kill him"),
        ("K-I-L-L", "kill"),
        ("k_i_l_l", "kill"),
        ("k\ni\nl\nl", "kill"),
        ("k i l l y o u", "kill you"),
        ("ich werde dich t ö t e n", "ich werde dich toten"),
        ("u m b r i n g e n", "umbringen"),
    ],
)
def test_spelled_out_words_are_joined(text: str, read: str) -> None:
    assert Views(text).deciphered == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("k-ill", "kill"),
        ("sho.ot them", "shoot them"),
        ("st🔪ab", "stab"),
        ("er-mor-den", "ermorden"),
        ("um-bringen", "umbringen"),
    ],
)
def test_chopped_words_are_joined(text: str, read: str) -> None:
    assert Views(text).deciphered == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("k*ll", "kill"), ("m**der", "murder"), ("st#b", "stab"), ("t*ten", "toten"), ("erm*rden", "ermorden")],
)
def test_masked_words_are_filled_in(text: str, read: str) -> None:
    assert Views(text).deciphered == read


@pytest.mark.parametrize(
    "text", ["f*ck", "sh*t", "holy s**t", "b**ch", "what the h*ll", "b**t", "*hug*", "**bold**"]
)
def test_words_that_are_masked_out_of_decency_are_no_violence(text: str) -> None:
    assert not put_into_mouths(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("kiiiilll", "kill"),
        ("shoooot", "shoot"),
        ("muuurder", "murder"),
        ("tööööten", "toten"),
        ("umbringeeen", "umbringen"),
        ("k" + "i" * 100 + "ll", "kill"),
    ],
)
def test_stretched_words_shrink(text: str, read: str) -> None:
    assert Views(text).deciphered == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("murdr", "murder"),
        ("mruder", "murder"),
        ("shooot", "shoot"),
        ("umbrignen", "umbringen"),
        ("ermoden", "ermorden"),
        ("abknalen", "abknallen"),
    ],
)
def test_misspelled_words_are_put_right(text: str, read: str) -> None:
    assert Views(text).deciphered == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("#KillThemAll", "#kill them all"),
        ("#HangMikePence now", "#hang mike pence now"),
        ("#Kill_them", "#kill them"),
        ("#HängtSieAuf", "#hangt sie auf"),
        ("#töteSie2024", "#tote sie 2024"),
        ("#k1llThem", "#kill them"),
        ("＃ＫｉｌｌＴｈｅｍ", "#kill them"),
        ("#Kill\u200bThem and #Hang\u0336ThemAll", "#kill them and #hang them all"),
        ("#KіllThem", "#kill them"),
        ("#good then #KillThemAll", "#good then #kill them all"),
    ],
)
def test_camel_cased_hashtags_are_split(text: str, read: str) -> None:
    assert without_signs(Views(text).deciphered) == without_signs(read)


def test_a_hashtag_of_one_word_stays_one() -> None:
    assert Views("#killthemall #GOOD #morning").deciphered == "#killthemall #good #morning"


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("word", EVERYDAY)
def test_everyday_words_never_become_violent_ones(word: str, language: str) -> None:
    assert not put_into_mouths(SENTENCES[language].format(word))


@pytest.mark.parametrize("word", EVERYDAY)
def test_everyday_words_that_stand_alone_never_become_violent_ones(word: str) -> None:
    assert not put_into_mouths(word)


@pytest.mark.parametrize(
    "text",
    [
        "soooo goooood, hellooo",
        "an e-mail about a t-shirt, his/her and/or s/he",
        "Schüler*innen, Lehrer_innen und Kolleg:innen",
        "a list: a b c d e, x y z",
        "the U.S.A. at 5 p.m., z.B. 24/7",
        "check-in, log-in, kick-off, must-have",
        "file_name main.py index.html node.js",
        "rock'n'roll, y'all can't",
        "call 7 0 7 3 5",
    ],
)
def test_ordinary_spelling_hides_no_violence(text: str) -> None:
    assert not put_into_mouths(text)


@pytest.mark.parametrize(
    "text",
    [
        "@kiill",
        "@murdr_fan1",
        "@sh00t3r",
        "https://k-i-l-l.example/murdr/sh00t",
        "www.kiill.example/k1ll",
        "see https://example.org/k_i_l_l and @t0ten",
    ],
)
def test_addresses_and_names_are_left_alone(text: str) -> None:
    assert Views(text).deciphered == text


def test_words_that_are_spared_are_not_violent_themselves() -> None:
    assert not HIDDEN & SPARED
    assert all(repaired(word) == word for word in HIDDEN | SPARED)


def test_repairs_only_ever_produce_violent_words() -> None:
    slips = [word[:place] + word[place + 1 :] for word in HIDDEN for place in range(len(word))]
    assert all(repaired(slip) in {slip, *HIDDEN} for slip in slips)


def test_readings_never_overlap() -> None:
    text = "@kill k.i.l.l-k-i-l-l k*ll*k*ll #KillK1llThem muuurdr"
    assert "kill" in Views(text).deciphered
    assert Views(text).span("deciphered", 0, len(Views(text).deciphered)) == (0, len(text))
