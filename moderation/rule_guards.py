"""What the database refuses about house rules, whoever asks: SQL for migrations, made from the state machine."""

from accounts.roles import Role
from moderation.rule_states import HOLDING, LEGAL_STEPS

_FIXED = (
    "id",
    "rule_id",
    "number",
    "author_id",
    "written_at",
    "violation",
    "severity",
    "language",
    "pattern",
    "exceptions",
    "positive",
    "negative",
    "note",
    "sha256",
)


def version_guard() -> str:
    """A version begins as a draft, keeps its text, takes legal steps only, and holds nothing without a senior's approval."""
    steps = ", ".join(f"('{old}', '{new}')" for old, new in LEGAL_STEPS)
    fixed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _FIXED)
    holding = ", ".join(f"'{state.value}'" for state in HOLDING)
    seniors = f"'{Role.SENIOR_MODERATOR.value}', '{Role.ADMINISTRATOR.value}'"
    return f"""
CREATE OR REPLACE FUNCTION moderation_ruleversion_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a version of a rule is withdrawn, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.approved_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a version of a rule begins as a draft' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF {fixed} THEN
        RAISE EXCEPTION 'the text of a version never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({steps}) THEN
        RAISE EXCEPTION 'illegal step of a rule: % to %', OLD.state, NEW.state USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'backtested' AND NOT EXISTS (SELECT 1 FROM moderation_rulebacktest WHERE version_id = NEW.id) THEN
        RAISE EXCEPTION 'a backtest is required' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'withdrawn' AND NEW.state = 'live' AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id THEN
        RAISE EXCEPTION 'a version comes back with the approval that it had' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id
       AND (NEW.state NOT IN ({holding}) OR NOT EXISTS (
            SELECT 1 FROM accounts_user u WHERE u.id = NEW.approved_by_id AND (u.is_superuser OR EXISTS (
                SELECT 1 FROM accounts_user_groups ug JOIN auth_group g ON g.id = ug.group_id
                WHERE ug.user_id = u.id AND g.name IN ({seniors}))))) THEN
        RAISE EXCEPTION 'a senior moderator approves what holds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ruleversion_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_ruleversion
    FOR EACH ROW EXECUTE FUNCTION moderation_ruleversion_guard();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON moderation_ruleversion
    FOR EACH STATEMENT EXECUTE FUNCTION parler_refuse_change();
"""  # noqa: S608  Made from our own names.
