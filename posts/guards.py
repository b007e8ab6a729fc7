"""What the database itself refuses, whoever asks: SQL for migrations, generated from the state machine.

Migrations keep the text they ran with; `tests/posts/test_guards.py` compares the database with what this module says.
"""

from posts.statuses import LEGAL_STEPS

_IMMUTABLE = ("id", "post_id", "profile_id", "number", "language", "created_at")
_TEXTS = ("handle", "heading", "text", "html", "sha256")

APPEND_ONLY_FUNCTION = """
CREATE OR REPLACE FUNCTION parler_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only(table: str) -> str:
    """Triggers that refuse to change, delete or empty the rows of `table`."""
    return f"""
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION parler_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION parler_refuse_change();
"""


def revision_guard() -> str:
    """A revision starts pending, keeps its text, and takes legal steps only. Erasing empties every text at once."""
    steps = ", ".join(f"('{old}', '{new}')" for old, new in LEGAL_STEPS)
    fixed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _IMMUTABLE)
    texts = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _TEXTS)
    empty = " AND ".join(f"NEW.{column} = ''" for column in _TEXTS)
    return f"""
CREATE OR REPLACE FUNCTION posts_revision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a revision is erased, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'pending' OR NEW.erased_at IS NOT NULL THEN
            RAISE EXCEPTION 'a revision starts as pending' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF {fixed} THEN
        RAISE EXCEPTION 'a revision never changes what it belongs to' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ({texts}) AND NOT (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND {empty}
                          AND NEW.status IN ('withdrawn', 'removed')) THEN
        RAISE EXCEPTION 'the text of a revision never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({steps}) THEN
        RAISE EXCEPTION 'illegal step of a revision: % to %', OLD.status, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER revision_guard BEFORE INSERT OR UPDATE OR DELETE ON posts_revision
    FOR EACH ROW EXECUTE FUNCTION posts_revision_guard();
"""


SHOWN_IS_CLEARED = """
ALTER TABLE posts_post ADD CONSTRAINT posts_post_shown_is_cleared
    FOREIGN KEY (shown_id, id) REFERENCES posts_revision (cleared_id, post_id);
ALTER TABLE posts_profile ADD CONSTRAINT posts_profile_shown_is_cleared
    FOREIGN KEY (shown_id, user_id) REFERENCES posts_revision (cleared_id, profile_id);
"""
