"""Canned reasons: seniors write them, moderators choose one, authors read them in their own language."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from moderation import canning
from moderation.models import AuditRow, CannedReason, Case, Decision
from tests import factories

ADD = reverse("admin:moderation_cannedreason_add")
WORDS = {
    "violation": "V3",
    "measure": "",
    "text_en": "It threatens somebody.",
    "text_de": "Es bedroht jemanden.",
}


@pytest.fixture
def senior(db):
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def canned(senior):
    reason = CannedReason(**WORDS)
    canning.keep(reason, by=senior, is_new=True)
    return CannedReason.objects.get()


def decide(client_for, moderator, author, **fields):
    case = Case.objects.get(post=factories.make_held_post(author=author))
    desk = client_for(moderator)
    desk.post(reverse("admin:moderation_case_take", args=[case.pk]))
    sent = {"measure": "take_down", "violation": "V3", "version": case.version, **fields}
    return desk.post(reverse("admin:moderation_case_decide", args=[case.pk]), sent)


@pytest.mark.parametrize(("language", "words"), [("en", WORDS["text_en"]), ("de", WORDS["text_de"])])
def test_it_comes_before_ones_own_words_in_the_author_s_language(
    client_for, moderator, canned, language, words
):
    author = factories.make_user(language=language)
    decide(client_for, moderator, author, canned=canned.pk, reason="“Slays me.”")
    decision = Decision.objects.get()
    assert decision.reason == f"{words}\n\n“Slays me.”"
    assert words in decision.statement.ground


def test_one_alone_is_enough(client_for, moderator, author, canned):
    decide(client_for, moderator, author, canned=canned.pk, reason="")
    assert Decision.objects.get().reason == WORDS["text_en"]


def test_one_that_is_not_offered_any_more_is_refused(client_for, moderator, author, senior, canned):
    canned.is_current = False
    canning.keep(canned, by=senior, is_new=False)
    assert decide(client_for, moderator, author, canned=canned.pk).status_code == 400
    assert not Decision.objects.exists()


def test_seniors_write_and_change_them_in_the_admin_and_the_trail_says_so(client_for, senior):
    desk = client_for(senior)
    assert desk.post(ADD, {**WORDS, "is_current": "on"}).status_code == 302
    reason = CannedReason.objects.get()
    change = reverse("admin:moderation_cannedreason_change", args=[reason.pk])
    assert desk.post(change, {**WORDS, "text_en": "It is a threat."}).status_code == 302
    reason.refresh_from_db()
    assert (reason.text_en, reason.is_current) == ("It is a threat.", False)
    rows = AuditRow.objects.order_by("id").values_list("verb", "data__text_en")
    assert list(rows) == [
        ("add_canned_reason", WORDS["text_en"]),
        ("change_canned_reason", "It is a threat."),
    ]
    assert desk.post(reverse("admin:moderation_cannedreason_delete", args=[reason.pk])).status_code == 403


def test_both_languages_are_needed(client_for, senior):
    shown = client_for(senior).post(ADD, {**WORDS, "text_de": ""})
    assert shown.status_code == 200
    assert not CannedReason.objects.exists()


def test_moderators_do_not_write_them(client_for, moderator):
    assert client_for(moderator).get(ADD).status_code == 403
