"""The description of the API says what the API does: checked by sending what it allows, and what it does not."""

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import User
from tests import factories
from tests.api import tokens

EXAMPLES = 8
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def described(db, settings) -> schemathesis.BaseSchema:
    """The schema, in a world where a post, an echo and a held post of the token's person exist."""
    unlimited = "1000000/300"
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, unlimited)
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", WSGIHandler())


@pytest.fixture
def person(db) -> User:
    person = factories.make_user("person")
    other = factories.make_user("other")
    factories.make_post(author=other, text="Hello @person #town")
    factories.make_held_post(author=person)
    return person


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
def test_every_address_answers_as_described(case, person):
    headers = {"Authorization": f"Bearer {tokens.issue(person)}"}
    case.call_and_validate(headers=headers, checks=CHECKS)
