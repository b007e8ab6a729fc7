"""German is whole: every message has its translation, and what is compiled is what is written.

The catalogues are read here without the gettext tools, which not everybody who changes a sentence has installed.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from moderation import deciding, mailing
from moderation.measures import Measure
from moderation.models import Case, Statement
from moderation.taxonomy import Violation
from posts import presenting
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("accounts", "posts", "moderation", "parler")
OURS = ROOT / "locale/de/LC_MESSAGES/django.po"
OF_ALLAUTH = ROOT / "locale_of_allauth/de/LC_MESSAGES/django.po"
ALLAUTHS_OWN = Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.po"
CATALOGUES = pytest.mark.parametrize("catalogue", [OURS, OF_ALLAUTH], ids=["ours", "of allauth"])

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}|</?\w+[^>]*>")
TRANSLATE = re.compile(r"""(?:\{%\s*translate\s+|\b_\()(?:"([^"]+)"|'([^']+)')""")
BLOCK = re.compile(
    r"\{%\s*blocktranslate\b(?P<options>.*?)%\}(?P<one>.*?)(?:\{%\s*plural\s*%\}(?P<many>.*?))?\{%\s*endblocktranslate\s*%\}",
    re.DOTALL,
)
VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
LAZY_AND_NOT = {"_", "gettext", "gettext_lazy"}


@dataclass
class Message:
    """One entry of a .po file: its strings by keyword ("msgid", "msgstr[0]" …), and its flags."""

    strings: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)

    @property
    def msgid(self) -> str:
        return self.strings["msgid"]

    @property
    def translations(self) -> list[str]:
        return [text for keyword, text in self.strings.items() if keyword.startswith("msgstr")]


def read(path: Path) -> list[Message]:
    """The messages of a .po file, the header first."""
    messages = []
    for block in path.read_text().split("\n\n"):
        message, keyword = Message(), ""
        for line in block.strip().splitlines():
            if line.startswith("#,"):
                message.flags |= {flag.strip() for flag in line[2:].split(",")}
            elif not line.startswith("#"):
                before, quote, after = line.partition('"')
                keyword = before.strip() or keyword
                message.strings[keyword] = message.strings.get(keyword, "") + ast.literal_eval(quote + after)
        if message.strings:
            messages.append(message)
    return messages


def said_in_python() -> Iterator[str]:
    for app in SOURCES:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str() as text), *_rest]):
                        if name in LAZY_AND_NOT:
                            yield text


def said_in_templates() -> Iterator[str]:
    for path in (ROOT / "templates").rglob("*.*"):
        page = path.read_text()
        for double, single in TRANSLATE.findall(page):
            yield double or single
        for block in BLOCK.finditer(page):
            text = block["one"]
            if " trimmed" in block["options"]:
                text = " ".join(line.strip() for line in text.strip().splitlines())
            yield VARIABLE.sub(r"%(\1)s", text)


@CATALOGUES
def test_every_message_is_translated_and_no_translation_is_a_guess(catalogue):
    messages = read(catalogue)
    assert len(messages) > 40
    assert [each.msgid for each in messages if not each.translations or not all(each.translations)] == []
    assert [each.msgid for each in messages if "fuzzy" in each.flags] == []


@CATALOGUES
def test_the_header_names_the_language_and_its_plurals(catalogue):
    header = read(catalogue)[0].strings["msgstr"]
    assert "Language: de\n" in header
    assert "Plural-Forms: nplurals=2; plural=(n != 1);\n" in header


@CATALOGUES
def test_no_message_stands_there_twice(catalogue):
    msgids = [(each.strings.get("msgctxt"), each.msgid) for each in read(catalogue)]
    assert len(msgids) == len(set(msgids))


def mismatches(messages: list[Message]) -> list[str]:
    return [
        each.msgid
        for each in messages
        for translation in each.translations
        if sorted(PLACEHOLDER.findall(each.msgid)) != sorted(PLACEHOLDER.findall(translation))
    ]


@CATALOGUES
def test_placeholders_and_markup_are_the_same_in_both_languages(catalogue):
    assert mismatches(read(catalogue)[1:]) == []


def test_a_lost_placeholder_is_found():
    lost = Message({"msgid": "%(name)s on <b>Parler</b>", "msgstr": "%(nam)s auf <b>Parler</b>"})
    assert mismatches([lost]) == [lost.msgid]


