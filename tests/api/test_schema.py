"""The description of the API says what the API does: checked by sending what it allows, and what it does not."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.roles import Role
from tests import factories
from tests.api import tokens

EXAMPLES = 5
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


def _application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return _handler()(environ, start_response)


schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
schema.app = _application
# An operation that cannot be read has no `ok` and fails here.
OPERATIONS = [operation.ok() for operation in schema.get_all_operations()]  # type: ignore[union-attr]  # Each is whole, or the description is wrong.
LIMITS = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)


@pytest.fixture
def token(db, settings) -> Iterator[str]:
    """Of a moderator with a held post, in a world with held and shown posts by somebody else. Nothing is limited."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000000/300")
    person = factories.make_user("person", role=Role.MODERATOR)
    other = factories.make_user("other")
    factories.make_post(author=other, text="Hello @person #town")
    factories.make_held_post(author=other)
    factories.make_held_post(author=person)
    # As Django's own test client does: a request must not end the transaction of the test.
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield tokens.issue(person, "read write follow moderation")
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_address_answers_as_described(
    operation: "APIOperation[Any, Any, Any, Any]", token: str
) -> None:
    @LIMITS
    @hypothesis.given(case=operation.as_strategy())
    def check(case: "Case[Any]") -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    check()
