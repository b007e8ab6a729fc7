"""House rules at the desk, through HTTP: who gets in, what the pages say, and how many queries they take."""

import pytest
from django.db.models.functions import Now
from django.urls import reverse

from moderation.models import NarrowedRule, RuleTally, RuleVersion, ShadowHit
from moderation.rule_states import Breaker, RuleState
from moderation.rulebook import editing, narrowing, stepping
from tests import factories
from tests.moderation.counting import own_queries
from tests.moderation.rulebook.builders import make_version, word

RULES = reverse("admin:moderation_ruleversion_changelist")
ADD = reverse("admin:moderation_ruleversion_add")
LABEL = "house/code_word#1"


def page(version, name="change", *more):
    return reverse(f"admin:moderation_ruleversion_{name}", args=[version.pk, *more])


def sent(**changes):
    """The form of a new rule, filled in."""
    fields = {
        "name": "code_word",
        "violation": "V5",
        "severity": "mid",
        "language": "any",
        "pattern": "zorblax",
    }
    examples = {"positive": "zorblax\r\n\r\nthe zorblax\r\nno zorblax", "negative": "bread\r\nbutter\r\njam"}
    return {**fields, **examples, "note": "", **changes}


@pytest.fixture
def desk(client_for, writer):
    return client_for(writer)


@pytest.fixture
def draft(writer):
    return editing.write("code_word", word(), by=writer)


def press(client, version, name, **fields):
    answer = client.post(page(version, "step", name), fields)
    version.refresh_from_db()
    return answer.status_code


def test_nobody_but_moderators_reads_rules_and_only_seniors_write_them(client_for, reader, moderator, draft):
    assert client_for(reader).get(RULES, follow=True).status_code == 403
    client = client_for(moderator)
    for address in (RULES, page(draft)):
        assert client.get(address).status_code == 200
    for address in (ADD, page(draft, "revise")):
        assert client.get(address).status_code == 403
        assert client.post(address, sent()).status_code == 403
    assert press(client, draft, "test") == 403
    assert draft.state == RuleState.DRAFT
    assert "a senior moderator" in client.get(page(draft), headers={"accept-language": "en"}).content.decode()


def test_what_changes_something_refuses_get_and_what_is_not_there_is_not_found(desk, draft):
    for address in (page(draft, "step", "test"), page(draft, "try"), page(draft, "lift")):
        assert desk.get(address).status_code == 405
    assert desk.post(page(draft, "step", "explode")).status_code == 404
    assert desk.post(page(draft, "lift")).status_code == 404
    assert desk.get(reverse("admin:moderation_ruleversion_change", args=[1])).status_code == 404


def test_a_rule_goes_from_the_form_to_live_by_two_people(desk, client_for, approver):
    version = RuleVersion.objects.get(pk=int(desk.post(ADD, sent()).url.rstrip("/").rpartition("/")[2]))
    assert version.positive == "zorblax\nthe zorblax\nno zorblax"
    assert [press(desk, version, name) for name in ("test", "backtest", "watch")] == [302, 302, 302]
    assert press(desk, version, "hold_share") == 403
    other = client_for(approver)
    assert press(other, version, "hold_share", share="7") == 400
    assert press(other, version, "hold_share", share="25") == 302
    assert version.share == 25
    assert press(desk, version, "go_live") == 403
    assert press(other, version, "go_live") == 302
    assert press(other, version, "hold_share", share="25") == 409
    assert press(desk, version, "review") == 302
    assert press(desk, version, "withdraw", why="Not needed any more.") == 302
    assert "Not needed any more." in desk.get(page(version)).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pattern": "(unclosed"}, "pattern"),
        ({"positive": "one"}, "positive"),
        ({"name": "No!"}, "name"),
        ({"violation": ""}, "violation"),
        ({"exceptions": ["nowhere"]}, "exceptions"),
        ({"pattern": "x" * 501}, "pattern"),
    ],
)
def test_mistakes_stand_beside_their_field_and_what_was_written_stays(desk, changes, field):
    answer = desk.post(ADD, sent(note="Keep this.", **changes))
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert "Keep this." in answer.content.decode()
    assert not RuleVersion.objects.exists()


def test_a_new_version_starts_with_the_words_of_the_old_and_its_page_compares_them(desk, draft):
    form = desk.get(page(draft, "revise")).content.decode()
    assert "bring the zorblax" in form
    assert (
        desk.post(
            page(draft, "revise"), sent(pattern="zorblax", positive=draft.positive, negative=draft.negative)
        ).status_code
        == 400
    )
    newer = desk.post(page(draft, "revise"), sent(pattern="zorblax(?:es)?")).url
    answer = desk.get(newer).content.decode()
    assert "<del>" in answer
    assert "<ins>zorblax(?:es)?" in answer
    assert desk.get(f"{newer}?against=1").context["page"].compared_with == draft