@CATALOGUES
def test_what_is_compiled_is_what_is_written(catalogue):
    written: dict[object, str] = {}
    for each in read(catalogue)[1:]:
        if "msgid_plural" in each.strings:
            written |= {(each.msgid, form): text for form, text in enumerate(each.translations)}
        else:
            written[each.msgid] = each.translations[0]
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        found = vars(gettext.GNUTranslations(compiled))["_catalog"]
    del found[""]  # The header, of which msgfmt leaves out when the sources were read.
    assert found == written


def test_what_the_sources_say_is_what_is_translated():
    said = {*said_in_python(), *said_in_templates()}
    written = {each.msgid for each in read(OURS)[1:]}
    assert said - written == set(), "run manage.py makemessages -l de --no-location"
    assert written - said == set(), "run manage.py makemessages -l de --no-location"


def test_allauth_still_says_what_we_say_otherwise():
    theirs = {each.msgid for each in read(ALLAUTHS_OWN)}
    assert {each.msgid for each in read(OF_ALLAUTH)} - theirs == set()


@CATALOGUES
def test_nobody_is_addressed_as_a_stranger(catalogue):
    formal = re.compile(r"\b(Ihnen|Ihre[mnrs]?|\w+en Sie|Sie können)\b")
    assert [text for each in read(catalogue) for text in each.translations if formal.search(text)] == []


def test_the_catalogues_are_the_ones_that_are_used():
    assert [Path(path) for path in settings.LOCALE_PATHS] == [OURS.parents[2], OF_ALLAUTH.parents[2]]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", ["Sag, was du denkst.", "Registrieren", "Entdecken"]),
        ("/account/login/", ["Willkommen zurück", "E-Mail-Adresse oder Nutzername", "Passwort vergessen?"]),
        ("/rules", ["Was nicht erlaubt ist", "Aufruf zu Gewalt", "Ein Mensch entscheidet."]),
        ("/nothing/here", ["Hier ist nichts"]),
    ],
)
def test_a_browser_that_asks_for_german_gets_it(client, db, address, words):
    page = client.get(address, headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de">' in page
    assert [word for word in words if word not in page] == []


@pytest.fixture
def german(author):
    User.objects.filter(pk=author.pk).update(language=User.Language.GERMAN)
    author.refresh_from_db()
    return author


def test_a_german_account_reads_german_whatever_its_browser_says(client_for, german):
    client = client_for(german)
    for address, words in (
        ("/home", "Hier liest du"),
        ("/rules", "Gemeinschaftsregeln"),
        ("/settings", "Sicherheit"),
    ):
        page = client.get(address, headers={"Accept-Language": "en"}).content.decode()
        assert '<html lang="de">' in page
        assert words in page


def test_a_german_author_gets_a_german_statement_and_mail(client_for, german, moderator, mailoutbox):
    factories.make_held_post(author=german, text="I will come for you")
    deciding.decide(
        Case.objects.get(),
        Measure.TAKE_DOWN,
        by=moderator,
        version=1,
        violation=Violation.THREAT_DIRECT,
        reason="",
    )
    factories.let_undo_pass()
    statement = Statement.objects.get()
    assert statement.language == "de"
    page = client_for(german).get(statement.get_absolute_url()).content.decode()
    for words in (
        "Dein Beitrag wurde von uns entfernt",
        "Der Text lautet: „I will come for you“",
        "Die Entscheidung hat ein Mensch getroffen.",
        "Regel V3, Drohung: Kündigt an",
        "Beschwerde einlegen",
    ):
        assert words in page
    mailing.send_due()
    assert mailoutbox[0].subject == "Parler: unsere Entscheidung zu deinem Beitrag"
    assert mailoutbox[0].body.startswith("Hallo @author,")
    assert "Was du tun kannst" in mailoutbox[0].body


def test_a_german_profile_is_named_as_one_in_its_statement(german, moderator):
    """The German sentences begin with what they are about, so that its gender does not matter."""
    factories.hold(presenting.present(german, name="I will come for you", biography=""))
    deciding.decide(
        Case.objects.get(),
        Measure.TAKE_DOWN,
        by=moderator,
        version=1,
        violation=Violation.THREAT_DIRECT,
        reason="",
    )
    assert Statement.objects.get().measure.startswith("Dein Profil erscheint nicht")


def test_an_english_account_reads_english_still(client_for, author):
    page = (
        client_for(author)
        .get(reverse("moderation:rules"), headers={"Accept-Language": "de"})
        .content.decode()
    )
    assert '<html lang="en">' in page
    assert "Community rules" in page
