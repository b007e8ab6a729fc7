"""What people are told of decisions that concern them, and their appeals."""

from typing import TypedDict

from moderation.appealing import Standing
from moderation.models import Appeal, AppealMessage, Notice, Statement
from parler.api.wire import moment


class AppealRight(TypedDict):
    """Whether the token's person can appeal against a decision, until when, why not, and the appeal that they made."""

    can_appeal: bool
    until: str
    refusal: str
    appeal_id: str | None


class StatementOfReasons(TypedDict):
    """The reasons for a decision, in the words and the language in which they were given, and the measure for programs.

    `ends_at`: when the measure on the account ends by itself; measures on texts have no end.
    """

    id: str
    decision_id: str
    language: str
    measure: str
    facts: str
    automation: str
    legal_ground: str
    ground: str
    redress: str
    measure_taken: str
    account_measure: str
    starts_at: str
    ends_at: str | None
    appeal_until: str | None
    created_at: str
    read_at: str | None


class OneStatementOfReasons(StatementOfReasons):
    appeal: AppealRight | None


class OwnNotice(TypedDict):
    """That a text is held, that a report arrived, or what came of a report or an appeal; only the last two tell of a decision."""

    id: str
    kind: str
    decision_id: str | None
    language: str
    text: str
    expected_at: str | None
    created_at: str
    read_at: str | None


class OneOwnNotice(OwnNotice):
    appeal: AppealRight | None


class OwnMessage(TypedDict):
    """One thing said about an appeal; moderators are not named."""

    is_own: bool
    text: str
    at: str


class OwnAppeal(TypedDict):
    """An appeal of the token's person. `due_at`: by when somebody should have decided."""

    id: str
    decision_id: str
    status: str
    text: str
    reasons: str
    created_at: str
    due_at: str
    decided_at: str | None


class OneOwnAppeal(OwnAppeal):
    messages: list[OwnMessage]


def statement(given: Statement) -> StatementOfReasons:
    return {
        "id": str(given.pk),
        "decision_id": str(given.decision_id),
        "language": given.language,
        "measure": given.measure,
        "facts": given.facts,
        "automation": given.automation,
        "legal_ground": given.legal_ground,
        "ground": given.ground,
        "redress": given.redress,
        "measure_taken": given.measure_taken,
        "account_measure": given.account_measure,
        "starts_at": moment(given.starts_at),
        "ends_at": moment(given.ends_at) if given.ends_at else None,
        "appeal_until": moment(given.appeal_until) if given.appeal_until else None,
        "created_at": moment(given.created_at),
        "read_at": moment(given.read_at) if given.read_at else None,
    }


def notice(given: Notice) -> OwnNotice:
    return {
        "id": str(given.pk),
        "kind": given.kind,
        "decision_id": str(given.decision_id) if given.decision_id else None,
        "language": given.language,
        "text": given.text,
        "expected_at": moment(given.expected_at) if given.expected_at else None,
        "created_at": moment(given.created_at),
        "read_at": moment(given.read_at) if given.read_at else None,
    }


def right(standing: Standing | None) -> AppealRight | None:
    """Nothing where there is nothing to contest."""
    if standing is None:
        return None
    return {
        "can_appeal": standing.can_appeal,
        "until": moment(standing.until),
        "refusal": standing.refusal,
        "appeal_id": str(standing.appeal.pk) if standing.appeal else None,
    }


def appeal(made: Appeal) -> OwnAppeal:
    return {
        "id": str(made.pk),
        "decision_id": str(made.decision_id),
        "status": made.status,
        "text": made.text,
        "reasons": made.reasons,
        "created_at": moment(made.created_at),
        "due_at": moment(made.due_at),
        "decided_at": moment(made.decided_at) if made.decided_at else None,
    }


def whole_appeal(made: Appeal, dialogue: list[AppealMessage]) -> OneOwnAppeal:
    messages: list[OwnMessage] = [
        {"is_own": said.is_by_appellant, "text": said.text, "at": moment(said.at)} for said in dialogue
    ]
    return {**appeal(made), "messages": messages}
