"""Notes: moderators write down for each other what the next one should know, and the author never reads it."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.roles import Role
from moderation import deciding, noting
from moderation.deciding import NotAllowed
from moderation.measures import Measure
from moderation.models import AuditRow, Case, CaseNote
from tests import factories

WORDS = "Wrote the same to us by mail"


@pytest.fixture
def case(author):
    return Case.objects.get(post=factories.make_held_post(author=author))


@pytest.fixture
def desk(client_for, moderator):
    return client_for(moderator)


def page(case, name="change"):
    return reverse(f"admin:moderation_case_{name}", args=[case.pk])


def test_a_note_stands_beside_its_case_and_on_no_other(desk, case, author):
    other = Case.objects.get(post=factories.make_held_post(author=author))
    assert desk.post(page(case, "note"), {"text": WORDS}).url == page(case)
    assert WORDS in desk.get(page(case)).content.decode()
    assert WORDS not in desk.get(page(other)).content.decode()


def test_a_note_on_the_author_stands_beside_all_their_cases(desk, case, author, moderator):
    other = Case.objects.get(post=factories.make_held_post(author=author))
    desk.post(page(case, "note"), {"text": WORDS, "is_about_author": "on"})
    assert WORDS in desk.get(page(other)).content.decode()
    deciding.decide(other, Measure.CLEAR, by=moderator, version=1)
    assert WORDS in desk.get(page(other)).content.decode()


def test_pinned_notes_come_first_then_the_newest(case, moderator):
    for text, is_pinned in (("pinned", True), ("older", False), ("newer", False)):
        noting.note(case, text, by=moderator, is_pinned=is_pinned)
    assert [note.text for note in CaseNote.objects.beside(case)] == ["pinned", "newer", "older"]


def test_every_note_stands_in_the_trail_without_its_words(case, moderator):
    note = noting.note(case, WORDS, by=moderator)
    row = AuditRow.objects.get(verb="note")
    assert (row.subject, row.actor, row.data) == (str(case), str(moderator), {"note": str(note.pk)})


def test_whoever_may_not_judge_notes_nothing(case, reader, author):
    for person in (reader, author):
        with pytest.raises(NotAllowed):
            noting.note(case, WORDS, by=person)


def test_nobody_reads_what_was_noted_about_them(client_for, desk, case, author, moderator):
    noting.note(case, WORDS, by=moderator, is_about_author=True)
    noting.note(case, WORDS, by=moderator)
    deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V1")
    factories.give_role(author, Role.MODERATOR)
    theirs = client_for(author)
    assert theirs.get(page(case)).status_code == 403
    for address in ("/statements", "/home", "/notifications", "/@author", "/settings/"):
        assert WORDS not in theirs.get(address, follow=True).content.decode()


@pytest.mark.parametrize("text", ["", " ", "x" * 2001])
def test_a_note_without_sense_is_refused_with_a_word(desk, case, text):
    shown = desk.post(page(case, "note"), {"text": text}, follow=True)
    assert "Nothing was noted" in shown.content.decode()
    assert not CaseNote.objects.exists()


def test_a_note_is_neither_changed_nor_deleted(case, moderator):
    note = noting.note(case, WORDS, by=moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseNote.objects.filter(pk=note.pk).update(text="")
    with pytest.raises(IntegrityError), transaction.atomic():
        note.delete()


def test_noting_refuses_get(desk, case):
    assert desk.get(page(case, "note")).status_code == 405
