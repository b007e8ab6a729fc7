"""Second looks: who gets them, that they are blind, and that nothing comes of them but a figure."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from moderation import deciding, reporting
from moderation.figures import looking_again
from moderation.figures.looking_again import LookTaken, MayNotLook
from moderation.measures import Measure
from moderation.models import AuditRow, Case, Decision, SecondLook, Statement
from moderation.models.samples import Difference
from posts.statuses import Status
from tests import factories

LOOKS = reverse("admin:moderation_secondlook_changelist")
NEXT = reverse("admin:moderation_secondlook_next")
REASON = "Because of the third sentence"


def page(look, name="change"):
    return reverse(f"admin:moderation_secondlook_{name}", args=[look.pk])


def decide(author, moderator, *, measure=Measure.TAKE_DOWN, text="Burn it all down"):
    post = factories.make_held_post(author=author, text=text)
    decision = deciding.decide(
        Case.objects.get(post=post), measure, by=moderator, version=1, violation="V7", reason=REASON
    )
    return SecondLook.objects.get(decision=decision)


@pytest.fixture
def look(author, moderator, everything_is_chosen):
    """A removal by `moderator` that chance chose."""
    return decide(author, moderator)


def test_a_second_moderator_judges_and_nothing_changes(look, other):
    before = list(look.decision.case.post.revisions.values())
    assert looking_again.claim_next(by=other) == look
    done = looking_again.judge(look, Measure.CLEAR, by=other, note="A quotation.")
    assert (done.measure, done.by, done.note, done.difference) == (
        "clear",
        other,
        "A quotation.",
        Difference.LIGHTER,
    )
    assert list(look.decision.case.post.revisions.values()) == before
    assert (Decision.objects.count(), Statement.objects.count()) == (1, 1)
    verbs = AuditRow.objects.filter(actor_id=other.pk).values_list("verb", flat=True)
    assert list(verbs.order_by("pk")) == ["claim_second_look", "look_again"]


@pytest.mark.usefixtures("everything_is_chosen")
@pytest.mark.parametrize(
    ("measures", "violation", "difference"),
    [
        ((Measure.TAKE_DOWN, Measure.TAKE_DOWN), "V7", Difference.NONE),
        ((Measure.TAKE_DOWN, Measure.TAKE_DOWN), "V6", Difference.OTHER),
        ((Measure.TAKE_DOWN, Measure.CLEAR), "", Difference.LIGHTER),
        ((Measure.CLEAR, Measure.TAKE_DOWN), "V7", Difference.STRICTER),
        ((Measure.CLEAR, Measure.CLEAR), "V7", Difference.NONE),
    ],
)
def test_two_verdicts_are_compared(author, moderator, measures, violation, difference):
    first, second = measures
    other = factories.make_user("other", role=Role.MODERATOR)
    look = decide(author, moderator, measure=first)
    looking_again.judge(look, second, by=other, violation=violation)
    done = SecondLook.objects.with_decision().get()
    assert done.difference == difference
    expected = [done] if difference in (Difference.STRICTER, Difference.LIGHTER) else []
    assert list(SecondLook.objects.differing()) == expected


def test_the_page_tells_nothing_of_the_first_decision(client_for, look, moderator, other):
    looking_again.claim(look, by=other)
    shown = client_for(other).get(page(look)).content.decode()
    assert "it all down" in shown
    statement = Statement.objects.get()
    for told in (moderator.handle, REASON, "taken down", "glorification", str(look.decision_id)):
        assert told not in shown.replace('value="V7"', "").replace("<strong>Glorification", "")
    for block in (statement.measure, statement.ground, statement.redress):
        assert block not in shown
    assert reverse("admin:moderation_case_change", args=[look.decision.case_id]) not in shown


def test_the_page_counts_neither_strikes_nor_measures_as_the_first_decision_is_among_them(
    client_for, look, moderator, other
):
    case = client_for(moderator).get(reverse("admin:moderation_case_change", args=[look.decision.case_id]))
    assert "<dt>Strikes</dt>" in case.content.decode()
    blind = (
        client_for(other).get(reverse("admin:moderation_secondlook_change", args=[look.pk])).content.decode()
    )
    assert "<dt>Open cases</dt>" in blind
    assert "<dt>Strikes</dt>" not in blind
    assert "<dt>Overturned</dt>" not in blind


def test_the_page_tells_nothing_of_what_came_after_the_decision(client_for, look, author, moderator, other):
    third = factories.make_user("third", role=Role.MODERATOR)
    deciding.overturn(look.decision, by=third, reason="We were wrong")
    later = decide(author, third, text="Something later")
    looking_again.claim(look, by=other)
    shown = client_for(other).get(page(look)).content.decode()
    for told in (
        "taken back",
        "@third",
        reverse("admin:moderation_case_change", args=[later.decision.case_id]),
    ):
        assert told not in shown


def test_what_its_own_decider_took_back_needs_no_second_look(look, moderator, other):
    deciding.overturn(look.decision, by=moderator, reason="We were wrong")
    assert looking_again.claim_next(by=other) is None


def test_once_judged_both_verdicts_are_told(client_for, look, moderator, other):
    looking_again.claim(look, by=other)
    response = client_for(other).post(page(look, "judge"), {"measure": "clear"}, follow=True)
    shown = response.content.decode()
    assert f"@{moderator.handle}" in shown
    assert "lighter" in shown


def test_the_first_decider_is_refused_by_the_verb(look, moderator):
    assert looking_again.claim_next(by=moderator) is None
    with pytest.raises(MayNotLook):
        looking_again.claim(look, by=moderator)
    with pytest.raises(MayNotLook):
        looking_again.judge(look, Measure.CLEAR, by=moderator)


def test_the_first_decider_is_refused_by_the_page(client_for, look, moderator):
    client = client_for(moderator)
    assert client.get(page(look)).status_code == 403
    assert client.post(page(look, "judge"), {"measure": "clear"}).status_code == 403
    assert SecondLook.objects.get().at is None


@pytest.mark.parametrize(
    "change",
    [
        "claimed_by_id = %(moderator)s, claimed_until = now()",
        "by_id = %(moderator)s, at = now(), measure = 'clear'",
    ],
)
def test_the_first_decider_is_refused_by_the_database(look, moderator, change):
    with (
        pytest.raises(IntegrityError, match="decided first"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE moderation_secondlook SET {change}", {"moderator": moderator.pk})  # noqa: S608  Constants of this test.


def test_what_was_said_is_never_changed_nor_deleted(look, other):
    looking_again.judge(look, Measure.CLEAR, by=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondLook.objects.update(measure=Measure.TAKE_DOWN)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondLook.objects.all().delete()


def test_who_took_the_decision_back_is_no_fresh_eye(look, other):
    deciding.overturn(look.decision, by=other)
    assert looking_again.claim_next(by=other) is None


def test_nobody_looks_at_somebody_of_their_own_level(moderator, other, administrator, everything_is_chosen):
    look = decide(factories.make_user("colleague", role=Role.MODERATOR), administrator)
    assert looking_again.claim_next(by=other) is None
    with pytest.raises(MayNotLook):
        looking_again.judge(look, Measure.CLEAR, by=other)


def test_readers_do_not_look(look, reader):
    with pytest.raises(MayNotLook):
        looking_again.judge(look, Measure.CLEAR, by=reader)


def test_a_claim_keeps_others_away_until_it_runs_out(look, other, senior):
    looking_again.claim_next(by=other)
    assert looking_again.claim_next(by=senior) is None
    with pytest.raises(LookTaken):
        looking_again.judge(look, Measure.CLEAR, by=senior)
    SecondLook.objects.update(claimed_until=Now() - timedelta(seconds=1))
    assert looking_again.claim_next(by=senior) == look
    with pytest.raises(LookTaken):
        looking_again.judge(look, Measure.CLEAR, by=other)


def test_one_is_taken_at_a_time_and_given_back(author, moderator, other, everything_is_chosen):
    first, second = decide(author, moderator, text="One"), decide(author, moderator, text="Two")
    assert looking_again.claim_next(by=other) == first
    assert looking_again.claim_next(by=other) == first
    looking_again.claim(second, by=other)
    assert list(SecondLook.objects.claimed_by_now(other)) == [second]
    looking_again.release(second, by=other)
    assert not SecondLook.objects.filter(claimed_by=other).exists()


def test_one_is_judged_once(look, other, senior):
    looking_again.judge(look, Measure.CLEAR, by=other)
    with pytest.raises(LookTaken):
        looking_again.judge(look, Measure.CLEAR, by=senior)


def test_what_an_erased_account_wrote_is_not_looked_at(look, other):
    Case.objects.update(snapshot="")
    assert looking_again.claim_next(by=other) is None


def test_the_desk_gives_one_after_the_other(client_for, author, moderator, other, everything_is_chosen):
    decide(author, moderator, text="One")
    second = decide(author, moderator, text="Two")
    desk = client_for(other)
    response = desk.post(NEXT)
    assert desk.get(response.url).status_code == 200
    address = f"{response.url}judge/"
    assert desk.post(address, {"measure": "take_down"}).status_code == 400
    response = desk.post(address, {"measure": "take_down", "violation": "V1", "next": "1"})
    assert response.url == page(second)
    assert b"Two" in desk.get(response.url).content
    desk.post(page(second, "release"))
    assert not SecondLook.objects.filter(claimed_by=other).exists()


def test_a_verdict_that_comes_too_late_keeps_what_was_typed(client_for, look, other, senior):
    looking_again.claim(look, by=senior)
    response = client_for(other).post(page(look, "judge"), {"measure": "clear", "note": "My words"})
    assert response.status_code == 409
    assert b"My words" in response.content


def test_what_changes_something_refuses_get(client_for, look, other):
    desk = client_for(other)
    assert desk.get(NEXT).status_code == 405
    for name in ("judge", "release"):
        assert desk.get(page(look, name)).status_code == 405


def test_readers_stay_out(client_for, look, reader):
    assert client_for(reader).get(LOOKS, follow=True).status_code == 403
    assert client_for(reader).get(page(look), follow=True).status_code == 403


def test_an_unknown_one_is_not_found(client_for, other, db):
    assert client_for(other).get(reverse("admin:moderation_secondlook_change", args=[1])).status_code == 404


def test_only_seniors_compare(client_for, look, other, senior):
    looking_again.judge(look, Measure.CLEAR, by=other, note="A quotation.")
    third = factories.make_user("third", role=Role.MODERATOR)
    assert client_for(third).get(f"{LOOKS}?show=differences").status_code == 403
    assert client_for(third).get(page(look)).status_code == 403
    shown = client_for(senior).get(f"{LOOKS}?show=differences").content.decode()
    assert page(look) in shown
    assert "A quotation." in client_for(senior).get(page(look)).content.decode()


def test_an_empty_list_says_so(client_for, other, senior):
    assert b"Nothing waits for a second look by you." in client_for(other).get(LOOKS).content
    shown = client_for(senior).get(f"{LOOKS}?show=differences").content
    assert b"No second look was stricter or lighter" in shown
    assert b"nothing to look at again" in client_for(other).post(NEXT, follow=True).content


def count_queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.usefixtures("everything_is_chosen")
def test_the_list_takes_as_many_queries_however_long_it_is(
    client_for, author, moderator, senior, other, monkeypatch
):
    monkeypatch.setattr("moderation.admin.second_looks.PAGE", 3)
    looking_again.judge(decide(author, moderator, text="Number 0"), Measure.CLEAR, by=other)
    client, address = client_for(senior), f"{LOOKS}?show=differences"
    few = count_queries(client, address)
    for number in range(1, 5):
        looking_again.judge(decide(author, moderator, text=f"Number {number}"), Measure.CLEAR, by=other)
    assert count_queries(client, address) == few
    first = client.get(address)
    rest = client.get(f"{address}&before={first.context['more']}")
    seen = [look.pk for look in [*first.context["looks"], *rest.context["looks"]]]
    assert seen == list(SecondLook.objects.order_by("-pk").values_list("pk", flat=True))


def test_the_page_takes_as_many_queries_however_much_there_is(client_for, look, author, reader, other):
    looking_again.claim(look, by=other)
    client = client_for(other)
    few = count_queries(client, page(look))
    for number in range(3):
        post = factories.make_post(author=author, text=f"Number {number}")
        reporting.report(post, by=reader, violation="V6")
    assert count_queries(client, page(look)) == few


def test_the_text_stays_removed_whatever_the_second_look_says(look, other):
    looking_again.judge(look, Measure.CLEAR, by=other)
    assert look.decision.case.post.revisions.get().status == Status.REMOVED
    assert isinstance(look.decision.by, User)
