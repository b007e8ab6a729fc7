"""House rules at work: workers pick them up, shadows hold nothing, canaries hold their share, and no failure opens the gate."""

import pytest
import structlog
from django.db import connection

from moderation import scanner_loading, screening
from moderation.models import RuleTally, RuleVersion, Scan, SealedRules, ShadowHit
from moderation.rule_states import RuleState
from moderation.rulebook import shadowing, stepping, tallying
from moderation.scanning.house import bucket, digest_of
from moderation.scanning.matching import Matcher
from moderation.scanning.refusals import ScannerNotReady
from posts.models import Revision
from posts.statuses import Status
from tests import factories
from tests.moderation.rulebook.builders import make_version, word

pytestmark = pytest.mark.usefixtures("fresh_process")
TEXT = "Who knows what a zorblax is?"


def scan(text=TEXT):
    return scanner_loading.get_scanner().scan([text])[0]


def statuses(posts):
    return [post.get_latest_revision().status for post in posts]


def damage(pattern="(unclosed", *, seal_again=False):
    """A newer set that no verb made."""
    content = SealedRules.objects.latest("pk").content
    content["holding"][0]["pattern"] = pattern
    SealedRules.objects.create(digest=digest_of(content) if seal_again else "0" * 64, content=content)


def test_a_running_worker_takes_a_rule_up_and_gives_it_back(writer, approver):
    before = scan()
    assert before.verdict == "clear"
    version = make_version(RuleState.LIVE, writer=writer, approver=approver)
    during = scan()
    assert (during.verdict, during.klass) == ("hold", "V5")
    assert "house/code_word#1" in [reason.name for reason in during.reasons]
    assert during.ruleset == f"{before.ruleset}+{SealedRules.objects.latest('pk').digest[:12]}"
    stepping.withdraw(version, by=writer)
    assert scan().verdict == "clear"


def test_without_house_rules_the_version_is_that_of_the_file(db):
    assert scanner_loading.get_scanner().ruleset_version == scanner_loading.get_shipped().version
    assert scanner_loading.get_gate().rules.watcher is None


def test_asking_again_costs_one_query_and_compiles_nothing(writer, approver, django_assert_num_queries):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    gate = scanner_loading.get_gate()
    with django_assert_num_queries(1):
        assert scanner_loading.get_gate() is gate


def test_a_change_while_there_is_always_something_due_acts_at_the_next_batch(
    author, writer, approver, monkeypatch
):
    monkeypatch.setattr(screening, "BATCH", 1)
    posts = [factories.make_pending_post(author=author, text=f"{TEXT} {n}") for n in range(2)]
    settle = screening._settle

    def settle_and_change(*args):
        if not RuleVersion.objects.exists():
            make_version(RuleState.LIVE, writer=writer, approver=approver)
        return settle(*args)

    monkeypatch.setattr(screening, "_settle", settle_and_change)
    screening.screen_due()
    assert statuses(posts) == [Status.CLEARED, Status.HELD]


@pytest.mark.parametrize("seal_again", [False, True])
def test_a_broken_set_leaves_the_last_good_one_and_is_said_once(writer, approver, seal_again):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    good = scanner_loading.get_scanner()
    damage(seal_again=seal_again)
    with structlog.testing.capture_logs() as logs:
        assert scanner_loading.get_scanner() is good
        assert scanner_loading.get_scanner() is good
    refusals = [entry for entry in logs if entry["event"] == "house_rules_refused"]
    assert [entry["kept"] for entry in refusals] == [good.ruleset_version]
    assert scan().verdict == "hold"
    make_version(RuleState.LIVE, writer=writer, approver=approver, name="other", wording=word("blorgon"))
    assert scan("blorgon").verdict == "hold"


def test_a_worker_that_starts_with_a_broken_set_clears_nothing(author, writer, approver, monkeypatch):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    damage()
    post = factories.make_pending_post(author=author, text="Good morning")
    with pytest.raises(ScannerNotReady):
        scanner_loading.get_scanner()
    assert screening.screen_due() == 0
    assert statuses([post]) == [Status.PENDING]


def test_a_table_that_cannot_be_read_leaves_the_rules_in_use(writer, approver, transactional_db):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    good = scanner_loading.get_scanner()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE moderation_sealedrules RENAME TO elsewhere")
    try:
        assert scanner_loading.get_scanner() is good
        scanner_loading._loaded.rules = None
        with pytest.raises(ScannerNotReady):
            scanner_loading.get_scanner()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO moderation_sealedrules")


