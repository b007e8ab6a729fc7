"""Who may judge whom: nobody acts on somebody at or above their own level."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.roles import Role
from moderation import deciding, queueing, reporting, standing
from moderation.deciding import NotAllowed
from moderation.measures import Measure
from moderation.models import Case
from moderation.queueing import NotClaimable
from posts import presenting
from tests import factories
from tests.moderation.counting import own_queries

pytestmark = pytest.mark.django_db

STAFF = [Role.MODERATOR, Role.SENIOR_MODERATOR, Role.ADMINISTRATOR]
MAY = {
    (Role.MODERATOR, Role.USER),
    (Role.SENIOR_MODERATOR, Role.USER),
    (Role.SENIOR_MODERATOR, Role.MODERATOR),
    *((Role.ADMINISTRATOR, role) for role in Role),
}


@pytest.fixture
def senior():
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)


def case_about(author):
    return Case.objects.get(post=factories.make_held_post(author=author))


@pytest.mark.parametrize("role", STAFF)
@pytest.mark.parametrize("of_author", list(Role))
def test_the_verbs_the_queue_and_the_question_agree(role, of_author):
    judge, author = factories.make_user(role=role), factories.make_user(role=of_author)
    case = case_about(author)
    may = (role, of_author) in MAY
    assert (standing.why_not(author, by=judge) == "") is may
    assert Case.objects.decidable_by(judge).filter(pk=case.pk).exists() is may
    assert (queueing.claim_next(by=judge) == case) is may
    if may:
        deciding.decide(case, Measure.CLEAR, by=judge, version=1)
        return
    with pytest.raises(NotClaimable):
        queueing.claim(case, by=judge)
    with pytest.raises(NotAllowed, match="as high as yours"):
        deciding.decide(case, Measure.CLEAR, by=judge, version=1)


@pytest.mark.parametrize("role", STAFF)
def test_nobody_decides_about_their_own_texts_whatever_their_role(role):
    judge = factories.make_user(role=role)
    case = case_about(judge)
    assert not Case.objects.decidable_by(judge).exists()
    with pytest.raises(NotAllowed, match="your own texts"):
        deciding.decide(case, Measure.CLEAR, by=judge, version=1)


def test_a_profile_counts_like_a_post(moderator, senior):
    factories.hold(presenting.present(senior, name="I will come for you", biography=""))
    assert not Case.objects.decidable_by(moderator).exists()
    assert Case.objects.decidable_by(factories.make_user(role=Role.ADMINISTRATOR)).count() == 1


def test_a_superuser_is_an_administrator_without_the_group(moderator, administrator):
    root = User.objects.create_superuser("root_r", "root@example.org", factories.PASSWORD)
    case = case_about(root)
    assert not Case.objects.decidable_by(moderator).filter(pk=case.pk).exists()
    assert Case.objects.decidable_by(administrator).filter(pk=case.pk).exists()
    assert Case.objects.decidable_by(root).filter(pk=case.pk).exists() is False


def test_a_removal_of_a_senior_is_not_taken_back_by_a_moderator(moderator, senior, administrator):
    removal = deciding.decide(
        case_about(senior), Measure.TAKE_DOWN, by=administrator, version=1, violation="V1"
    )
    with pytest.raises(NotAllowed):
        deciding.overturn(removal, by=moderator)
    deciding.overturn(removal, by=administrator)


def test_who_is_promoted_while_judged_is_out_of_the_judges_hands(moderator, author, client_for):
    case = queueing.claim(case_about(author), by=moderator)
    factories.give_role(author, Role.SENIOR_MODERATOR)
    assert queueing.claim_next(by=moderator) is None
    client_for(moderator).post(reverse("admin:moderation_case_next"))
    with pytest.raises(NotAllowed):
        deciding.decide(case, Measure.CLEAR, by=moderator, version=case.version)


@pytest.mark.parametrize(
    ("language", "why"),
    [("en", "role is as high as yours or higher"), ("de", "ist so hoch wie deine oder höher")],
)
def test_the_desk_does_not_offer_the_case_and_says_why(client_for, senior, language, why):
    judge = factories.make_user(role=Role.MODERATOR, language=language)
    case = case_about(senior)
    client = client_for(judge)
    queue = reverse("admin:moderation_case_changelist")
    with translation.override(language):
        assert client.get(queue).context["rows"] == []
    address = reverse("admin:moderation_case_change", args=[case.pk])
    with translation.override(language):  # What a request switches on stays on for whoever comes next.
        page = client.get(address)
    assert page.status_code == 403
    assert why in page.content.decode()
    sent = {"measure": "clear", "version": case.version}
    for name in ("take", "decide", "release", "restore"):
        act = reverse(f"admin:moderation_case_{name}", args=[case.pk])
        with translation.override(language):
            assert client.post(act, sent).status_code == 403
    case.refresh_from_db()
    assert (case.status, case.claimed_by) == ("open", None)


def test_who_reported_a_senior_is_not_for_a_moderator(client_for, moderator, administrator, senior, reader):
    reporting.report(factories.make_post(author=senior), by=reader, violation="V6")
    records = reverse("admin:moderation_report_changelist")
    assert "@reader" in client_for(administrator).get(records).content.decode()
    assert "@reader" not in client_for(moderator).get(records).content.decode()


def test_the_queue_asks_as_often_with_many_colleagues_cases_in_it(client_for, moderator, author, senior):
    client = client_for(moderator)
    queue = reverse("admin:moderation_case_changelist")
    client.get(queue)
    with own_queries(3):
        client.get(queue)
    for _number in range(6):
        factories.make_held_post(author=author)
        factories.make_held_post(author=senior)
    with own_queries(3):
        assert len(client.get(queue).context["rows"]) == 6
