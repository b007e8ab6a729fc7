"""Every measure, what it does to what others see, what the author is told, and how it is taken back."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from accounts.roles import Role
from moderation import deciding, queueing, reporting
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed
from moderation.erasing import erase_evidence
from moderation.measures import Measure
from moderation.models import AuditRow, Case, CaseStatus, Decision, KnownBad, Statement
from posts import presenting, publishing
from posts.erasing import erase_publications
from posts.models import Post, Profile
from posts.statuses import Status
from tests import factories


def is_seen(post):
    return Post.objects.visible_to(AnonymousUser()).filter(pk=post.pk).exists()


def decide(case, measure, by, **extra):
    case.refresh_from_db()
    if measure == Measure.TAKE_DOWN:
        extra.setdefault("violation", "V1")
    return deciding.decide(case, measure, by=by, version=case.version, **extra)


def world(post):
    """What a decision may change, and what taking it back has to bring back."""
    post.refresh_from_db()
    counters = list(Post.objects.order_by("pk").values_list("comment_count", "echo_count", "shown"))
    return (
        is_seen(post),
        counters,
        KnownBad.objects.count(),
        list(post.revisions.values_list("number", "status")),
    )


def test_clearing_publishes_what_was_held_and_tells_the_author(author, moderator):
    post = factories.make_held_post(author=author)
    decision = decide(Case.objects.get(), Measure.CLEAR, moderator)
    assert is_seen(post)
    assert Case.objects.get().status == CaseStatus.CLOSED
    assert "Others can see it now" in decision.statement.measure


def test_taking_down_what_was_held_keeps_it_hidden_and_remembers_it(author, moderator):
    post = factories.make_held_post(author=author)
    decide(Case.objects.get(), Measure.TAKE_DOWN, moderator)
    assert not is_seen(post)
    assert post.revisions.get().status == Status.REMOVED
    assert KnownBad.objects.count() == 1


def test_taking_down_what_was_reported_hides_it_at_once(author, reader, moderator):
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6")
    assert is_seen(post)
    statement = decide(Case.objects.get(), Measure.TAKE_DOWN, moderator, violation="V6").statement
    assert not is_seen(post)
    assert statement.facts.startswith("Other people reported it.")
    assert statement.automation.startswith("No automated means")
    assert reader.handle not in statement.facts


def test_clearing_what_was_reported_leaves_it_up_and_needs_no_statement(author, reader, moderator):
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6")
    decide(Case.objects.get(), Measure.CLEAR, moderator)
    assert is_seen(post)
    assert not Statement.objects.exists()


def test_overturning_brings_everything_back(author, reader, moderator):
    parent = factories.make_post(author=reader)
    post = factories.make_post(author=author, parent=parent)
    reporting.report(post, by=reader, violation="V6")
    before = world(post)
    removal = decide(Case.objects.get(), Measure.TAKE_DOWN, moderator)
    assert world(post) != before
    restoring = deciding.overturn(removal, by=moderator, reason="We misread it.")
    assert world(post) == before
    assert restoring.statement.measure.endswith("is visible again.")
    assert "We misread it." in restoring.statement.ground
    with pytest.raises(AlreadyDecided):
        deciding.overturn(removal, by=moderator)
    with pytest.raises(AlreadyDecided):
        deciding.overturn(restoring, by=moderator)


def test_a_removed_edit_leaves_the_earlier_version_up_and_the_statement_says_so(author, moderator):
    post = factories.make_post(author=author, text="first")
    factories.hold(publishing.edit(post, body="second", warning="", by=author))
    statement = decide(Case.objects.get(), Measure.TAKE_DOWN, moderator).statement
    assert is_seen(post)
    assert "The version that was visible before stays visible." in statement.measure
    assert "second" in statement.facts


def test_a_removal_takes_the_reported_version_and_the_held_edit(author, reader, moderator):
    post = factories.make_post(author=author, text="first")
    reporting.report(post, by=reader, violation="V1")
    factories.hold(publishing.edit(post, body="second", warning="", by=author))
    case = Case.objects.get()
    decision = decide(case, Measure.TAKE_DOWN, moderator)
    assert not is_seen(post)
    assert decision.revisions.count() == 2
    assert "automatic check held it" in decision.statement.facts
    assert "Other people reported it." in decision.statement.facts
    assert decision.statement.automation.startswith("Automated means were used")


def test_a_version_that_the_gate_shows_meanwhile_is_not_removed_unread(author, reader, moderator):
    post = factories.make_post(author=author, text="first")
    reporting.report(post, by=reader, violation="V1")
    seen = Case.objects.get().version
    edited = publishing.edit(post, body="second", warning="", by=author)
    factories.clear(edited)
    queueing.note_shown([edited])
    with pytest.raises(CaseChanged):
        deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=seen, violation="V1")


def test_a_crowd_of_reports_does_not_hinder_a_decision(author, moderator):
    post = factories.make_post(author=author)
    reporting.report(post, by=factories.make_user(), violation="V1")
    seen = Case.objects.get().version
    for _number in range(3):
        reporting.report(post, by=factories.make_user(), violation="V1")
    deciding.decide(Case.objects.get(), Measure.TAKE_DOWN, by=moderator, version=seen, violation="V1")
    assert not is_seen(post)


def test_reports_join_one_case_and_a_second_one_of_the_same_person_adds_to_the_first(author, reader):
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6")
    reporting.report(post, by=reader, violation="V1", comment="Look again")
    reporting.report(post, by=factories.make_user(), violation="")
    case = Case.objects.get()
    assert case.reports.count() == 2
    assert case.reports.get(reporter=reader).comment == "Look again"
    assert (case.violation, case.severity) == ("V1", 3)


def test_a_report_after_a_decision_opens_a_new_case(author, reader, moderator):
    post = factories.make_post(author=author)
    reporting.report(post, by=reader, violation="V6")
    decide(Case.objects.get(), Measure.CLEAR, moderator)
    reporting.report(post, by=reader, violation="V6")
    assert Case.objects.open().count() == 1


def test_a_held_version_that_its_author_replaced_is_cleared_without_effect(author, moderator):
    post = factories.make_held_post(author=author)
    publishing.withdraw(post, by=author)
    statement = decide(Case.objects.get(), Measure.CLEAR, moderator).statement
    assert not is_seen(post)
    assert "replaced or withdrawn" in statement.measure


def test_a_withdrawn_post_does_not_come_back_by_overturning(author, moderator):
    post = factories.make_held_post(author=author)
    publishing.withdraw(post, by=author)
    removal = decide(Case.objects.get(), Measure.TAKE_DOWN, moderator)
    statement = deciding.overturn(removal, by=moderator).statement
    assert not is_seen(post)
    assert "does not become visible" in statement.measure


def test_a_profile_is_taken_down_and_comes_back(author, reader, moderator):
    presenting.present(author, name="Nasty", biography="")
    factories.clear(author.profile.get_latest_revision())
    author.profile.refresh_from_db()
    reporting.report(author.profile, by=reader, violation="V2")
    visible = Profile.objects.visible_to(reader).filter(pk=author.pk)
    removal = decide(Case.objects.get(), Measure.TAKE_DOWN, moderator)
    assert not visible.exists()
    assert "your profile" in removal.statement.measure
    deciding.overturn(removal, by=moderator)
    assert visible.get().name == "Nasty"


def test_a_statement_has_the_six_blocks_in_the_authors_language(moderator):
    author = factories.make_user("verfasserin", language="de")
    factories.make_held_post(author=author, text="I will come for you")
    statement = decide(
        Case.objects.get(), Measure.TAKE_DOWN, moderator, violation="V3", reason="It names her."
    ).statement
    assert statement.language == "de"
    assert statement.recipient == author
    assert "I will come for you" in statement.facts
    assert "V3" in statement.ground
    assert "It names her." in statement.ground
    assert all([statement.measure, statement.automation, statement.redress])


def test_nobody_decides_about_their_own_texts(moderator):
    factories.make_held_post(author=moderator)
    with pytest.raises(NotAllowed):
        decide(Case.objects.get(), Measure.CLEAR, moderator)


def test_nobody_decides_without_the_permission(author, reader):
    factories.make_held_post(author=author)
    with pytest.raises(NotAllowed):
        decide(Case.objects.get(), Measure.CLEAR, reader)


def test_a_removal_names_a_rule_and_restoring_closes_no_case(author, moderator):
    factories.make_held_post(author=author)
    case = Case.objects.get()
    with pytest.raises(ValidationError):
        deciding.decide(case, Measure.TAKE_DOWN, by=moderator, version=1)
    with pytest.raises(ValidationError):
        deciding.decide(case, Measure.RESTORE, by=moderator, version=1, violation="V1")
    assert not Decision.objects.exists()


def test_a_decision_leaves_one_audit_row_with_what_was_judged(author, moderator):
    post = factories.make_held_post(author=author)
    decide(Case.objects.get(), Measure.TAKE_DOWN, moderator)
    row = AuditRow.objects.get(verb="decide")
    revision = post.revisions.get()
    assert row.actor_id == moderator.pk
    assert row.data["revisions"] == {str(revision.pk): revision.sha256}


def test_an_erased_account_is_not_quoted(author, moderator):
    factories.make_held_post(author=author, text="I will come for you")
    erase_evidence(user=author)
    erase_publications(user=author)
    author.email, author.is_active = "", False
    author.erased_at = author.joined_at
    author.save()
    statement = decide(Case.objects.get(), Measure.TAKE_DOWN, moderator).statement
    assert "come for you" not in statement.facts
    assert Case.objects.get().snapshot == ""


def test_a_senior_moderator_may_decide_too(author):
    factories.make_held_post(author=author)
    decide(Case.objects.get(), Measure.CLEAR, factories.make_user("senior", role=Role.SENIOR_MODERATOR))
    assert Case.objects.closed().exists()
