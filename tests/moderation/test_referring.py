"""Referrals to authorities: the packet, its log, and who may do what."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts import erasing
from accounts.models import User
from accounts.roles import Role
from moderation import deciding, mailing, reporting
from moderation.evidence import authorities, packing, referring, releasing, storing
from moderation.evidence.admitting import NotForYou
from moderation.evidence.authorities import Entry
from moderation.evidence.packing import Errand
from moderation.evidence.referring import Event, TooLate
from moderation.lanes import Lane
from moderation.measures import Measure
from moderation.models import (
    AuditRow,
    Authority,
    Case,
    Evidence,
    Ground,
    Referral,
    ReferralEntry,
    ReferralNotice,
    ReferralRequest,
    Urgency,
)
from posts import publishing
from posts.models import Post, Visibility
from tests import factories

KEYS = {
    "": {
        "format", "platform", "made_at", "referral", "recipient", "account", "content", "versions", "thread", "scans",
        "decisions", "reports",
    },
    "referral": {"ground", "urgency", "why", "case"},
    "recipient": {"name", "country", "contact"},
    "account": {"id", "handle", "email", "joined_at", "last_log_in_at"},
    "content": {"kind", "id", "address", "visibility", "withdrawn_at", "is_shown"},
    "versions": {
        "number", "is_referred", "text", "evidence", "judged_sha256", "language", "status", "submitted_at", "shown_from",
        "shown_until", "erased_at",
    },
    "thread": {"by", "submitted_at", "is_public", "is_shown", "text", "evidence"},
    "scans": {"at", "sha256", "verdict", "class", "probability", "imminence", "target", "ruleset", "model"},
    "decisions": {"at", "measure", "class"},
    "reports": {"at", "class"},
}  # fmt: skip


@pytest.fixture
def senior(db) -> User:
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def police(administrator) -> Authority:
    return authorities.save(None, Entry("Central police office", "DE", "By phone: 110"), by=administrator)


@pytest.fixture
def errand(police) -> Errand:
    return Errand(police, Ground.THREAT, Urgency.NOW, "Names a place and a time.")


@pytest.fixture
def post(author, reader) -> Post:
    """A comment that was reported, edited, and held in its second version."""
    first = factories.make_post(author=reader, text="What about the town hall?")
    comment = factories.make_post(author=author, text="I do not like it", parent=first)
    reporting.report(comment, by=reader, violation="V6", comment="The accordion player reported it")
    revision = publishing.edit(comment, body="Somebody should burn it down", warning="", by=author)
    factories.hold(revision)
    return comment


@pytest.fixture
def case(post) -> Case:
    return Case.objects.get(post=post)


@pytest.fixture
def referral(case, errand, senior) -> Referral:
    return referring.refer(case, errand, by=senior)


def content(referral):
    return json.loads(referral.packet.body)


class TestThePacket:
    def test_it_holds_what_is_listed_and_nothing_besides(self, referral):
        packet = content(referral)
        assert set(packet) == KEYS[""]
        for part, keys in KEYS.items():
            inside = packet[part] if part else packet
            for each in inside if isinstance(inside, list) else [inside]:
                assert set(each) == keys
        for part in ("versions", "thread", "scans", "reports"):
            assert packet[part]

    def test_nobody_else_is_in_it(self, referral, reader, moderator, senior):
        body = referral.packet.body
        author = referral.case.author
        for person in (reader, moderator, senior):
            assert person.handle not in body
            assert str(person.pk) not in body
            assert person.email not in body
        assert author.password not in body
        assert "accordion" not in body

    def test_it_says_what_was_written_when_it_was_shown_and_under_which_hash(self, referral):
        first, second = content(referral)["versions"]
        assert (first["number"], first["text"], first["is_referred"]) == (1, "I do not like it", False)
        assert (second["text"], second["status"], second["is_referred"]) == (
            "Somebody should burn it down",
            "held",
            True,
        )
        assert len(first["shown_from"]) == 1
        assert second["shown_from"] == second["shown_until"] == []
        for version in (first, second):
            kept = Evidence.objects.get(sha256=version["evidence"])
            assert kept.body == version["text"]
            assert kept in referral.evidence.all()
        account = content(referral)["account"]
        assert (account["handle"], account["email"]) == ("author", "author@example.org")

    def test_the_thread_above_is_in_it_without_names(self, referral):
        (above,) = content(referral)["thread"]
        assert (above["by"], above["text"]) == ("another account", "What about the town hall?")

    def test_what_only_some_may_read_above_it_is_not(self, author, reader, errand, senior):
        first = factories.make_post(author=author, text="An accordion", visibility=Visibility.FOLLOWERS)
        comment = factories.make_held_post(author=author, parent=first)
        packet = content(referring.refer(Case.objects.get(post=comment), errand, by=senior))
        (above,) = packet["thread"]
        assert (above["by"], above["text"], above["is_public"]) == ("the same account", "", False)

    def test_a_profile_is_referred_as_well(self, author, errand, senior):
        reporting.report(author.profile, by=factories.make_user(), violation="V3")
        packet = content(referring.refer(Case.objects.get(profile=author.profile), errand, by=senior))
        assert packet["content"]["kind"] == "profile"
        assert packet["thread"] == []

    def test_it_never_changes_whatever_becomes_of_the_account(self, referral, author, moderator, case):
        before, sha256 = referral.packet.body, referral.packet.sha256
        deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V3")
        erasing.erase(author, by=author)
        after = Referral.objects.get(pk=referral.pk).packet
        assert (after.body, after.sha256) == (before, sha256)
        assert hashlib.sha256(before.encode()).hexdigest() == sha256

    def test_the_same_content_has_the_same_hash_in_whatever_order(self):
        assert packing.encode({"b": [1, "ü"], "a": None}) == packing.encode({"a": None, "b": [1, "ü"]})
        assert packing.encode({"b": [1, "ü"], "a": None}) == '{"a":null,"b":[1,"ü"]}'

    def test_its_time_is_the_databases(self, case, errand, senior):
        with time_machine.travel(timezone.now() + timedelta(days=4000)):
            referral = referring.refer(case, errand, by=senior)
        assert content(referral)["made_at"] < (timezone.now() + timedelta(days=1)).isoformat()

    def test_a_closed_case_is_referred_too_and_says_what_was_decided(self, case, errand, senior, moderator):
        deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V3")
        (decision,) = content(referring.refer(case, errand, by=senior))["decisions"]
        assert (decision["measure"], decision["class"]) == ("take_down", "V3")


class TestEvidence:
    def test_the_same_text_is_kept_once(self, case, errand, senior):
        referring.refer(case, errand, by=senior)
        texts = Evidence.objects.filter(kind="text").count()
        referring.refer(case, errand, by=senior)
        assert Evidence.objects.filter(kind="text").count() == texts
        assert Evidence.objects.filter(kind="packet").count() == 2

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE moderation_evidence SET body = 'x'",
            "DELETE FROM moderation_referral_evidence",
            "UPDATE moderation_referralentry SET note = 'x'",
            "DELETE FROM moderation_referralentry",
            "UPDATE moderation_referral SET why = 'x'",
            "UPDATE moderation_referral SET status = 'answered'",
            "DELETE FROM moderation_referral",
            "INSERT INTO moderation_evidence (sha256, kind, body) VALUES (repeat('0', 64), 'text', 'x')",
        ],
    )
    def test_the_database_refuses_to_change_it(self, referral, statement):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_the_command_names_the_first_row_that_does_not_fit(self, referral, capsys):
        call_command("verify_evidence")
        assert "Every piece" in capsys.readouterr().out
        first, second = Evidence.objects.order_by("pk")[:2]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "UPDATE moderation_evidence SET body = body || 'x' WHERE id IN (%s, %s)",
                [first.pk, second.pk],
            )
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        assert storing.find_fault() == (first.pk, first.sha256)
        with pytest.raises(CommandError, match=str(first.pk)):
            call_command("verify_evidence")


class TestAsking:
    def test_a_moderator_asks_and_the_case_becomes_imminent(self, case, moderator):
        assert case.lane != Lane.IMMINENT
        referring.ask(case, by=moderator, why="Somebody may die.")
        after = Case.objects.get(pk=case.pk)
        assert after.lane == Lane.IMMINENT
        assert after.due_at - timezone.now() < timedelta(minutes=16)
        assert after.version == case.version
        assert Case.objects.in_order().first() == case

    def test_one_request_is_open_at_a_time(self, case, moderator):
        referring.ask(case, by=moderator, why="Somebody may die.")
        with pytest.raises(TooLate):
            referring.ask(case, by=moderator, why="Really.")

    def test_a_closed_case_stays_closed(self, case, moderator):
        deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=case.version, violation="V3")
        lane = Case.objects.get(pk=case.pk).lane
        referring.ask(case, by=moderator, why="Somebody may die.")
        after = Case.objects.get(pk=case.pk)
        assert (after.status, after.lane) == ("closed", lane)

    def test_a_referral_answers_it(self, case, moderator, senior, errand):
        request = referring.ask(case, by=moderator, why="Somebody may die.")
        referral = referring.refer(case, errand, by=senior)
        request.refresh_from_db()
        assert (request.referral, request.answered_by) == (referral, senior)

    def test_a_senior_refuses_with_a_reason_once(self, case, moderator, senior):
        request = referring.ask(case, by=moderator, why="Somebody may die.")
        with pytest.raises(NotForYou):
            referring.refuse(request, by=moderator, reason="No.")
        referring.refuse(request, by=senior, reason="It is a quotation.")
        with pytest.raises(TooLate):
            referring.refuse(request, by=senior, reason="It is a quotation.")
        assert not ReferralRequest.objects.open().exists()

    def test_nobody_asks_about_themselves_or_without_being_a_moderator(self, case, reader, author):
        with pytest.raises(NotForYou):
            referring.ask(case, by=reader, why="No.")
        factories.give_role(author, Role.MODERATOR)
        with pytest.raises(NotForYou):
            referring.ask(case, by=User.objects.get(pk=author.pk), why="No.")


class TestWhatBecomesOfIt:
    def test_its_steps_are_taken_once_and_in_order(self, referral, senior):
        with pytest.raises(TooLate):
            referring.note_answer(referral, Event("They called back."), by=senior)
        referring.note_sent(referral, Event("By phone, to the duty officer."), by=senior)
        with pytest.raises(TooLate):
            referring.note_sent(referral, Event("Again."), by=senior)
        referring.note_answer(referral, Event("They called back."), by=senior)
        referring.close(referral, Event("Somebody was arrested."), by=senior)
        for step in (referring.note_sent, referring.note_answer, referring.close):
            with pytest.raises(TooLate):
                step(referral, Event("More."), by=senior)
        assert referral.steps == frozenset()
        acts = [entry.act for entry in ReferralEntry.objects.order_by("pk")]
        assert acts == ["made", "sent", "answered", "closed"]

    def test_everything_stands_in_its_log_and_in_the_trail(self, referral, senior):
        referring.read(referral, by=senior)
        body = referring.download(referral, by=senior)
        assert hashlib.sha256(body).hexdigest() == referral.packet.sha256
        releasing.tell_author(referral, by=senior, reason="The investigation is over.")
        acts = [entry.act for entry in ReferralEntry.objects.order_by("pk")]
        assert acts == ["made", "seen", "downloaded", "told"]
        rows = AuditRow.objects.filter(subject=str(referral)).order_by("pk")
        assert [row.verb for row in rows] == [f"referral_{act}" for act in acts]
        assert {row.actor for row in rows} == {"@senior_s"}
        assert rows[1].data["packet"] == referral.packet.sha256

    def test_it_was_handed_over_between_its_making_and_now(self, referral, senior):
        now = timezone.now()
        for at in (now - timedelta(hours=1), now + timedelta(hours=1)):
            with pytest.raises(ValidationError):
                referring.note_sent(referral, Event("By phone.", at), by=senior)
        assert Referral.objects.get(pk=referral.pk).status == "made"
        # People name minutes.
        referring.note_sent(referral, Event("By phone.", now.replace(second=0, microsecond=0)), by=senior)

    def test_the_author_is_told_only_when_that_is_released(self, referral, author, senior, mailoutbox):
        mailing.send_due()  # That the text is held.
        mailoutbox.clear()
        assert not ReferralNotice.objects.exists()
        assert mailing.send_due() == 0
        releasing.tell_author(referral, by=senior, reason="The investigation is over.")
        with pytest.raises(TooLate):
            releasing.tell_author(referral, by=senior, reason="Again.")
        assert mailing.send_due() == 1
        assert mailoutbox[0].to == ["author@example.org"]
        assert "Central police office (DE)" in mailoutbox[0].body
        assert "The investigation is over." not in mailoutbox[0].body
        assert mailing.send_due() == 0

    def test_it_is_said_in_the_authors_language(self, referral, author, senior):
        User.objects.filter(pk=author.pk).update(language="de")
        fresh = Referral.objects.with_all().get(pk=referral.pk)
        notice = releasing.tell_author(fresh, by=senior, reason="The investigation is over.")
        assert notice.language == "de"
        assert "deine E-Mail-Adresse" in notice.text


class TestWhoMay:
    @pytest.mark.parametrize("person", ["reader", "moderator"])
    def test_nobody_below_a_senior_does_anything_with_it(self, request, referral, errand, person):
        below = request.getfixturevalue(person)
        acts = [
            lambda: referring.refer(referral.case, errand, by=below),
            lambda: referring.read(referral, by=below),
            lambda: referring.download(referral, by=below),
            lambda: referring.note_sent(referral, Event("No."), by=below),
            lambda: releasing.tell_author(referral, by=below, reason="No."),
        ]
        for act in acts:
            with pytest.raises(NotForYou):
                act()
        assert list(ReferralEntry.objects.values_list("act", flat=True)) == ["made"]

    def test_seniors_do_not_refer_each_other_but_administrators_do(self, senior, administrator, errand):
        other = factories.make_user("senior_t", role=Role.SENIOR_MODERATOR)
        case = Case.objects.get(post=factories.make_held_post(author=other))
        for person in (senior, other):
            with pytest.raises(NotForYou):
                referring.refer(case, errand, by=person)
        assert not Evidence.objects.exists()
        referral = referring.refer(case, errand, by=administrator)
        assert not Referral.objects.on_desk_of(senior).exists()
        assert Referral.objects.on_desk_of(administrator).get() == referral

    def test_only_administrators_change_the_list_of_authorities(self, police, senior, moderator):
        for person in (senior, moderator):
            with pytest.raises(NotForYou):
                authorities.save(None, Entry("Mine", "DE", "here"), by=person)
            with pytest.raises(NotForYou):
                authorities.retire(police, by=person)

    def test_the_list_is_changed_with_a_trace(self, police, administrator, case, senior, errand):
        authorities.save(police, Entry("Central police office", "DE", "By phone: 112"), by=administrator)
        with pytest.raises(ValidationError):
            authorities.save(None, Entry("Central police office", "DE", "x"), by=administrator)
        authorities.retire(police, by=administrator)
        police.refresh_from_db()
        with pytest.raises(ValidationError):
            referring.refer(case, errand, by=senior)
        authorities.reinstate(police, by=administrator)
        verbs = (
            AuditRow.objects.filter(subject=f"authority {police.pk}")
            .order_by("pk")
            .values_list("verb", flat=True)
        )
        assert list(verbs) == ["add_authority", "change_authority", "retire_authority", "reinstate_authority"]
