"""Mass reverts at the desk, through HTTP: preview, opt-out, confirmation and progress."""

import pytest
from django.urls import reverse

from moderation import screening
from moderation.models import Case, Decision, MassRevert
from moderation.rule_states import RuleState
from moderation.rulebook import reverting
from tests import factories
from tests.moderation.counting import own_queries
from tests.moderation.rulebook.builders import make_version

REVERTS = reverse("admin:moderation_massrevert_changelist")
ADD = reverse("admin:moderation_massrevert_add")
ASKED = {"rule": "house/code_word#1", "since": "2020-01-01T00:00", "until": "2999-01-01T00:00"}

pytestmark = pytest.mark.usefixtures("fresh_process")


@pytest.fixture
def desk(client_for, writer):
    return client_for(writer)


@pytest.fixture
def cases(author, writer, approver):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    for number in range(3):
        factories.make_pending_post(author=author, text=f"Bring the <b>zorblax</b> {number}")
    screening.screen_due()
    return list(Case.objects.order_by("pk"))


def boxes(cases):
    return [f"{case.pk}:{case.version}" for case in cases]


def test_only_seniors_take_back_and_moderators_read_what_was(client_for, moderator, reader, cases):
    assert client_for(reader).get(REVERTS, follow=True).status_code == 403
    client = client_for(moderator)
    assert client.get(REVERTS).status_code == 200
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, {**ASKED, "case": boxes(cases)}).status_code == 403
    assert not MassRevert.objects.exists()


def test_a_preview_changes_nothing_and_what_is_not_ticked_stays_held(desk, cases):
    assert desk.get(ADD, {"rule": ASKED["rule"]}).status_code == 200
    preview = desk.get(ADD, ASKED)
    assert preview.context["preview"].cases == cases
    assert all(f'value="{box}" checked' in preview.content.decode() for box in boxes(cases))
    assert "&lt;b&gt;zorblax" in preview.content.decode()
    assert not Decision.objects.exists()
    answer = desk.post(ADD, {**ASKED, "case": boxes(cases[:2]), "reason": "Our mistake."}, follow=True)
    assert answer.status_code == 200
    assert list(Case.objects.open()) == [cases[2]]
    assert set(Decision.objects.values_list("reason", flat=True)) == {"Our mistake."}
    assert (answer.context["revert"].cleared, answer.context["revert"].waiting) == (2, 0)
    assert len(desk.get(REVERTS).context["reverts"]) == 1


@pytest.mark.parametrize("wrong", [{"until": "2019-01-01T00:00"}, {"since": "yesterday"}, {"rule": ""}])
def test_a_period_that_is_none_is_refused_beside_its_field(desk, cases, wrong):
    answer = desk.get(ADD, {**ASKED, **wrong})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == list(wrong)
    assert desk.post(ADD, {**ASKED, **wrong, "case": boxes(cases)}).status_code == 400
    assert not MassRevert.objects.exists()


@pytest.mark.parametrize("nonsense", [[], ["x:y"], ["1:1"], ["1"], ["99999999999999999999:1"]])
def test_boxes_that_mean_no_offered_case_are_refused(desk, cases, nonsense):
    answer = desk.post(ADD, {**ASKED, "case": nonsense})
    assert answer.status_code == 409
    assert answer.context["preview"].cases == cases
    assert not MassRevert.objects.exists()


def test_what_is_left_goes_on_at_a_button(desk, client_for, moderator, cases, monkeypatch):
    monkeypatch.setattr(reverting.carry_on, "__kwdefaults__", {"most": 2})
    address = desk.post(ADD, {**ASKED, "case": boxes(cases)}).url
    assert desk.get(address).context["revert"].waiting == 1
    go_on = reverse("admin:moderation_massrevert_carry_on", args=[MassRevert.objects.get().pk])
    assert client_for(moderator).post(go_on).status_code == 403
    assert desk.get(go_on).status_code == 405
    assert desk.post(go_on).status_code == 302
    assert desk.get(address).context["revert"].waiting == 0
    assert Decision.objects.count() == 3
    assert desk.post(go_on, follow=True).status_code == 200


def test_a_period_without_holds_says_so(desk, db):
    answer = desk.get(ADD, ASKED)
    assert 'class="nothing"' in answer.content.decode()
    assert 'class="nothing"' in desk.get(REVERTS).content.decode()


def test_the_page_of_a_revert_takes_the_same_queries_for_any_number_of_cases(desk, cases):
    small = desk.post(ADD, {**ASKED, "case": boxes(cases[:1])}).url
    large = desk.post(ADD, {**ASKED, "case": boxes(cases[1:])}).url
    for address in (small, large):
        with own_queries(2):
            assert desk.get(address).status_code == 200
