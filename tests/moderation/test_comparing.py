"""Cases about nearly the same text find each other, in as many queries for many as for few."""

import pytest
from django.urls import reverse

from accounts import erasing
from accounts.roles import Role
from moderation import comparing, deciding
from moderation.measures import Measure
from moderation.models import Case, CaseSketch
from moderation.scanning import near_duplicates
from posts import publishing
from tests import factories
from tests.moderation.counting import own_queries

TEXT = "They will see at the town hall on Saturday what they get for all of this"
COPY = "They will see at the town hall on Sunday what they get for all of this"
OTHER = "We march on Saturday, peacefully, and everybody brings a drum or a flute"


def hold(author, text):
    return Case.objects.get(post=factories.make_held_post(author=author, text=text))


def similar(case, moderator):
    found = comparing.similar_to(case, moderator=moderator)
    return [Case.objects.get(pk=each.pk) for each in found]


def test_nearly_the_same_text_is_found_and_another_one_is_not(author, reader, moderator):
    case, copy = hold(author, TEXT), hold(reader, COPY)
    hold(reader, OTHER)
    (found,) = comparing.similar_to(case, moderator=moderator)
    assert (found.pk, found.decision) == (copy.pk, None)
    assert near_duplicates.ALIKE <= found.similarity < 1


def test_a_short_text_is_compared_with_nothing(author, reader, moderator):
    case = hold(author, "Burn it")
    hold(reader, "Burn it")
    assert similar(case, moderator) == []
    assert not CaseSketch.objects.exists()


def test_a_newer_version_is_compared_by_its_own_text(author, reader, moderator):
    case, copy = hold(author, OTHER), hold(reader, COPY)
    assert similar(copy, moderator) == []
    factories.hold(publishing.edit(case.post, body=TEXT, warning="", by=author))
    assert similar(copy, moderator) == [case]
    shortened = publishing.edit(case.post, body="Never mind", warning="", by=author)
    factories.hold(shortened)
    assert similar(copy, moderator) == []


def test_open_cases_come_first_and_closed_ones_say_how_they_ended(author, reader, moderator):
    case, closed, waiting = hold(author, TEXT), hold(reader, TEXT), hold(reader, COPY)
    decision = deciding.decide(closed, Measure.TAKE_DOWN, by=moderator, version=1, violation="V1")
    found = comparing.similar_to(case, moderator=moderator)
    assert [(each.pk, each.decision) for each in found] == [(waiting.pk, None), (closed.pk, decision)]


def test_what_a_moderator_may_not_judge_is_not_shown_to_them(author, moderator):
    case = hold(author, TEXT)
    hold(moderator, TEXT)
    hold(factories.make_user("colleague", role=Role.MODERATOR), TEXT)
    assert similar(case, moderator) == []


def test_twenty_are_shown_and_take_one_query_more_only_where_one_is_closed(author, reader, moderator):
    case = hold(author, TEXT)
    hold(reader, TEXT)
    with own_queries(1):
        assert len(comparing.similar_to(case, moderator=moderator)) == 1
    for _number in range(24):
        hold(reader, TEXT)
    with own_queries(1):
        assert len(comparing.similar_to(case, moderator=moderator)) == comparing.MOST_SHOWN
    for other in Case.objects.exclude(pk=case.pk)[:10]:
        deciding.decide(other, Measure.CLEAR, by=moderator, version=1)
    with own_queries(2):
        assert len(comparing.similar_to(case, moderator=moderator)) == comparing.MOST_SHOWN


def test_of_an_erased_account_no_sketch_is_left(author, reader, moderator):
    closed, waiting = hold(author, TEXT), hold(author, COPY)
    deciding.decide(closed, Measure.CLEAR, by=moderator, version=1)
    erasing.erase(author, by=author)
    assert set(CaseSketch.objects.values_list("case", flat=True)) == {waiting.pk}
    deciding.decide(waiting, Measure.CLEAR, by=moderator, version=1)
    assert not CaseSketch.objects.exists()


def test_equal_bytes_in_another_place_are_another_band():
    bands = comparing.bands_of(bytes(128))
    assert len(set(bands)) == comparing.BANDS


@pytest.mark.parametrize("is_mine", [True, False])
def test_the_page_offers_to_decide_them_together_to_who_has_the_case(
    client_for, author, reader, moderator, is_mine
):
    case, copy = hold(author, TEXT), hold(reader, COPY)
    desk = client_for(moderator)
    address = reverse("admin:moderation_case_change", args=[case.pk])
    if is_mine:
        desk.post(reverse("admin:moderation_case_take", args=[case.pk]))
    shown = desk.get(address).content.decode()
    assert COPY in shown
    assert (f'name="together" value="{copy.pk}"' in shown) is is_mine
