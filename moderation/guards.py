"""What the database refuses about judging: SQL for migrations."""

from collections.abc import Collection

CLEARED_NEEDS_VERDICT = """
CREATE OR REPLACE FUNCTION moderation_cleared_needs_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM moderation_scan WHERE revision_id = NEW.id AND verdict = 'clear' AND sha256 = NEW.sha256)
       AND NOT EXISTS (SELECT 1 FROM moderation_decision_revisions dr JOIN moderation_decision d ON d.id = dr.decision_id
                       WHERE dr.revision_id = NEW.id AND d.measure IN ('clear', 'restore')) THEN
        RAISE EXCEPTION 'revision % was cleared by nobody', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cleared_needs_verdict AFTER UPDATE OF status ON posts_revision
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'cleared')
    EXECUTE FUNCTION moderation_cleared_needs_verdict();
"""

# The hash covers a JSON array, so that no two rows have the same text; the lock orders the writers until they commit.
AUDIT_CHAIN = """
CREATE OR REPLACE FUNCTION moderation_audit_hash(r moderation_auditrow) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        r.previous_hash, r.id, to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), r.actor_id, r.actor, r.verb,
        r.subject, r.data)::text, 'UTF8')), 'hex')
$$;
CREATE OR REPLACE FUNCTION moderation_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('moderation_auditrow', 0));
    NEW.id := nextval(pg_get_serial_sequence('moderation_auditrow', 'id'));
    NEW.previous_hash := coalesce((SELECT hash FROM moderation_auditrow ORDER BY id DESC LIMIT 1), '');
    NEW.hash := moderation_audit_hash(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_chain BEFORE INSERT ON moderation_auditrow
    FOR EACH ROW EXECUTE FUNCTION moderation_audit_chain();
"""

# A row whose way is noted hashes it too; the rows from before keep the hash that they have.
AUDIT_HASH_WITH_WAY = """
CREATE OR REPLACE FUNCTION moderation_audit_hash(r moderation_auditrow) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to((jsonb_build_array(
        r.previous_hash, r.id, to_char(r.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), r.actor_id, r.actor, r.verb,
        r.subject, r.data) || CASE r.via WHEN '' THEN '[]'::jsonb ELSE jsonb_build_array(r.via) END)::text, 'UTF8')), 'hex')
$$;
"""

# The head only ever moves on to the newest row; whether Parler moved it, its seal says.
AUDIT_HEAD_GUARD = """
CREATE OR REPLACE FUNCTION moderation_audit_head_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_id <= OLD.last_id
       OR (SELECT hash FROM moderation_auditrow ORDER BY id DESC LIMIT 1) IS DISTINCT FROM NEW.last_hash THEN
        RAISE EXCEPTION 'the head of the audit trail only moves on' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_change BEFORE DELETE ON moderation_audithead
    FOR EACH ROW EXECUTE FUNCTION parler_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON moderation_audithead
    FOR EACH STATEMENT EXECUTE FUNCTION parler_refuse_change();
CREATE TRIGGER moves_on BEFORE UPDATE ON moderation_audithead
    FOR EACH ROW WHEN (NEW.* IS DISTINCT FROM OLD.*) EXECUTE FUNCTION moderation_audit_head_moves_on();
"""

# An appeal begins open and in time, keeps what it is about, and ends once, by somebody else than who decided first.
# Who appeals against a measure gets it back when the appeal is granted, in the same transaction. Erasing empties the text.
APPEAL_GUARD = """
CREATE OR REPLACE FUNCTION moderation_appeal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first moderation_decision;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an appeal is answered, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO first FROM moderation_decision WHERE id = NEW.decision_id;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' OR statement_timestamp() > first.at + interval '184 days' THEN
            RAISE EXCEPTION 'an appeal begins open, within six months' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.decision_id, NEW.appellant_id, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.decision_id, OLD.appellant_id, OLD.created_at)
       OR NEW.text <> OLD.text AND NEW.text <> ''
       OR OLD.status <> 'open' AND (NEW.status, NEW.decided_at, NEW.decided_by_id, NEW.reasons, NEW.result_id)
        IS DISTINCT FROM (OLD.status, OLD.decided_at, OLD.decided_by_id, OLD.reasons, OLD.result_id) THEN
        RAISE EXCEPTION 'an appeal keeps what it is about and how it ended'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.decided_by_id = first.by_id THEN
        RAISE EXCEPTION 'who decided first does not decide the appeal' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status = 'granted' AND first.measure <> 'clear'
       AND NOT EXISTS (SELECT 1 FROM moderation_decision WHERE overturns_id = first.id) THEN
        RAISE EXCEPTION 'an appeal is granted by overturning' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_appeal
    FOR EACH ROW EXECUTE FUNCTION moderation_appeal_guard();
"""

