"""A notice of somebody without an account that was rejected, and their appeal."""

import pytest

from accounts.roles import Role
from moderation import appealing
from tests import factories
from tests.moderation.guest_appeals.acts import reject


@pytest.fixture
def post(author):
    return factories.make_post(author=author, text="Somebody should teach her a lesson")


@pytest.fixture
def notice(post):
    return factories.give_notice(post)


@pytest.fixture
def other():
    """The moderator who did not decide first."""
    return factories.make_user("other_moderator", role=Role.MODERATOR)


@pytest.fixture
def rejection(notice, moderator):
    return reject(notice, moderator)


@pytest.fixture
def appeal(notice, rejection):
    return appealing.appeal(rejection, by=notice, text="It is <b>about her</b>.")
