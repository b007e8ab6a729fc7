"""Referrals, authorities and legal holds through HTTP: who may enter, what the pages say, and what each look leaves behind."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from moderation import appealing, deciding
from moderation.evidence import authorities, holding, referring, releasing
from moderation.evidence.authorities import Entry
from moderation.evidence.holding import Terms
from moderation.evidence.packing import Errand
from moderation.measures import Measure
from moderation.models import (
    AuditRow,
    Authority,
    Case,
    Ground,
    HoldExtension,
    LegalHold,
    Referral,
    ReferralEntry,
    ReferralNotice,
    ReferralRequest,
    Statement,
    Urgency,
)
from tests import factories
from tests.moderation.counting import own_queries

REFERRALS = reverse("admin:moderation_referral_changelist")
AUTHORITIES = reverse("admin:moderation_authority_changelist")
HOLDS = reverse("admin:moderation_legalhold_changelist")
TERMS = Terms("AZ 12/34", "An order to preserve it.")
WHY = {"why": "Names a place and a time."}


def page(model, name, *args):
    return reverse(f"admin:moderation_{model}_{name}", args=args)


@pytest.fixture
def senior(db) -> User:
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def desk(client_for, senior):
    return client_for(senior)


@pytest.fixture
def police(administrator) -> Authority:
    return authorities.save(None, Entry("Central police office", "DE", "By phone: 110"), by=administrator)


@pytest.fixture
def case(author) -> Case:
    return Case.objects.get(post=factories.make_held_post(author=author))


@pytest.fixture
def referral(case, police, senior) -> Referral:
    return referring.refer(case, Errand(police, Ground.THREAT, Urgency.NOW, "It is serious."), by=senior)


@pytest.fixture
def hold(author, senior) -> LegalHold:
    return holding.place(author, TERMS, by=senior)


def every_page(referral, hold):
    return [
        REFERRALS,
        AUTHORITIES,
        HOLDS,
        page("referral", "change", referral.pk),
        page("referral", "make", referral.case_id),
        page("authority", "add"),
        page("authority", "change", referral.authority_id),
        page("legalhold", "place"),
        page("legalhold", "change", hold.pk),
    ]


def every_act(referral, hold):
    return [
        page("referral", "ask", referral.case_id),
        page("referral", "refuse", 1),
        page("referral", "download", referral.pk),
        page("referral", "step", referral.pk),
        page("referral", "tell", referral.pk),
        page("authority", "retire", referral.authority_id),
        page("authority", "reinstate", referral.authority_id),
        page("legalhold", "extend", hold.pk),
        page("legalhold", "confirm", 1),
        page("legalhold", "release", hold.pk),
    ]


class TestWhoEnters:
    def test_moderators_see_none_of_the_pages(self, client_for, moderator, referral, hold):
        client = client_for(moderator)
        for address in every_page(referral, hold):
            assert client.get(address).status_code == 403, address

    def test_moderators_do_nothing_but_ask(self, client_for, moderator, referral, hold):
        client = client_for(moderator)
        for address in every_act(referral, hold)[1:]:
            assert client.post(address).status_code == 403, address
        assert list(ReferralEntry.objects.values_list("act", flat=True)) == ["made"]

    def test_readers_are_led_to_the_door(self, client_for, reader, referral, hold):
        for address in every_page(referral, hold):
            assert client_for(reader).get(address).status_code in {302, 403}, address
            assert client_for().get(address).status_code == 302, address

    def test_administrators_see_all_of_them(self, client_for, administrator, referral, hold):
        client = client_for(administrator)
        for address in every_page(referral, hold):
            assert client.get(address).status_code == 200, address

    def test_seniors_see_all_but_the_forms_of_the_list_of_authorities(self, desk, referral, hold):
        for address in every_page(referral, hold):
            expected = (
                403
                if address in {page("authority", "add"), page("authority", "change", referral.authority_id)}
                else 200
            )
            assert desk.get(address).status_code == expected, address

    def test_nothing_is_done_by_looking(self, desk, referral, hold):
        for address in every_act(referral, hold):
            assert desk.get(address).status_code == 405, address

    def test_what_does_not_exist_is_not_found(self, desk):
        for address in (
            page("referral", "change", 1),
            page("legalhold", "change", 1),
            page("referral", "make", 1),
        ):
            assert desk.get(address).status_code == 404, address

    def test_nobody_learns_of_a_hold_on_themselves_or_above_them(self, desk, administrator, senior):
        for target in (senior, administrator):
            other = factories.make_user(role=Role.ADMINISTRATOR)
            hold = holding.place(target, TERMS, by=other)
            assert desk.get(page("legalhold", "change", hold.pk)).status_code == 404
        assert list(desk.get(HOLDS).context["holds"]) == []

    def test_a_referral_about_a_colleague_is_for_those_above(self, desk, client_for, administrator, police):
        other = factories.make_user("senior_t", role=Role.SENIOR_MODERATOR)
        case = Case.objects.get(post=factories.make_held_post(author=other))
        made = referring.refer(case, Errand(police, Ground.THREAT, Urgency.NOW, "So."), by=administrator)
        assert desk.get(page("referral", "change", made.pk)).status_code == 403
        assert desk.post(page("referral", "download", made.pk)).status_code == 403
        assert list(desk.get(REFERRALS).context["page"].rows) == []


class TestTheCasePage:
    def test_a_moderator_asks_and_a_senior_refers(self, client_for, moderator, desk, case, police):
        colleague = client_for(moderator)
        address = page("case", "change", case.pk)
        assert "Threat to life: ask a senior" in colleague.get(address).content.decode()
        response = colleague.post(page("referral", "ask", case.pk), WHY)
        assert response.headers["Location"] == address
        assert "A senior moderator is asked." in colleague.get(address).content.decode()
        assert colleague.post(page("referral", "ask", case.pk), WHY).status_code == 409
        assert desk.get(REFERRALS).context["requests"][0].case == case
        sent = {"authority": police.pk, "ground": "dsa-18", "urgency": "now", "why": "It is serious."}
        response = desk.post(page("referral", "make", case.pk), sent)
        referral = Referral.objects.get()
        assert response.headers["Location"] == referral.get_absolute_url()
        assert not ReferralRequest.objects.open().exists()
        seen = colleague.get(address).content.decode()
        assert "This case was referred to an authority." in seen
        assert "Central police office" not in seen
        assert "Central police office" in desk.get(address).content.decode()

    def test_who_asks_says_why(self, client_for, moderator, case):
        client_for(moderator).post(page("referral", "ask", case.pk), {"why": " "})
        assert not ReferralRequest.objects.exists()

    def test_a_senior_answers_no(self, desk, moderator, case):
        request = referring.ask(case, by=moderator, why="Somebody may die.")
        desk.post(page("referral", "refuse", request.pk), {"reason": ""})
        assert ReferralRequest.objects.open().exists()
        desk.post(page("referral", "refuse", request.pk), {"reason": "It is a quotation."})
        assert not ReferralRequest.objects.open().exists()

    def test_a_form_that_is_incomplete_makes_no_packet(self, desk, case, police):
        response = desk.post(page("referral", "make", case.pk), {"authority": police.pk})
        assert response.status_code == 400
        assert not Referral.objects.exists()

    def test_moderators_do_not_learn_of_a_hold(self, client_for, moderator, desk, case, hold):
        address = page("case", "change", case.pk)
        assert "AZ 12/34" in desk.get(address).content.decode()
        assert "AZ 12/34" not in client_for(moderator).get(address).content.decode()


class TestTheReferralPage:
    def test_it_shows_the_packet_and_notes_the_look(self, desk, referral, senior):
        seen = desk.get(referral.get_absolute_url()).content.decode()
        assert "Somebody should burn down the town hall" in seen
        assert "author@example.org" in seen
        assert referral.packet.sha256 in seen
        assert [(row.act, row.by) for row in ReferralEntry.objects.order_by("pk")] == [
            ("made", senior),
            ("seen", senior),
        ]

    def test_the_file_is_what_its_hash_is_of(self, desk, referral):
        response = desk.post(page("referral", "download", referral.pk))
        assert response.headers["Content-Type"] == "application/json"
        assert f'filename="parler-referral-{referral.pk}.json"' in response.headers["Content-Disposition"]
        assert hashlib.sha256(response.content).hexdigest() == referral.packet.sha256
        assert json.loads(response.content)["account"]["handle"] == "author"
        assert ReferralEntry.objects.filter(act="downloaded").count() == 1

    def test_steps_are_noted_in_order(self, desk, referral):
        address = page("referral", "step", referral.pk)
        at = timezone.now().strftime("%Y-%m-%dT%H:%M")
        assert desk.post(address, {"step": "sent", "note": ""}).status_code == 400
        future = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
        assert desk.post(address, {"step": "sent", "note": "By phone.", "at": future}).status_code == 400
        assert desk.post(address, {"step": "sent", "note": "By phone.", "at": at}).status_code == 302
        assert desk.post(address, {"step": "sent", "note": "By phone."}).status_code == 409
        assert desk.post(address, {"step": "made", "note": "By phone."}).status_code == 400
        assert desk.post(address, {"step": "closed", "note": "Done."}).status_code == 302
        assert list(desk.get(f"{REFERRALS}?show=closed").context["page"].rows) == [referral]
        assert list(desk.get(REFERRALS).context["page"].rows) == []

    def test_the_author_reads_of_it_once_it_is_released(self, desk, client_for, author, reader, referral):
        told = reverse("moderation:told_referrals")
        assert "Central police office" not in client_for(author).get(told).content.decode()
        address = page("referral", "tell", referral.pk)
        assert desk.post(address, {"reason": ""}).status_code == 400
        assert not ReferralNotice.objects.exists()
        assert desk.post(address, {"reason": "The investigation is over."}).status_code == 302
        assert desk.post(address, {"reason": "Again."}).status_code == 409
        seen = client_for(author).get(told).content.decode()
        assert "Central police office" in seen
        assert "The investigation is over." not in seen
        assert "Central police office" not in client_for(reader).get(told).content.decode()
        assert client_for().get(told).status_code == 302


class TestTheListOfAuthorities:
    def test_an_administrator_adds_changes_and_retires(self, client_for, administrator):
        client = client_for(administrator)
        sent = {"name": "Central police office", "country": "de", "contact": "By phone: 110"}
        assert client.post(page("authority", "add"), {**sent, "country": "D1"}).status_code == 400
        assert client.post(page("authority", "add"), sent).headers["Location"] == AUTHORITIES
        authority = Authority.objects.get()
        assert authority.country == "DE"
        assert client.post(page("authority", "add"), sent).status_code == 400
        client.post(page("authority", "change", authority.pk), {**sent, "contact": "By phone: 112"})
        client.post(page("authority", "retire", authority.pk))
        authority.refresh_from_db()
        assert authority.contact == "By phone: 112"
        assert authority.retired_at is not None
        client.post(page("authority", "reinstate", authority.pk))
        authority.refresh_from_db()
        assert authority.retired_at is None


class TestTheHolds:
    def test_a_senior_places_extends_and_releases_one(self, desk, author):
        sent = {"target": "@Author", "reference": "AZ 1", "reason": "An order.", "days": "90"}
        for wrong in ({"target": "@nobody_here"}, {"target": "x"}, {"days": "366"}, {"reason": ""}):
            assert desk.post(page("legalhold", "place"), {**sent, **wrong}).status_code == 400
        desk.post(page("legalhold", "place"), sent)
        hold = LegalHold.objects.get()
        assert (hold.user, hold.may_be_told) == (author, False)
        longer = page("legalhold", "extend", hold.pk)
        assert desk.post(longer, {"days": "10", "reason": "Why"}).status_code == 400
        assert desk.post(longer, {"days": "200", "reason": "Why"}).status_code == 302
        end = page("legalhold", "release", hold.pk)
        assert desk.post(end, {"reason": ""}).status_code == 400
        assert desk.post(end, {"reason": "Over."}).status_code == 302
        assert desk.post(end, {"reason": "Over."}).status_code == 409
        assert desk.post(longer, {"days": "200", "reason": "Why"}).status_code == 409
        assert list(desk.get(HOLDS).context["holds"]) == []
        assert list(desk.get(f"{HOLDS}?show=ended").context["holds"]) == [hold]

    def test_a_post_is_held_by_its_number(self, desk, case, senior):
        form = desk.get(f"{page('legalhold', 'place')}?target={case.post_id}")
        assert form.context["form"]["target"].value() == str(case.post_id)
        desk.post(
            page("legalhold", "place"),
            {"target": case.post_id, "reference": "1", "reason": "So.", "days": "30"},
        )
        assert LegalHold.objects.get().post_id == case.post_id

    def test_a_second_person_agrees_on_the_page(self, desk, client_for, administrator, senior, hold):
        extension = HoldExtension.objects.create(
            hold=hold, until=hold.since + timedelta(days=500), reason="The trial goes on.", asked_by=senior
        )
        address = page("legalhold", "confirm", extension.pk)
        assert "Agree" not in desk.get(hold.get_absolute_url()).content.decode()
        assert desk.post(address).status_code == 403
        colleague = client_for(administrator)
        assert "Agree" in colleague.get(hold.get_absolute_url()).content.decode()
        assert colleague.post(address).status_code == 302
        assert colleague.post(address).status_code == 409
        assert LegalHold.objects.get().until == extension.until

    def test_what_ends_first_is_on_top(self, desk, author, senior):
        late, early = (
            holding.place(author, Terms("x", "y", timedelta(days=days)), by=senior) for days in (60, 5)
        )
        response = desk.get(HOLDS)
        assert list(response.context["holds"]) == [early, late]
        assert response.content.decode().count("ends soon") == 1


class TestEveryLookIsNoted:
    @pytest.fixture
    def decided(self, author, moderator) -> Case:
        case = Case.objects.get(post=factories.make_held_post(author=author))
        deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1, violation="V3")
        return case

    @pytest.fixture
    def addresses(self, decided, author) -> list[str]:
        decision = decided.decisions.get()
        appeal = appealing.appeal(decision, by=author, text="It was a joke.")
        return [
            page("case", "change", decided.pk),
            page("appeal", "change", appeal.pk),
            page("scan", "change", decided.scan_id),
            page("decision", "change", decision.pk),
            page("statement", "change", Statement.objects.get().pk),
            reverse("admin:posts_post_change", args=[decided.post_id]),
            reverse("admin:posts_revision_change", args=[decided.revision_id]),
        ]

    @pytest.mark.parametrize("target", ["account", "post"])
    def test_of_what_is_held(self, client_for, administrator, decided, addresses, target):
        client = client_for(administrator)
        for address in addresses:
            assert client.get(address).status_code == 200, address
        assert not AuditRow.objects.filter(verb="view_held").exists()
        hold = holding.place(decided.author if target == "account" else decided.post, TERMS, by=administrator)
        for address in addresses:
            client.get(address)
        rows = AuditRow.objects.filter(verb="view_held").order_by("pk")
        assert [row.subject.split()[0] for row in rows] == [
            "case", "appeal", "scan", "decision", "statement", "post", "revision",
        ]  # fmt: skip
        assert {(row.actor, row.via) for row in rows} == {("@administrator_a", "desk")}
        assert all(row.data == {"holds": [str(hold.pk)]} for row in rows)

    def test_of_the_account_and_its_profile(self, client_for, administrator, author, hold):
        client = client_for(administrator)
        client.get(reverse("admin:accounts_user_change", args=[author.pk]))
        client.get(reverse("admin:posts_profile_change", args=[author.pk]))
        rows = AuditRow.objects.filter(verb="view_held").order_by("pk")
        assert [row.subject for row in rows] == [f"user {author.pk}", f"profile {author.pk}"]

    def test_not_any_more_after_its_end(self, client_for, administrator, author, hold, senior):
        holding.release(hold, by=senior, reason="Over.")
        client_for(administrator).get(reverse("admin:accounts_user_change", args=[author.pk]))
        assert not AuditRow.objects.filter(verb="view_held").exists()


class TestCosts:
    def test_the_lists_cost_the_same_however_long_they_are(self, desk, author, senior, police, moderator):
        for count in (1, 30):
            for _number in range(count):
                case = Case.objects.get(post=factories.make_held_post(author=author, text="Burn it"))
                referring.refer(case, Errand(police, Ground.THREAT, Urgency.NOW, "So."), by=senior)
                holding.place(author, TERMS, by=senior)
            with own_queries(2):
                referrals = desk.get(REFERRALS)
            with own_queries(1):
                holds = desk.get(HOLDS)
            with own_queries(1):
                desk.get(AUTHORITIES)
        assert len(referrals.context["page"].rows) == len(holds.context["holds"]) == 25
        before = referrals.context["page"].next
        with own_queries(1):
            second = desk.get(f"{REFERRALS}?before={before}").context["page"]
        assert (len(second.rows), second.next) == (6, None)
        with own_queries(2):
            more = desk.get(f"{HOLDS}?after={holds.context['more']}").context
        assert (len(more["holds"]), more["more"]) == (6, None)
        assert not {hold.pk for hold in more["holds"]} & {hold.pk for hold in holds.context["holds"]}

    def test_what_one_was_told_costs_two_queries(self, client_for, author, senior, police):
        client = client_for(author)
        for _number in range(3):
            case = Case.objects.get(post=factories.make_held_post(author=author, text="Burn it"))
            made = referring.refer(case, Errand(police, Ground.THREAT, Urgency.NOW, "So."), by=senior)
            releasing.tell_author(made, by=senior, reason="Over.")
        with own_queries(2):  # One of them counts what is unread, for the navigation.
            assert len(client.get(reverse("moderation:told_referrals")).context["page"].rows) == 3

    def test_the_page_of_a_referral_costs_the_same_however_long_its_log_is(self, desk, referral):
        desk.get(referral.get_absolute_url())
        with own_queries(7):
            desk.get(referral.get_absolute_url())
        for _number in range(5):
            desk.get(referral.get_absolute_url())
        with own_queries(7):
            desk.get(referral.get_absolute_url())


def test_the_pages_are_german_too(client_for, senior, referral, hold):
    User.objects.filter(pk=senior.pk).update(language="de")
    with translation.override("de"):
        client = client_for(User.objects.get(pk=senior.pk))
        assert "Überweisungen an Behörden" in client.get(REFERRALS).content.decode()
        assert "Aufbewahrung" in client.get(HOLDS).content.decode()