def test_examples_that_disagree_are_listed(desk, writer):
    version = editing.write("code_word", word(negative="zorblax\na\nb"), by=writer)
    answer = desk.post(page(version, "step", "test"))
    assert answer.status_code == 400
    assert [fault.rpartition(": ")[2] for fault in answer.context["faults"]] == ["zorblax"]


def test_a_text_is_tried_and_not_kept(desk, client_for, moderator, draft):
    answer = client_for(moderator).post(page(draft, "try"), {"text": "Is <b>zorblax</b> here?"})
    assert answer.status_code == 200
    assert "&lt;b&gt;<mark" in answer.content.decode()
    miss = desk.post(page(draft, "try"), {"text": "Nothing here"})
    assert (miss.context["is_tried"], miss.context["tried"]) == (True, [])
    assert desk.post(page(draft, "try"), {"text": ""}).status_code == 400
    assert desk.post(page(draft, "try"), {"text": "x" * 10_001}).status_code == 400


def test_one_click_rolls_back(desk, writer, approver):
    first = make_version(RuleState.LIVE, writer=writer, approver=approver)
    second = make_version(RuleState.LIVE, writer=writer, approver=approver, wording=word("blorgon"))
    assert desk.get(page(second)).context["page"].earlier == first
    assert press(desk, second, "roll_back") == 302
    first.refresh_from_db()
    assert (first.state, second.state) == (RuleState.LIVE, RuleState.WITHDRAWN)


def test_each_tab_says_when_it_is_empty(desk):
    for tab in ("running", "preparing", "ended", "nonsense"):
        answer = desk.get(RULES, {"show": tab})
        assert answer.status_code == 200
        assert 'class="nothing"' in answer.content.decode()


def test_hits_and_what_people_made_of_them_stand_in_the_list(desk, writer, approver):
    make_version(RuleState.LIVE, writer=writer, approver=approver)
    RuleTally.objects.create(name=LABEL, slot=Now(), hits=12, cleared=1, upheld=3)
    RuleTally.objects.create(name="house/code_word#10", slot=Now(), hits=99)
    (row,) = desk.get(RULES).context["rows"]
    assert (row.figures.today, row.figures.week, row.figures.precision) == (12, 12, 75.0)


def test_what_a_breaker_narrowed_stands_on_the_desk_until_people_act(
    desk, client_for, moderator, writer, approver
):
    version = make_version(RuleState.LIVE, writer=writer, approver=approver)
    stepping.narrow(version, Breaker.FLOOD)
    narrowing.narrow_shipped("shipped_one", Breaker.SILENCE)
    for address in (RULES, reverse("admin:index")):
        answer = client_for(moderator).get(address).content.decode()
        assert LABEL in answer
        assert "shipped_one" in answer
    narrowed = NarrowedRule.objects.get()
    assert client_for(moderator).post(page(narrowed, "lift")).status_code == 403
    assert desk.post(page(narrowed, "lift")).status_code == 302
    assert desk.post(page(narrowed, "lift"), follow=True).status_code == 200
    stepping.hold_share(RuleVersion.objects.with_people().get(), 5, by=approver)
    assert not desk.get(RULES).context["alarms"]


def test_the_list_takes_the_same_queries_for_any_number_of_rules(desk, writer, approver):
    make_version(RuleState.SHADOW, writer=writer, approver=approver)
    with own_queries(3):
        desk.get(RULES)
    for number in range(4):
        make_version(RuleState.SHADOW, writer=writer, approver=approver, name=f"rule_{number}")
    with own_queries(3):
        assert len(desk.get(RULES).context["rows"]) == 5


def test_the_list_is_paged_by_the_last_rule(desk, writer, monkeypatch):
    monkeypatch.setattr("moderation.admin.rule_desk.PAGE", 2)
    for number in range(3):
        editing.write(f"rule_{number}", word(), by=writer)
    first = desk.get(RULES, {"show": "preparing"})
    assert [row.version.rule.name for row in first.context["rows"]] == ["rule_2", "rule_1"]
    second = desk.get(RULES, {"show": "preparing", "before": first.context["more"]})
    assert [row.version.rule.name for row in second.context["rows"]] == ["rule_0"]
    assert second.context["more"] is None


def test_the_page_of_a_rule_takes_the_same_queries_however_much_it_hit(desk, author, writer, approver):
    version = make_version(RuleState.SHADOW, writer=writer, approver=approver)
    desk.get(page(version))
    with own_queries(8):
        desk.get(page(version))
    for number in range(4):
        post = factories.make_post(author=author, text=f"zorblax {number}")
        ShadowHit.objects.create(name=LABEL, revision=post.get_latest_revision())
    editing.revise(version.rule, word("blorgon"), by=writer)
    with own_queries(8):
        answer = desk.get(page(version))
    assert len(answer.context["page"].shadow_hits) == 4
