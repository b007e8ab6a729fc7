"""The desk by commands: the same verbs, the same refusals."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.roles import Role
from moderation import appealing, deciding
from moderation.acting import Via
from moderation.measures import Measure
from moderation.models import Appeal, AuditRow, Case, CaseStatus, Decision
from tests import factories

pytestmark = pytest.mark.django_db


def run(*words, by):
    out = StringIO()
    call_command(*map(str, words), "--by", by.handle, stdout=out)
    return out.getvalue()


@pytest.fixture
def case(author):
    return Case.objects.get(post=factories.make_held_post(author=author))


@pytest.fixture
def other():
    return factories.make_user("second_moderator", role=Role.MODERATOR)


def test_a_case_is_listed_claimed_seen_decided_and_taken_back(case, moderator, author):
    assert str(case.pk) in run("list_cases", by=moderator)
    assert str(case.pk) in run("claim_case", by=moderator)
    shown = json.loads(run("show_case", case.pk, by=moderator))
    assert shown["text"] == case.snapshot
    words = ["--seen", shown["version"], "--violation", "V6", "--reason", "No."]
    run("decide_case", case.pk, "take_down", *words, by=moderator)
    removal = Decision.objects.get()
    assert removal.by == moderator
    assert str(case.pk) in run("list_cases", "--show", "closed", by=moderator)
    run("overturn_decision", removal.pk, "--reason", "A song.", by=moderator)
    assert Decision.objects.filter(overturns=removal).exists()
    assert AuditRow.objects.filter(verb="decide", via=Via.COMMAND, actor=str(moderator)).count() == 2


def test_an_appeal_is_listed_and_decided_by_somebody_else(case, moderator, other, author):
    run("decide_case", case.pk, "take_down", "--seen", 1, "--violation", "V6", by=moderator)
    appeal = appealing.appeal(Decision.objects.get(), by=author, text="It is a song.")
    assert "It is a song." in run("list_appeals", by=other)
    words = ["decide_appeal", appeal.pk, "granted", "--seen", 1, "--reasons", "Yes."]
    with pytest.raises(CommandError):
        run(*words, by=moderator)
    assert "granted" in run(*words, by=other)
    assert Appeal.objects.get().decided_by == other


def test_an_appeal_of_a_guest_is_listed_and_decided(moderator, other, author):
    notice = factories.give_notice(factories.make_post(author=author))
    left = deciding.decide(Case.objects.get(), Measure.CLEAR, by=moderator, version=1)
    appeal = appealing.appeal(left, by=notice, text="Look again.")
    listed = run("list_appeals", by=other)
    assert "without an account" in listed
    assert "Ada" not in listed
    words = ["decide_appeal", appeal.pk, "granted", "--seen", 1, "--reasons", "Yes.", "--violation", "V3"]
    with pytest.raises(CommandError):
        run(*words, by=moderator)
    assert "granted" in run(*words, by=other)


def test_refusals_are_words_and_change_nothing(case, moderator, author, other):
    with pytest.raises(CommandError, match="no moderator"):
        run("decide_case", case.pk, "clear", "--seen", 1, by=author)
    with pytest.raises(CommandError):
        run("decide_case", case.pk, "clear", "--seen", 9, by=moderator)
    with pytest.raises(CommandError):
        run("decide_case", case.pk, "take_down", "--seen", 1, by=moderator)
    with pytest.raises(CommandError):
        run("decide_case", 12345, "clear", "--seen", 1, by=moderator)
    own = Case.objects.get(post=factories.make_held_post(author=other))
    with pytest.raises(CommandError):
        run("show_case", own.pk, by=other)
    assert not Decision.objects.exists()
    assert Case.objects.filter(status=CaseStatus.OPEN).count() == 2


def test_a_case_is_given_back(case, moderator, other):
    run("claim_case", case.pk, by=moderator)
    with pytest.raises(CommandError):
        run("claim_case", case.pk, by=other)
    run("release_case", case.pk, by=moderator)
    run("claim_case", case.pk, by=other)
    assert "no case to take" in run("claim_case", by=moderator)
