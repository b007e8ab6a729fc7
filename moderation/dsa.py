"""Decisions in the terms of the DSA Transparency Database: what a statement of reasons stores of them, computed without a database.

The values are those of the interface in force since 2025-07-01 (github.com/digital-services-act/transparency-database).
"""

from dataclasses import dataclass
from typing import assert_never

from django.db.models import TextChoices

from moderation.measures import Measure
from moderation.sources import Source
from moderation.taxonomy import Violation


class Visibility(TextChoices):
    """What a measure did to a text; empty for one that left it as it was."""

    REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED"
    DEMOTED = "DECISION_VISIBILITY_CONTENT_DEMOTED"
    LABELLED = "DECISION_VISIBILITY_CONTENT_LABELLED"
    INTERACTION_RESTRICTED = "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED"


class Provision(TextChoices):
    """What a measure took from the service that an account gets."""

    PARTIAL_SUSPENSION = "DECISION_PROVISION_PARTIAL_SUSPENSION"


class AccountDecision(TextChoices):
    """What a measure did to an account as a whole."""

    SUSPENDED = "DECISION_ACCOUNT_SUSPENDED"
    TERMINATED = "DECISION_ACCOUNT_TERMINATED"


class SourceType(TextChoices):
    ARTICLE_16 = "SOURCE_ARTICLE_16"
    TRUSTED_FLAGGER = "SOURCE_TRUSTED_FLAGGER"
    OTHER_NOTIFICATION = "SOURCE_TYPE_OTHER_NOTIFICATION"
    VOLUNTARY = "SOURCE_VOLUNTARY"


class Automation(TextChoices):
    """How far machines decided. The value for "fully" is missing: a person makes every decision here."""

    PARTIALLY = "AUTOMATED_DECISION_PARTIALLY"
    NOT_AUTOMATED = "AUTOMATED_DECISION_NOT_AUTOMATED"


class Category(TextChoices):
    VIOLENCE = "STATEMENT_CATEGORY_VIOLENCE"
    SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
    CYBER_VIOLENCE = "STATEMENT_CATEGORY_CYBER_VIOLENCE"


class Keyword(TextChoices):
    """One of the terms that the database offers within a category."""

    INCITEMENT = "KEYWORD_INCITEMENT_VIOLENCE_HATRED"
    COORDINATED_HARM = "KEYWORD_COORDINATED_HARM"
    HATE_SPEECH = "KEYWORD_HATE_SPEECH"
    HARASSMENT = "KEYWORD_CYBER_HARASSMENT"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision was about: a category and a keyword within it."""

    category: Category
    keyword: Keyword


def visibility_of(measure: Measure) -> Visibility | None:
    match measure:
        case Measure.TAKE_DOWN:
            return Visibility.REMOVED
        case Measure.LIMIT:
            return Visibility.DEMOTED
        case Measure.LABEL:
            return Visibility.LABELLED
        case Measure.LOCK:
            return Visibility.INTERACTION_RESTRICTED
        case _:
            return None


def provision_of(measure: Measure) -> Provision | None:
    return Provision.PARTIAL_SUSPENSION if measure == Measure.READ_ONLY else None


def account_decision_of(measure: Measure) -> AccountDecision | None:
    match measure:
        case Measure.SUSPEND:
            return AccountDecision.SUSPENDED
        case Measure.BAN:
            return AccountDecision.TERMINATED
        case _:
            return None


def subject_of(violation: Violation) -> Subject:
    """Calls for violence are violence, against a protected group hate speech, against somebody in particular cyber violence."""
    match violation:
        case (
            Violation.CALL_TO_ACTION
            | Violation.WISH_OF_HARM
            | Violation.GLORIFICATION
            | Violation.ELECTION_VIOLENCE
            | Violation.ADMISSION
        ):
            return Subject(Category.VIOLENCE, Keyword.INCITEMENT)
        case Violation.LOGISTICS | Violation.RECRUITMENT | Violation.INSTRUCTIONS:
            return Subject(Category.VIOLENCE, Keyword.COORDINATED_HARM)
        case Violation.INCITEMENT_GROUP:
            return Subject(Category.SPEECH, Keyword.HATE_SPEECH)
        case (
            Violation.THREAT_DIRECT
            | Violation.THREAT_CONDITIONAL
            | Violation.THREAT_VEILED
            | Violation.TARGET_LIST
        ):
            return Subject(Category.CYBER_VIOLENCE, Keyword.HARASSMENT)
        case _:
            assert_never(violation)


def source_type_of(source: Source) -> SourceType:
    match source:
        case Source.OWN_INITIATIVE:
            return SourceType.VOLUNTARY
        case Source.USER_REPORT:
            return SourceType.OTHER_NOTIFICATION
        case Source.NOTICE:
            return SourceType.ARTICLE_16
        case Source.TRUSTED_FLAGGER:
            return SourceType.TRUSTED_FLAGGER
        case _:
            assert_never(source)


def automation_of(*, was_held: bool) -> Automation:
    """A machine that kept a text back had a part in what was decided; otherwise people decided alone."""
    return Automation.PARTIALLY if was_held else Automation.NOT_AUTOMATED
