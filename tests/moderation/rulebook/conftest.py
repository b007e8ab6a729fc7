"""Who writes house rules, who approves them, and a process that has loaded nothing yet."""

import pytest

from accounts.models import User
from accounts.roles import Role
from moderation import scanner_loading
from tests import factories


@pytest.fixture
def writer(db: None) -> User:
    return factories.make_user("writer_w", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def approver(db: None) -> User:
    return factories.make_user("approver_a", role=Role.SENIOR_MODERATOR)


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a worker that starts."""
    monkeypatch.setattr(scanner_loading, "_loaded", scanner_loading._Loaded())
