"""Public ids: 64-bit numbers that sort by time and cannot be guessed or counted.

The upper 48 bits are milliseconds since 1970, the lower 16 come from a sequence that is offset, anew in each millisecond,
by a hash with a secret salt. The database function `parler_next_id()` makes them, so that every process gets distinct ids.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CREATE = """
CREATE SEQUENCE parler_id_sequence;
CREATE FUNCTION parler_next_id() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    millisecond bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
    offset_of_millisecond bigint := ('x' || substr(md5('{salt}' || millisecond), 1, 4))::bit(16)::bigint;
BEGIN
    RETURN (millisecond << 16) | ((offset_of_millisecond + nextval('parler_id_sequence')) & 65535);
END $$;
"""
DROP = "DROP FUNCTION parler_next_id(); DROP SEQUENCE parler_id_sequence;"


def create_id_function(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create `parler_next_id()` with a salt of this installation's own."""
    schema_editor.execute(CREATE.format(salt=secrets.token_hex(16)))


def drop_id_function(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute(DROP)


LARGEST_ID = 2**63 - 1


def read_id(text: str) -> int | None:
    """The id that somebody sent, or None for what cannot be one: it would be found nowhere."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID))):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None


def time_of(public_id: int) -> datetime:
    """When a public id was made, to the millisecond."""
    return datetime.fromtimestamp((public_id >> 16) / 1000, UTC)


class NextId(models.Func):
    function = "parler_next_id"
    arity = 0
    output_field = models.BigIntegerField()


class PublicIdField(models.BigIntegerField):  # type: ignore[type-arg]  # The base class takes its arguments in stubs only.
    """A primary key that may stand in an address: time-ordered, made by the database, not enumerable."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"primary_key": True, "editable": False, "db_default": NextId(), **kwargs})
