"""Chance as tests need it: everything is chosen, or nothing."""

import pytest

from accounts.models import User
from accounts.roles import Role
from moderation.figures import sampling
from tests import factories


@pytest.fixture
def everything_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for share in ("OF_CLEARED", "OF_HELD", "OF_DECIDED"):
        monkeypatch.setattr(sampling, share, 1.0)


@pytest.fixture
def nothing_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for share in ("OF_CLEARED", "OF_HELD", "OF_DECIDED"):
        monkeypatch.setattr(sampling, share, 0.0)


@pytest.fixture
def other(db: None) -> User:
    """A moderator who decided nothing yet."""
    return factories.make_user("other_moderator", role=Role.MODERATOR)


@pytest.fixture
def senior(db: None) -> User:
    return factories.make_user("senior_s", role=Role.SENIOR_MODERATOR)
