"""What the database itself keeps and refuses about accounts: SQL for migrations."""

# An account's row carries the ends of its restrictions, so that hiding what it published costs no query. Nobody writes them but the
# trigger on restrictions: saving an account that was read earlier cannot undo a suspension.
RESTRICTED_USER = """
CREATE OR REPLACE FUNCTION accounts_keep_restrictions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE accounts_user SET
        read_only_until = (SELECT max(until) FROM accounts_restriction
                           WHERE account_id = NEW.account_id AND kind = 'read_only' AND lifted_at IS NULL),
        hidden_until = (SELECT max(coalesce(until, '9999-12-30 00:00+00')) FROM accounts_restriction
                        WHERE account_id = NEW.account_id AND kind <> 'read_only' AND lifted_at IS NULL)
    WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_restrictions AFTER INSERT OR UPDATE ON accounts_restriction
    FOR EACH ROW EXECUTE FUNCTION accounts_keep_restrictions();

CREATE OR REPLACE FUNCTION accounts_restriction_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.account_id, NEW.kind) IS DISTINCT FROM (OLD.id, OLD.account_id, OLD.kind)
       OR OLD.lifted_at IS NOT NULL AND NEW.lifted_at IS DISTINCT FROM OLD.lifted_at THEN
        RAISE EXCEPTION 'a restriction keeps whom it is about, and is lifted once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER restriction_guard BEFORE UPDATE ON accounts_restriction
    FOR EACH ROW EXECUTE FUNCTION accounts_restriction_guard();

CREATE OR REPLACE FUNCTION accounts_refuse_other_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        NEW.read_only_until := OLD.read_only_until;
        NEW.hidden_until := OLD.hidden_until;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_other_ends BEFORE UPDATE ON accounts_user
    FOR EACH ROW WHEN ((NEW.read_only_until, NEW.hidden_until) IS DISTINCT FROM (OLD.read_only_until, OLD.hidden_until))
    EXECUTE FUNCTION accounts_refuse_other_ends();
"""
UNRESTRICTED_USER = """
DROP TRIGGER refuse_other_ends ON accounts_user;
DROP FUNCTION accounts_refuse_other_ends();
DROP TRIGGER restriction_guard ON accounts_restriction;
DROP FUNCTION accounts_restriction_guard();
DROP TRIGGER keep_restrictions ON accounts_restriction;
DROP FUNCTION accounts_keep_restrictions();
"""
