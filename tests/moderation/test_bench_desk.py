"""The desk's benchmark measures real pages and leaves nothing behind."""

import json

import pytest
from django.core.management import CommandError, call_command

from moderation.models import Case, Skip
from tests import factories
from tests.moderation.crowds import copy_cases


def test_the_desk_is_measured_and_left_as_it_was(author, capsys, settings):
    settings.STAFF_SECOND_FACTOR = True  # As it is outside the demo.
    factories.make_held_post(author=author, language="de")
    copy_cases(Case.objects.get(), 40)
    call_command("bench", "desk", "--requests", "2", "--yes", "--json")
    result = json.loads(capsys.readouterr().out)
    assert set(result["pages"]) >= {"queue page", "next case", "case page"}
    assert all(figures["queries"] > 3 and figures["p95_ms"] > 0 for figures in result["pages"].values())
    assert not Skip.objects.exists()
    assert not Case.objects.filter(claimed_by__isnull=False).exists()


def test_it_says_what_it_does_before_it_does_it(db, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes"):
        call_command("bench", "desk")


def test_an_empty_queue_cannot_be_measured(db):
    with pytest.raises(CommandError, match="seed_backlog"):
        call_command("bench", "desk", "--requests", "2", "--yes")
