"""The life of a house rule: every legal step works, every other one is refused by the verbs and by the database."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from accounts.roles import Role
from moderation.models import AuditRow, RuleBacktest, RuleStep, RuleVersion, SealedRules
from moderation.rule_states import HOLDING, RuleState
from moderation.rulebook import editing, sets, stepping
from moderation.rulebook.stepping import ExamplesDisagree, NotForYou, StepRefused
from tests import factories
from tests.moderation.rulebook.builders import make_version, word


def force(version, columns):
    """Put a version into a state past every verb and trigger."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        RuleVersion.objects.filter(pk=version.pk).update(**columns)
        cursor.execute("SET LOCAL session_replication_role = origin")
    version.refresh_from_db()


def as_in(state, approver):
    """The columns that the constraints want in this state."""
    holds = state in HOLDING
    return {
        "state": state,
        "approved_by": approver if holds else None,
        "expires_at": Now() + timedelta(days=1) if holds else None,
        "share": 10 if state == RuleState.CANARY else None,
    }


@pytest.fixture
def draft(writer):
    return editing.write("code_word", word(), by=writer)


def test_a_rule_goes_from_draft_to_live_and_every_step_leaves_its_traces(writer, approver):
    version = make_version(RuleState.LIVE, writer=writer, approver=approver)
    assert (version.approved_by, version.share) == (approver, None)
    steps = RuleStep.objects.order_by("pk").values_list("new", "by__handle")
    assert list(steps) == [
        ("tested", "writer_w"),
        ("backtested", "writer_w"),
        ("shadow", "writer_w"),
        ("canary", "approver_a"),
        ("live", "approver_a"),
    ]
    verbs = list(
        AuditRow.objects.filter(subject="house/code_word#1").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == [
        "write_rule",
        "step_rule",
        "step_rule",
        "backtest_rule",
        "step_rule",
        "step_rule",
        "step_rule",
    ]


def test_it_holds_for_ninety_days_by_the_clock_of_the_database(writer, approver):
    version = make_version(RuleState.LIVE, writer=writer, approver=approver)
    same = RuleVersion.objects.filter(pk=version.pk)
    assert same.filter(expires_at__gt=Now() + timedelta(days=89)).exists()
    assert same.filter(expires_at__lte=Now() + timedelta(days=90)).exists()


@pytest.mark.parametrize("old", RuleState)
def test_verbs_and_database_refuse_every_other_step(draft, approver, old):
    force(draft, as_in(old, approver))
    for new in set(RuleState) - old.next - {old}:
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleVersion.objects.filter(pk=draft.pk).update(**as_in(new, approver))
        with pytest.raises(StepRefused), transaction.atomic():
            sets.lock()
            stepping.move(draft, new, by=approver)
    assert not RuleStep.objects.exists()


def test_of_two_who_take_a_step_at_once_one_is_refused(draft, writer):
    stale = RuleVersion.objects.with_people().get(pk=draft.pk)
    stepping.test(draft, by=writer)
    with pytest.raises(StepRefused):
        stepping.test(stale, by=writer)
    assert RuleStep.objects.count() == 1


def test_the_text_of_a_version_never_changes(draft):
    for column, value in {"pattern": "other", "sha256": "0" * 64, "author": None, "number": 7}.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleVersion.objects.filter(pk=draft.pk).update(**{column: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=draft.pk).delete()


def test_a_version_cannot_be_inserted_anywhere_but_at_the_start(draft, approver):
    sneak = RuleVersion.objects.get(pk=draft.pk)
    for state in RuleState:
        if state == RuleState.DRAFT:
            continue
        sneak.pk, sneak.number = draft.pk + 1, 2
        for column, value in as_in(state, approver).items():
            setattr(sneak, column, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            sneak.save(force_insert=True)


def test_no_version_is_backtested_without_a_stored_backtest(draft, writer):
    stepping.test(draft, by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=draft.pk).update(state=RuleState.BACKTESTED)


def test_its_author_does_not_let_it_hold(writer, approver):
    version = make_version(RuleState.SHADOW, writer=writer, approver=approver)
    with pytest.raises(NotForYou):
        stepping.hold_share(version, 10, by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(**as_in(RuleState.CANARY, writer))
    stepping.hold_share(version, 10, by=approver)
    with pytest.raises(NotForYou):
        stepping.go_live(version, by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(**as_in(RuleState.LIVE, writer))


def test_the_second_person_is_a_senior_moderator_for_the_database_too(writer, approver, moderator):
    version = make_version(RuleState.SHADOW, writer=writer, approver=approver)
    with pytest.raises(NotForYou):
        stepping.hold_share(version, 10, by=moderator)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(**as_in(RuleState.CANARY, moderator))
    RuleVersion.objects.filter(pk=version.pk).update(**as_in(RuleState.CANARY, approver))


def test_moderators_write_no_rules(moderator, draft, writer):
    with pytest.raises(NotForYou):
        editing.write("another", word(), by=moderator)
    for act in (stepping.test, stepping.watch, stepping.review, stepping.withdraw):
        with pytest.raises(NotForYou):
            act(draft, by=moderator)
    assert factories.make_user(role=Role.ADMINISTRATOR).has_perm("moderation.write_rule")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pattern": "(unclosed"}, "pattern"),
        ({"pattern": "(?=ahead)x"}, "pattern"),
        ({"pattern": r"(a)\1"}, "pattern"),
        ({"pattern": "{unknown_macro}"}, "pattern"),
        ({"pattern": "[a-z]*"}, "pattern"),
        ({"pattern": "x" * 501}, "pattern"),
        ({"pattern": ""}, "pattern"),
        ({"exceptions": ("unknown_frame",)}, "pattern"),
        ({"positive": "one\ntwo"}, "positive"),
        ({"negative": ""}, "negative"),
        ({"violation": "V99"}, "violation"),
    ],
)
def test_what_the_scanner_would_not_take_is_refused_beside_its_field(writer, changes, field):
    with pytest.raises(ValidationError) as refusal:
        editing.write("code_word", word(**changes), by=writer)
    assert list(refusal.value.message_dict) == [field]
    assert not RuleVersion.objects.exists()


@pytest.mark.parametrize("name", ["Big", "a", "with space", "x" * 41, "sneaky#1"])
def test_a_name_is_plain(writer, name):
    with pytest.raises(ValidationError) as refusal:
        editing.write(name, word(), by=writer)
    assert list(refusal.value.message_dict) == ["name"]


def test_a_name_is_taken_once(draft, writer):
    with pytest.raises(ValidationError) as refusal:
        editing.write("code_word", word("other"), by=writer)
    assert list(refusal.value.message_dict) == ["name"]


def test_examples_that_disagree_are_named_and_the_draft_stays_one(writer):
    version = editing.write(
        "code_word", word(positive="bread\nzorblax\nthe zorblax", negative="zorblax\na\nb"), by=writer
    )
    with pytest.raises(ExamplesDisagree) as refusal:
        stepping.test(version, by=writer)
    assert [fault.rpartition(": ")[2] for fault in refusal.value.faults] == ["bread", "zorblax"]
    version.refresh_from_db()
    assert version.state == RuleState.DRAFT


def test_a_new_version_leaves_what_runs_and_withdraws_what_does_not(writer, approver):
    live = make_version(RuleState.LIVE, writer=writer, approver=approver)
    tested = make_version(RuleState.TESTED, writer=writer, approver=approver, wording=word("blorgon"))
    third = editing.revise(live.rule, word("florgon"), by=writer)
    assert third.number == 3
    states = dict(RuleVersion.objects.values_list("number", "state"))
    assert states == {1: "live", 2: "withdrawn", 3: "draft"}
    with pytest.raises(ValidationError):
        editing.revise(live.rule, word("florgon"), by=writer)
    assert tested.pk != third.pk


def test_a_newer_version_takes_the_place_of_the_live_one_and_one_click_brings_it_back(writer, approver):
    first = make_version(RuleState.LIVE, writer=writer, approver=approver)
    second = make_version(RuleState.LIVE, writer=writer, approver=approver, wording=word("blorgon"))
    first.refresh_from_db()
    assert (first.state, second.state) == (RuleState.WITHDRAWN, RuleState.LIVE)
    assert stepping.roll_back(first.rule, by=writer) == first
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.approved_by, second.state) == (RuleState.LIVE, approver, RuleState.WITHDRAWN)
    assert [entry["name"] for entry in newest()["holding"]] == ["house/code_word#1"]
    with pytest.raises(StepRefused):
        stepping.roll_back(first.rule, by=writer)


def test_what_never_was_live_is_not_what_a_roll_back_brings(writer, approver):
    canary = make_version(RuleState.CANARY, writer=writer, approver=approver)
    stepping.withdraw(canary, by=writer)
    live = make_version(RuleState.LIVE, writer=writer, approver=approver, wording=word("blorgon"))
    with pytest.raises(StepRefused):
        stepping.roll_back(live.rule, by=writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=canary.pk).update(**as_in(RuleState.LIVE, approver))


def test_a_rule_that_nobody_reviewed_expires_and_starts_again_in_the_shadow(writer, approver):
    version = make_version(RuleState.LIVE, writer=writer, approver=approver)
    assert stepping.expire_due() == 0
    RuleVersion.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert stepping.expire_due() == 1
    version.refresh_from_db()
    assert (version.state, version.approved_by, version.expires_at) == (RuleState.EXPIRED, None, None)
    assert newest()["holding"] == []
    assert RuleStep.objects.latest("pk").by is None
    stepping.watch(version, by=writer)
    assert version.state == RuleState.SHADOW


def test_a_review_sets_a_new_end(writer, approver):
    version = make_version(RuleState.LIVE, writer=writer, approver=approver)
    RuleVersion.objects.update(expires_at=Now() + timedelta(days=1))
    stepping.review(version, by=writer)
    assert RuleVersion.objects.filter(expires_at__gt=Now() + timedelta(days=89)).exists()
    assert AuditRow.objects.filter(verb="review_rule", actor="@writer_w").exists()
    stepping.withdraw(version, by=writer)
    with pytest.raises(StepRefused):
        stepping.review(version, by=writer)


def newest():
    return SealedRules.objects.latest("pk").content


def test_only_what_runs_is_sealed_and_nothing_can_change_it(writer, approver):
    make_version(RuleState.BACKTESTED, writer=writer, approver=approver)
    assert not SealedRules.objects.exists()
    make_version(
        RuleState.CANARY, writer=writer, approver=approver, name="other_word", wording=word("blorgon")
    )
    assert SealedRules.objects.count() == 2
    assert newest()["shares"] == {"house/other_word#1": 10}
    for act in (lambda: SealedRules.objects.update(digest="x"), lambda: SealedRules.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_history_cannot_be_rewritten(writer, approver):
    make_version(RuleState.BACKTESTED, writer=writer, approver=approver)
    for rows in (RuleStep.objects.all(), RuleBacktest.objects.all()):
        assert rows.exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete()


def test_the_machine_never_lets_a_rule_hold(writer, approver):
    version = make_version(RuleState.SHADOW, writer=writer, approver=approver)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleStep.objects.create(version=version, old="shadow", new="canary", by=None)
