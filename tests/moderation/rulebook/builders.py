"""House rules in every state, by the verbs that lead there."""

from accounts.models import User
from moderation.models import HouseRule, RuleVersion
from moderation.rule_states import RuleState
from moderation.rulebook import backtesting, editing, stepping
from moderation.rulebook.editing import Wording

WORD = "zorblax"
"""A word that neither a shipped rule nor the model minds."""


def word(text: str = WORD, **changes: object) -> Wording:
    """The wording of a rule that hits one word."""
    fields = {
        "violation": "V5",
        "severity": "mid",
        "language": "any",
        "pattern": text,
        "positive": f"{text}\nbring the {text}\nthe {text} comes",
        "negative": "good morning\nbread\na long walk",
        **changes,
    }
    return Wording(**fields)  # type: ignore[arg-type]  # What a Wording takes.


def make_version(
    state: RuleState,
    *,
    writer: User,
    approver: User,
    name: str = "code_word",
    wording: Wording | None = None,
    share: int = 10,
) -> RuleVersion:
    """A new rule, or a new version of the one with this name, that came into `state` step by step."""
    rule = HouseRule.objects.filter(name=name).first()
    wording = wording or word()
    version = editing.revise(rule, wording, by=writer) if rule else editing.write(name, wording, by=writer)
    order = [
        (RuleState.TESTED, lambda: stepping.test(version, by=writer)),
        (RuleState.BACKTESTED, lambda: backtesting.backtest(version, by=writer)),
        (RuleState.SHADOW, lambda: stepping.watch(version, by=writer)),
        (RuleState.CANARY, lambda: stepping.hold_share(version, share, by=approver)),
        (RuleState.LIVE, lambda: stepping.go_live(version, by=approver)),
    ]
    for reached, step in order:
        if version.state == state:
            break
        step()
        version.refresh_from_db()
        assert version.state == reached
    return version