# Marking a held text, and taking a decision back, also show it: people found that it may be read.
CLEARED_NEEDS_VERDICT_OR_MARK = """
CREATE OR REPLACE FUNCTION moderation_cleared_needs_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM moderation_scan WHERE revision_id = NEW.id AND verdict = 'clear' AND sha256 = NEW.sha256)
       AND NOT EXISTS (SELECT 1 FROM moderation_decision_revisions dr JOIN moderation_decision d ON d.id = dr.decision_id
                       WHERE dr.revision_id = NEW.id
                           AND d.measure IN ('clear', 'label', 'limit', 'lock', 'restore')) THEN
        RAISE EXCEPTION 'revision % was cleared by nobody', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# Who confirmed the first decision decided it as well.
APPEAL_NOT_BY_ITS_CONFIRMER = """
CREATE OR REPLACE FUNCTION moderation_appeal_not_by_confirmer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM moderation_decision d
               WHERE (d.id = NEW.decision_id OR d.parent_id = NEW.decision_id)
                   AND NEW.decided_by_id IN (d.by_id, d.confirmed_by_id)) THEN
        RAISE EXCEPTION 'who decided first does not decide the appeal' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_by_confirmer BEFORE UPDATE OF decided_by_id ON moderation_appeal
    FOR EACH ROW WHEN (NEW.decided_by_id IS NOT NULL) EXECUTE FUNCTION moderation_appeal_not_by_confirmer();
"""

# Without an account as with one, an appeal stays whose it is; so does what was said about it.
APPEAL_KEEPS_ITS_GUEST = """
CREATE TRIGGER keeps_its_guest BEFORE UPDATE OF guest_id ON moderation_appeal
    FOR EACH ROW WHEN (NEW.guest_id IS DISTINCT FROM OLD.guest_id) EXECUTE FUNCTION parler_refuse_change();
CREATE TRIGGER keeps_who_said_it BEFORE UPDATE OF by_id, guest_id ON moderation_appealmessage
    FOR EACH ROW WHEN ((NEW.by_id, NEW.guest_id) IS DISTINCT FROM (OLD.by_id, OLD.guest_id))
    EXECUTE FUNCTION parler_refuse_change();
"""


def keeps_its_words(table: str, *, texts: Collection[str], moving: Collection[str]) -> str:
    """What people were told stays as it was said: only `moving` columns of `table` change, and `texts` can be emptied, by erasing."""
    ignored = ", ".join(f"'{column}'" for column in (*texts, *moving))
    rewritten = " OR ".join(f"NEW.{column} <> OLD.{column} AND NEW.{column} <> ''" for column in texts)
    return f"""
CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - ARRAY[{ignored}] <> to_jsonb(OLD) - ARRAY[{ignored}] OR {rewritten} THEN
        RAISE EXCEPTION 'what people were told is not changed afterwards' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keeps_its_words BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard();
CREATE TRIGGER refuse_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION parler_refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION parler_refuse_change();
"""


_MAIL = ("due_at", "attempts", "mailed_at", "read_at", "visible_from", "withdrawn_at")
STATEMENT_GUARD = keeps_its_words("moderation_statement", texts=("facts", "ground"), moving=_MAIL)
NOTICE_GUARD = keeps_its_words("moderation_notice", texts=("text",), moving=_MAIL)

# What chance chose stays chosen, and ends once: with a case, or with nothing.
SAMPLE_GUARD = """
CREATE OR REPLACE FUNCTION moderation_sample_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.revision_id, NEW.chosen_at) IS DISTINCT FROM (OLD.revision_id, OLD.chosen_at)
       OR OLD.case_id IS NOT NULL OR OLD.lapsed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a sample stays chosen and ends once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sample_guard BEFORE UPDATE OR DELETE ON moderation_qualitysample
    FOR EACH ROW EXECUTE FUNCTION moderation_sample_guard();
"""

# A second look stays with its decision, is judged once, and never by who decided.
SECOND_LOOK_GUARD = """
CREATE OR REPLACE FUNCTION moderation_second_look_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first_by bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a second look is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.decision_id, NEW.chosen, NEW.chosen_at)
        IS DISTINCT FROM (OLD.id, OLD.decision_id, OLD.chosen, OLD.chosen_at) OR OLD.at IS NOT NULL) THEN
        RAISE EXCEPTION 'a second look keeps what it is about and what was said'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT by_id INTO first_by FROM moderation_decision WHERE id = NEW.decision_id;
    IF first_by IN (NEW.by_id, NEW.claimed_by_id) THEN
        RAISE EXCEPTION 'who decided first takes no second look' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER second_look_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_secondlook
    FOR EACH ROW EXECUTE FUNCTION moderation_second_look_guard();
"""

CASE_AUTHOR = """
CREATE OR REPLACE FUNCTION moderation_case_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.author_id IS DISTINCT FROM coalesce((SELECT author_id FROM posts_post WHERE id = NEW.post_id), NEW.profile_id) THEN
        RAISE EXCEPTION 'a case is about its target, and that is of somebody else' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_author BEFORE INSERT OR UPDATE OF author_id, post_id, profile_id ON moderation_case
    FOR EACH ROW EXECUTE FUNCTION moderation_case_author();
"""

# At the end of the transaction, a case that is closed has a decision that closed it and was not taken back at once. Who decided
# is never empty there, and what follows from a decision is written with it.
CLOSED_NEEDS_DECISION = """
CREATE OR REPLACE FUNCTION moderation_closed_needs_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM moderation_case WHERE id = NEW.id AND status = 'closed')
       AND NOT EXISTS (SELECT 1 FROM moderation_decision d
                       WHERE d.case_id = NEW.id AND d.measure IN ('clear', 'label', 'limit', 'lock', 'take_down')
                           AND NOT EXISTS (SELECT 1 FROM moderation_decision o
                                           WHERE o.overturns_id = d.id AND o.is_take_back)) THEN
        RAISE EXCEPTION 'case % was closed by nobody', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER closed_needs_decision AFTER INSERT OR UPDATE OF status ON moderation_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status = 'closed')
    EXECUTE FUNCTION moderation_closed_needs_decision();
"""
