"""Evidence under its hash: kept once, never changed, and checked."""

import hashlib

from django.db import connection

from moderation.models import Evidence

FIRST_THAT_DOES_NOT_FIT = """
SELECT id, sha256 FROM moderation_evidence
WHERE sha256 <> encode(sha256(convert_to(body, 'UTF8')), 'hex') ORDER BY id LIMIT 1
"""


def keep(kind: Evidence.Kind, body: str) -> Evidence:
    """The row with this content, made now unless it is there. The caller holds a transaction."""
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    return Evidence.objects.get_or_create(sha256=sha256, kind=kind, defaults={"body": body})[0]


def find_fault() -> tuple[int, str] | None:
    """Id and hash of the first row whose content is not what its hash says; None when every one fits."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_THAT_DOES_NOT_FIT)
        row: tuple[int, str] | None = cursor.fetchone()
    return row
