from datetime import timedelta

import pytest
from django.db.models.functions import Now

from moderation.models import Case, Report, ReporterMute, ReporterWarning, SetAsideReport
from posts.models import Visibility
from tests import factories


def report(client, **body):
    return client.post("/api/v1/reports/", body, content_type="application/json")


def test_statuses_are_reported_with_a_rule(api, author, reader):
    posts = [factories.make_post(author=author) for _number in range(2)]
    ids = [str(post.pk) for post in posts]
    body = {
        "account_id": str(author.pk),
        "status_ids": ids,
        "comment": "Look",
        "category": "violation",
        "rule_ids": [1],
    }
    answer = report(api(reader, "write:reports"), **body)
    assert answer.status_code == 200
    assert answer.json()["status_ids"] == ids
    assert answer.json()["target_account"]["id"] == str(author.pk)
    filed = Report.objects.filter(reporter=reader)
    assert [(one.violation, one.comment) for one in filed] == [("V1", "Look")] * 2


def test_a_form_reports_a_profile(api, author, reader):
    answer = api(reader).post("/api/v1/reports", {"account_id": author.pk, "comment": "The name"})
    assert answer.status_code == 200
    assert Report.objects.get().case.profile_id == author.pk


@pytest.mark.parametrize("rules", [["99"], ["x"]])
def test_rules_that_are_none_are_refused(api, author, reader, rules):
    assert report(api(reader), account_id=str(author.pk), rule_ids=rules).status_code == 422


def test_what_cannot_be_seen_cannot_be_reported(api, author, reader, moderator):
    held = factories.make_held_post(author=author)
    other = factories.make_post(author=moderator)
    for pk in (held.pk, other.pk, 12345, "x"):
        assert report(api(reader), account_id=str(author.pk), status_ids=[str(pk)]).status_code == 404
    assert report(api(reader), account_id="12345").status_code == 404
    assert report(api(author), account_id=str(author.pk)).status_code == 422
    assert not Report.objects.exists()


def test_reporting_is_limited(api, author, reader, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"report": "1/600"}
    assert report(api(reader), account_id=str(author.pk)).status_code == 200
    assert report(api(reader), account_id=str(author.pk)).status_code == 429


def test_a_message_for_few_is_reported_by_those_who_got_it(api, author, reader, moderator):
    message = factories.make_post(author=author, text="You, @reader", visibility=Visibility.MENTIONED)
    body = {"account_id": str(author.pk), "status_ids": [str(message.pk)]}
    assert report(api(moderator), **body).status_code == 404
    assert report(api(reader), **body).status_code == 200
    assert Case.objects.get().post == message


def test_what_a_muted_person_reports_is_stored_and_opens_no_case(api, author, reader, moderator):
    warning = ReporterWarning.objects.create(reporter=reader, by=moderator, reason="Enough.")
    ReporterMute.objects.create(
        reporter=reader, warning=warning, by=moderator, reason="Enough.", until=Now() + timedelta(days=7)
    )
    answer = report(api(reader), account_id=str(author.pk), comment="Look")
    assert answer.status_code == 200
    assert answer.json()["id"] == str(SetAsideReport.objects.get().pk)
    assert not Case.objects.exists()
