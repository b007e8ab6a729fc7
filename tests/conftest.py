"""The cast of the tests, and what every test needs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client, override_settings
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import User
from accounts.roles import Role
from moderation import sealing
from tests import factories

# What the migrations put there and every test may count on: roles and what they may do.
REFERENCE_TABLES = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "moderation_audithead",
}
END_OTHER_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_sql_flush = DatabaseOperations.sql_flush


def _flush(self, style, tables, **options):
    """Empty the tables after a test that commits.

    Emptying append-only tables is what their triggers are there to refuse; as a superuser, switch them off.
    """
    statements = _sql_flush(
        self, style, [table for table in tables if table not in REFERENCE_TABLES], **options
    )
    # The seal is hexadecimal digits that this process made.
    seal = f"UPDATE moderation_audithead SET last_id = 0, last_hash = '', mac = '{sealing.seal('')}';"  # noqa: S608  As said above.
    return ["SET LOCAL session_replication_role = replica;", *statements, seal] if statements else []


DatabaseOperations.sql_flush = _flush  # type: ignore[method-assign]  # There is no setting for it.


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Before the test database is dropped, end the sessions that threads of a live server or a race kept in the pool."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(END_OTHER_SESSIONS)


@pytest.fixture(autouse=True)
def _english() -> None:
    """Every test begins in English, whatever language the page of somebody in the test before was in."""
    translation.activate("en")


@pytest.fixture(scope="session", autouse=True)
def _static_files_from_their_sources() -> Iterator[None]:
    """Pages name static files as they lie in the source tree: nobody collects them for tests."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Limits and doorbells of one test are not those of the next."""
    if {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        cache.clear()


@pytest.fixture
def author(db: None) -> User:
    return factories.make_user("author")


@pytest.fixture
def reader(db: None) -> User:
    return factories.make_user("reader")


@pytest.fixture
def moderator(db: None) -> User:
    return factories.make_user("moderator_m", role=Role.MODERATOR)


@pytest.fixture
def administrator(db: None) -> User:
    return factories.make_user("administrator_a", role=Role.ADMINISTRATOR)


@pytest.fixture
def client_for() -> Callable[[User | None], Client]:
    """A test client, signed in as somebody or as nobody."""

    def make(user: User | None = None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user, backend="accounts.backends.RoleBackend")
        return client

    return make
