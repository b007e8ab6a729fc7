"""Posts that say word for word what a case is about are shown beside it, and become cases when a moderator wants it."""

import pytest
from django.urls import reverse

from accounts import erasing
from accounts.roles import Role
from moderation import copying, deciding, queueing, reporting
from moderation.deciding import NotAllowed
from moderation.measures import Measure
from moderation.models import AuditRow, Case, Origin, Statement
from tests import factories
from tests.moderation.counting import own_queries

TEXT = "They will see at the town hall on Saturday what they get for all of this"


def say(text=TEXT, **fields):
    return factories.make_post(author=factories.make_user(), text=text, **fields)


@pytest.fixture
def case(author, reader):
    reported = factories.make_post(author=author, text=TEXT)
    reporting.report(reported, by=reader, violation="V3")
    return Case.objects.get(post=reported)


def page(case, name="change"):
    return reverse(f"admin:moderation_case_{name}", args=[case.pk])


def test_only_what_others_see_says_the_very_words_and_waits_for_nobody_is_found(case, author, reader):
    first, again = say(), factories.make_post(author=author, text=TEXT)
    say(TEXT + ".")
    factories.make_held_post(author=author, text=TEXT)
    reported = say()
    reporting.report(reported, by=reader, violation="V1")
    assert list(copying.find(case)) == [first, again]


def test_of_an_erased_text_there_are_no_copies(case, author, moderator):
    say()
    deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V3")
    erasing.erase(author, by=author)
    case.refresh_from_db()
    assert not copying.find(case).exists()


def test_the_page_lists_them_and_opens_cases_about_the_ticked_ones(client_for, moderator, case):
    chosen, left = say(), say()
    desk = client_for(moderator)
    assert f'value="{chosen.pk}" checked' in desk.get(page(case)).content.decode()
    sent = {"post": [str(chosen.pk), "x", "99999999999999999999"]}
    assert desk.post(page(case, "copies"), sent).url == page(case)
    opened = Case.objects.get(post=chosen)
    assert (opened.origin, opened.violation, opened.status) == (Origin.COPY, "V3", "open")
    assert not Case.objects.filter(post=left).exists()
    shown = desk.get(page(case)).content.decode()
    assert "Cases opened: 1." in shown
    assert f'name="together" value="{opened.pk}"' not in shown  # Whoever only looks decides nothing.
    assert f'name="post" value="{left.pk}"' in shown
    assert f'name="post" value="{chosen.pk}"' not in shown
    row = AuditRow.objects.get(verb="open_copies")
    assert (row.subject, row.data["cases"]) == (str(case), [str(opened)])


def test_what_is_no_copy_becomes_no_case(client_for, moderator, case):
    other = say("We march on Saturday, peacefully")
    shown = client_for(moderator).post(page(case, "copies"), {"post": other.pk}, follow=True)
    assert "There is nothing left to open a case about." in shown.content.decode()
    assert Case.objects.count() == 1


def test_a_copy_that_is_taken_down_says_how_it_was_found(moderator, case):
    (opened,) = copying.open_cases(case, [say().pk], by=moderator)
    deciding.decide(opened, Measure.TAKE_DOWN, by=moderator, version=opened.version, violation="V3")
    statement = Statement.objects.get(decision__case=opened)
    assert "It says word for word what another text says that we looked at." in statement.facts
    assert statement.automation == "Automated means were used to find it. The decision was made by a person."
    assert statement.automated_detection


def test_nobody_opens_them_from_a_case_that_is_not_theirs_to_judge(moderator, reader):
    own = factories.make_post(author=factories.make_user(role=Role.SENIOR_MODERATOR), text=TEXT)
    reporting.report(own, by=reader, violation="V3")
    with pytest.raises(NotAllowed):
        copying.open_cases(Case.objects.get(post=own), [say().pk], by=moderator)


def test_twenty_are_opened_at_once_and_the_rest_is_left(moderator, case):
    posts = [say().pk for _number in range(copying.MOST + 1)]
    assert len(copying.open_cases(case, posts, by=moderator)) == copying.MOST
    assert copying.find(case).count() == 1


def test_copies_cost_the_page_one_query(client_for, moderator, case):
    queueing.claim(case, by=moderator)
    desk = client_for(moderator)
    desk.get(page(case))
    say()
    with own_queries(8):
        desk.get(page(case))
    for _number in range(3):
        say()
    with own_queries(8):
        desk.get(page(case))
