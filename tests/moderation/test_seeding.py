"""The made-up backlog: whole, believable to the database, and not by accident."""

import random

import pytest
from django.core.management import CommandError, call_command

from moderation import queueing, seeding
from moderation.models import Case, Origin, Report


def test_a_backlog_is_made_of_so_many_reports_on_so_many_posts(moderator, monkeypatch, capsys):
    monkeypatch.setattr(seeding, "AUTHORS", 3)
    monkeypatch.setattr(seeding, "REPORTERS", 8)
    monkeypatch.setattr(seeding, "CHUNK", 20)
    call_command("seed_backlog", "--reports", "90", "--targets", "30", "--yes")
    assert (Case.objects.open().count(), Report.objects.count()) == (30, 90)
    assert set(Case.objects.values_list("origin", flat=True)) == {Origin.REPORT, Origin.SCAN}
    assert queueing.claim_next(by=moderator) == Case.objects.open().in_order().first()
    call_command("seed_backlog", "--reports", "5", "--targets", "5", "--yes")
    assert Case.objects.open().count() == 35


def test_it_is_not_made_outside_of_development_by_accident(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes"):
        call_command("seed_backlog")
    assert not Case.objects.exists()


@pytest.mark.parametrize(("reports", "targets"), [(5, 6), (10_000, 2)])
def test_a_backlog_that_cannot_be_is_refused(db, reports, targets):
    with pytest.raises(CommandError, match="reports"):
        call_command("seed_backlog", "--reports", str(reports), "--targets", str(targets), "--yes")


def test_reports_are_dealt_as_crowds_do_it():
    counts = seeding.deal(26_000, 9_000, random.Random(1))  # noqa: S311  As above, made-up data.
    assert (sum(counts), len(counts), min(counts)) == (26_000, 9_000, 1)
    assert max(counts) > 20
