"""Statements of reasons: six blocks for every measure, source and language, stored with the decision and kept as they were said."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from accounts import erasing
from accounts.models import Restriction, User
from accounts.roles import Role
from moderation import deciding, dsa, notices, reporting
from moderation.measures import CLOSING, Measure
from moderation.models import Case, Decision, Origin, Scan, Statement
from moderation.models.appeals import TIME_TO_APPEAL
from moderation.sources import Source
from moderation.taxonomy import Violation
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "I will come for you, @mayor"
BLOCKS = ("measure", "facts", "automation", "legal_ground", "ground", "redress")
ACCOUNT_MEASURES = (Measure.WARN, Measure.STRIKE, Measure.READ_ONLY, Measure.SUSPEND, Measure.BAN)
# What the statement says that it did, by language.
WORDS = {
    Measure.CLEAR: ("found nothing against the rules", "keinen Verstoß"),
    Measure.LABEL: ("as sensitive", "als heikel"),
    Measure.LIMIT: ("limited the reach", "begrenzte Reichweite"),
    Measure.LOCK: ("takes no more comments", "keine Kommentare"),
    Measure.TAKE_DOWN: ("We removed your post", "wurde von uns entfernt"),
    Measure.WARN: ("We warn you", "Wir verwarnen dich"),
    Measure.STRIKE: ("counts as a strike", "zählt bis"),
    Measure.READ_ONLY: ("read-only until", "nur lesen"),
    Measure.SUSPEND: ("suspended until", "gesperrt"),
    Measure.BAN: ("Two people decided", "zwei Menschen"),
}


@pytest.fixture
def other():
    return factories.make_user("second", role=Role.SENIOR_MODERATOR)


def make_case(author: User, *, held: bool) -> Case:
    """A case about a post: the machine held it, or somebody reported it."""
    if held:
        post = factories.make_held_post(author=author, text=TEXT)
    else:
        post = factories.make_post(author=author, text=TEXT)
        reporting.report(post, by=factories.make_user("melder"), violation="V3", comment="He wrote to me.")
    return Case.objects.with_target().get(post=post)


def decide(case: Case, measure: Measure, by: User, reason: str = "It names her.") -> Decision:
    return deciding.decide(case, measure, by=by, version=case.version, violation="V3", reason=reason)


def sanction(case: Case, measure: Measure, by: User, second: User) -> Statement:
    """A removal with a measure on the account beside it, as rows: the statement tells of both."""
    parent = Decision.objects.create(case=case, measure=Measure.TAKE_DOWN, violation="V3", by=by)
    kind = measure.terms.restriction
    restriction = None
    if kind:
        until = Now() + timedelta(days=7) if measure.terms.durations else None
        restriction = Restriction.objects.create(account=case.author, kind=kind, until=until)
    Decision.objects.create(
        case=case,
        measure=measure,
        violation="V3",
        parent=parent,
        restriction=restriction,
        is_strike=measure == Measure.STRIKE,
        by=by,
        confirmed_by=second if measure.terms.needs_second else None,
    )
    return notices.give_reasons(parent)


def take_back(decision: Decision, by: User) -> Statement:
    """The statement for the decision that overturns this one; what that does to the text is tested with the measures."""
    undo = Decision.objects.create(case=decision.case, measure=Measure.RESTORE, overturns=decision, by=by)
    return notices.give_reasons(undo)


def check_blocks(statement: Statement, *, held: bool, language: str) -> None:
    for block in BLOCKS:
        assert getattr(statement, block).strip(), block
    assert statement.language == language
    assert "melder" not in " ".join(getattr(statement, block) for block in BLOCKS)
    source = dsa.SourceType.VOLUNTARY if held else dsa.SourceType.OTHER_NOTIFICATION
    automation = dsa.Automation.PARTIALLY if held else dsa.Automation.NOT_AUTOMATED
    assert (statement.source_type, statement.automated_detection, statement.automated_decision) == (
        source,
        held,
        automation,
    )
    assert (statement.scope, statement.starts_at) == ("everywhere", statement.decision.at)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("held", [True, False], ids=["held", "reported"])
@pytest.mark.parametrize("measure", [measure for measure in CLOSING if measure.restricts])
def test_every_measure_on_a_text_is_explained_in_six_blocks(measure, held, language, moderator):
    author = factories.make_user("writer", language=language)
    statement = decide(make_case(author, held=held), measure, moderator).statement
    check_blocks(statement, held=held, language=language)
    assert WORDS[measure][language == "de"] in statement.measure
    assert (statement.measure_taken, statement.account_measure) == (measure, "")
    assert statement.decision_visibility == dsa.visibility_of(measure)
    assert (statement.decision_provision, statement.decision_account, statement.ends_at) == ("", "", None)
    assert (statement.category, statement.keyword) == (
        "STATEMENT_CATEGORY_CYBER_VIOLENCE",
        "KEYWORD_CYBER_HARASSMENT",
    )
    assert statement.appeal_until == statement.decision.at + TIME_TO_APPEAL
    with translation.override(language):
        assert date_format(statement.appeal_until, "DATE_FORMAT") in statement.redress
        assert str(Violation.THREAT_DIRECT.label) in statement.ground
    assert reverse("moderation:make_appeal", args=[statement.decision_id]) in statement.redress
    assert "It names her." in statement.ground
    assert TEXT in statement.facts


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("held", [True, False], ids=["held", "reported"])
@pytest.mark.parametrize("measure", ACCOUNT_MEASURES)
def test_every_measure_on_an_account_is_explained_with_its_end(measure, held, language, moderator, other):
    author = factories.make_user("writer", language=language)
    statement = sanction(make_case(author, held=held), measure, moderator, other)
    check_blocks(statement, held=held, language=language)
    assert WORDS[measure][language == "de"] in statement.measure
    assert (statement.measure_taken, statement.account_measure) == (Measure.TAKE_DOWN, measure)
    assert statement.decision_provision == (dsa.provision_of(measure) or "")
    assert statement.decision_account == (dsa.account_decision_of(measure) or "")
    assert (statement.ends_at is not None) is bool(measure.terms.durations)
    if statement.ends_at:
        assert statement.ends_at == Restriction.objects.get().until
        with translation.override(language):
            assert date_format(statement.ends_at, "DATETIME_FORMAT") in statement.measure


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_was_held_and_cleared_is_explained_without_a_ground_against_it(language, moderator):
    author = factories.make_user("writer", language=language)
    statement = decide(make_case(author, held=True), Measure.CLEAR, moderator).statement
    check_blocks(statement, held=True, language=language)
    assert WORDS[Measure.CLEAR][language == "de"] in statement.measure
    assert (statement.category, statement.keyword, statement.decision_visibility) == ("", "", "")
    assert statement.appeal_until is None


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("measure", [Measure.LABEL, Measure.LIMIT, Measure.LOCK, Measure.TAKE_DOWN])
def test_what_is_taken_back_is_named(measure, language, moderator):
    author = factories.make_user("writer", language=language)
    decision = decide(make_case(author, held=False), measure, moderator)
    statement = take_back(decision, moderator)
    check_blocks(statement, held=False, language=language)
    assert statement.measure_taken == Measure.RESTORE
    assert (statement.appeal_until, statement.category) == (None, "")
    assert statement.measure != decision.statement.measure


def test_no_two_measures_are_taken_back_in_the_same_words(author, moderator):
    words = set()
    for measure in (Measure.LABEL, Measure.LIMIT, Measure.LOCK, Measure.TAKE_DOWN):
        decision = decide(make_case(author, held=True), measure, moderator)
        words.add(take_back(decision, moderator).measure)
    assert len(words) == 4


def test_the_versions_of_the_check_and_the_passages_that_it_matched_are_named(author, moderator):
    case = make_case(author, held=True)
    reasons = [
        {"kind": "rule", "name": "secret-name", "start": 0, "end": 19, "score": 1.0, "role": "method"},
        {"kind": "rule", "name": "secret-name", "start": 21, "end": 27, "score": 1.0, "role": "frame"},
    ]
    with connection.cursor() as cursor:  # Scans are append-only.
        cursor.execute("SET LOCAL session_replication_role = replica")
        Scan.objects.filter(pk=case.scan_id).update(ruleset="r-17", model="m-4", reasons=reasons)
        cursor.execute("SET LOCAL session_replication_role = origin")
    statement = decide(Case.objects.with_target().get(), Measure.TAKE_DOWN, moderator).statement
    assert "version r-17" in statement.automation
    assert "version m-4" in statement.automation
    assert "these passages: “I will come for you”" in statement.ground
    assert "@mayor" not in statement.ground
    assert "secret-name" not in statement.ground


def test_what_could_not_be_scanned_was_not_found_by_a_machine(author, moderator):
    case = make_case(author, held=True)
    Case.objects.filter(pk=case.pk).update(origin=Origin.ERROR, scan=None)
    case = Case.objects.with_target().get()
    statement = decide(case, Measure.TAKE_DOWN, moderator).statement
    assert statement.automated_detection is False
    assert statement.automated_decision == dsa.Automation.PARTIALLY
    assert "could not judge it" in statement.facts


def test_a_removal_that_brings_a_strike_says_until_when(author, moderator):
    case = make_case(author, held=True)
    parent = Decision.objects.create(
        case=case, measure=Measure.TAKE_DOWN, violation="V3", is_strike=True, by=moderator
    )
    statement = notices.give_reasons(parent)
    with translation.override("en"):
        assert date_format(parent.at + timedelta(days=365), "DATE_FORMAT") in statement.measure


def test_what_is_passed_on_among_moderators_is_not_told(author, moderator):
    case = make_case(author, held=True)
    passed_on = Decision.objects.create(case=case, measure=Measure.ESCALATE, by=moderator)
    with pytest.raises(ValueError, match="not told"):
        notices.give_reasons(passed_on)


def test_every_class_and_source_has_its_place_in_the_transparency_database():
    assert len({dsa.source_type_of(source) for source in Source}) == len(Source)
    for violation in Violation:
        subject = dsa.subject_of(violation)
        assert re.fullmatch("STATEMENT_CATEGORY_[A-Z_]+", subject.category)
        assert re.fullmatch("KEYWORD_[A-Z_]+", subject.keyword)


# Stored with the decision


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_fails_leaves_no_statement(author, moderator, monkeypatch):
    case = make_case(author, held=True)

    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("moderation.auditing.record", fail)
    with pytest.raises(RuntimeError):
        decide(case, Measure.TAKE_DOWN, moderator)
    assert not Statement.objects.exists()
    assert not Decision.objects.exists()


@pytest.fixture
def statement(author, moderator):
    return decide(make_case(author, held=True), Measure.TAKE_DOWN, moderator).statement


@pytest.mark.parametrize(
    "change",
    [
        *({block: "Something else."} for block in BLOCKS),
        {"measure": ""},
        {"measure_taken": "label"},
        {"ends_at": Now()},
        {"appeal_until": None},
        {"source_type": "SOURCE_ARTICLE_16"},
        {"language": "de"},
        {"created_at": Now()},
    ],
    ids=lambda change: "-".join(f"{name} {value!s:.5}" for name, value in change.items()),
)
def test_a_statement_is_not_changed_afterwards(statement, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(**change)


def test_a_statement_is_not_deleted(statement):
    with pytest.raises(IntegrityError), transaction.atomic():
        statement.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE moderation_statement CASCADE")


def test_mailing_and_reading_are_noted(statement):
    moving = {"mailed_at": Now(), "read_at": Now(), "due_at": Now(), "attempts": 3}
    assert Statement.objects.filter(pk=statement.pk).update(**moving) == 1


def test_erasing_the_account_empties_what_the_statement_quotes(statement, author):
    Statement.objects.update(visible_from=Now() + timedelta(seconds=10))  # Also before it is shown.
    erasing.erase(author, by=author)
    statement.refresh_from_db()
    assert (statement.facts, statement.ground) == ("", "")
    assert statement.measure


@pytest.mark.parametrize(
    "columns",
    [
        {"decision_visibility": "DECISION_VISIBILITY_CONTENT_LABELLED"},
        {"decision_account": "DECISION_ACCOUNT_SUSPENDED"},
        {"account_measure": "read_only"},
        {"account_measure": "take_down"},
        {"category": "STATEMENT_CATEGORY_VIOLENCE", "keyword": "KEYWORD_HATE_SPEECH"},
        {"category": "", "keyword": ""},
        {"source_type": "SOURCE_RUMOUR"},
        {"automated_decision": "AUTOMATED_DECISION_FULLY"},
    ],
    ids=lambda columns: "-".join(f"{value}" for value in columns.values()),
)
def test_what_programs_read_fits_the_measure(statement, columns):
    """As who may change a statement: the trigger is off, the constraints are not."""
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        Statement.objects.filter(pk=statement.pk).update(**columns)