def test_a_rule_that_cannot_be_compiled_with_the_others_does_not_start(writer, approver):
    make_version(RuleState.SHADOW, writer=writer, approver=approver)
    version = make_version(
        RuleState.BACKTESTED,
        writer=writer,
        approver=approver,
        name="heavy",
        wording=word("zorblaxx", pattern="zorblaxx"),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        RuleVersion.objects.filter(pk=version.pk).update(pattern="(unclosed")
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(stepping.StepRefused):
        stepping.watch(version, by=writer)
    version.refresh_from_db()
    assert version.state == RuleState.BACKTESTED


def test_a_shadow_notes_what_it_hits_and_holds_nothing(author, writer, approver):
    make_version(RuleState.SHADOW, writer=writer, approver=approver)
    hit, other = (factories.make_pending_post(author=author, text=text) for text in (TEXT, "Good morning"))
    screening.screen_due()
    assert statuses([hit, other]) == [Status.CLEARED, Status.CLEARED]
    noted = ShadowHit.objects.values_list("name", "revision")
    assert list(noted) == [("house/code_word#1", hit.get_latest_revision().pk)]
    assert Scan.objects.get(revision__post=hit).ruleset.endswith(SealedRules.objects.get().digest[:12])
    tallies = dict(RuleTally.objects.values_list("name", "hits"))
    assert (
        tallies[tallying.WATCHED]
        == tallies[tallying.JUDGED]
        == RuleTally.objects.get(name=tallying.JUDGED).hits
    )
    assert tallies["house/code_word#1"] == 1


def test_a_shadow_that_fails_disturbs_nothing(author, writer, approver, monkeypatch):
    make_version(RuleState.SHADOW, writer=writer, approver=approver)
    post = factories.make_pending_post(author=author, text=TEXT)
    monkeypatch.setattr(Matcher, "find", _explode_in_the_shadow(scanner_loading.get_gate()))
    with structlog.testing.capture_logs() as logs:
        screening.screen_due()
    assert "shadow_rules_failed" in [entry["event"] for entry in logs]
    assert statuses([post]) == [Status.CLEARED]
    assert not ShadowHit.objects.exists()


def _explode_in_the_shadow(gate):
    find = Matcher.find

    def explode(self, views):
        if self is gate.rules.watcher:
            raise RuntimeError
        return find(self, views)

    return explode


def test_a_shadow_whose_budget_is_over_reads_no_further(author, writer, approver):
    make_version(RuleState.SHADOW, writer=writer, approver=approver)
    post = factories.make_pending_post(author=author, text=TEXT)
    watcher = scanner_loading.get_gate().rules.watcher
    revisions = list(Revision.objects.filter(post=post))
    shadowing.watch(revisions, watcher, budget=0.0)
    assert not ShadowHit.objects.exists()
    shadowing.watch(revisions, watcher)
    shadowing.watch(revisions, watcher)
    assert ShadowHit.objects.count() == 1


def test_a_canary_holds_the_posts_that_its_share_names_and_no_other(author, writer, approver):
    version = make_version(RuleState.CANARY, writer=writer, approver=approver, share=25)
    posts = [factories.make_pending_post(author=author, text=f"{TEXT} {n}") for n in range(40)]
    screening.screen_due()
    for post in posts:
        revision = post.get_latest_revision()
        assert (revision.status == Status.HELD) == (bucket(revision.pk) < 25)
    assert {Status.HELD, Status.CLEARED} == set(statuses(posts))
    stepping.go_live(version, by=approver)
    assert scan().verdict == "hold"


def test_the_buckets_are_even():
    counts = [0] * 100
    for number in range(20_000):
        counts[bucket(number << 16)] += 1
    assert 130 < min(counts) <= max(counts) < 275


def test_a_canary_of_a_new_version_leaves_the_live_one_alone(author, writer, approver):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    make_version(
        RuleState.CANARY,
        writer=writer,
        approver=approver,
        wording=word("zorblax", note="again", severity="high"),
        share=1,
    )
    assert scan().verdict == "hold"
    assert scanner_loading.get_gate().rules.shares == {"house/code_word#2": 1}


def test_hits_are_counted_once_a_batch(author, writer, approver):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    for number in range(5):
        factories.make_pending_post(author=author, text=f"{TEXT} {number}")
    screening.screen_due()
    assert RuleTally.objects.get(name="house/code_word#1").hits == 5
    assert RuleTally.objects.get(name=tallying.JUDGED).hits == Scan.objects.exclude(model="").count()
