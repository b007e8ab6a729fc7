"""`manage.py house_rules`: what runs, whether it still fits, and the set that a scan names."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation.models import SealedRules
from moderation.rule_states import RuleState
from tests.moderation.rulebook.builders import make_version


def run(*arguments):
    written = StringIO()
    call_command("house_rules", *arguments, stdout=written)
    return written.getvalue()


def test_what_runs_is_listed_checked_and_exported(writer, approver):
    make_version(RuleState.CANARY, writer=writer, approver=approver, share=25)
    listed = run("list")
    assert all(word in listed for word in ("house/code_word#1", "canary 25 %", "@writer_w", "@approver_a"))
    assert "1 house rules, all examples agree." in run("check")
    exported = json.loads(run("export"))
    assert exported["content"]["shares"] == {"house/code_word#1": 25}
    first = SealedRules.objects.earliest("pk")
    earlier = json.loads(run("export", "--digest", first.digest[:12]))
    assert (earlier["digest"], earlier["content"]["holding"]) == (first.digest, [])


def test_a_set_that_was_changed_is_named(writer, approver):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    SealedRules.objects.create(digest="0" * 64, content=SealedRules.objects.latest("pk").content)
    with pytest.raises(CommandError, match="not what was sealed"):
        run("check")


def test_without_house_rules_it_says_so(db):
    assert "House rules that run" in run("list")
    with pytest.raises(CommandError):
        run("export")
