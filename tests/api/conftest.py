"""Clients of the API with real tokens."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.api import tokens


@pytest.fixture
def api(db: None) -> Callable[..., Client]:
    """A client with a token of somebody, or without one. CSRF is checked as in production."""

    def make(user: User | None = None, scopes: str = "read write follow") -> Client:
        if user is None:
            return Client(enforce_csrf_checks=True)
        return tokens.client_with(tokens.issue(user, scopes))

    return make
