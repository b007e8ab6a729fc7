"""What the database refuses about evidence, referrals and legal holds: SQL for migrations."""

from dataclasses import dataclass

from posts.guards import append_only

# Whether something of this account and, where it belongs to one, of this post must be kept now. One answer for all triggers.
IS_HELD = """
CREATE OR REPLACE FUNCTION moderation_is_held(of_user bigint, of_post bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM moderation_legalhold WHERE released_at IS NULL AND until > statement_timestamp()
                   AND (user_id = of_user OR post_id = of_post))
$$;
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of `table` that a legal hold keeps: what is `erased` of them, as a condition on OLD and NEW, and whose they are.

    `owner` is an SQL expression on OLD for the account, `post` one for the post, or NULL. `also` is a further condition under
    which they are kept.
    """

    table: str
    erased: str
    owner: str
    post: str = "NULL"
    also: str = "false"


_POST_OF_DECISION = """(SELECT c.post_id FROM moderation_decision d JOIN moderation_case c ON c.id = d.case_id
    JOIN posts_post p ON p.id = c.post_id WHERE d.id = {decision} AND p.author_id = {owner})"""
_AUTHOR = "(SELECT author_id FROM posts_post WHERE id = OLD.post_id)"
_DECISION_OF_MESSAGE = "(SELECT decision_id FROM moderation_appeal WHERE id = OLD.appeal_id)"
_ANY_POST_IS_HELD = """EXISTS (SELECT 1 FROM moderation_legalhold h JOIN posts_post p ON p.id = h.post_id
    WHERE p.author_id = OLD.id AND moderation_is_held(NULL, p.id))"""


def _of_decision(table: str, *columns: str, owner: str, decision: str = "OLD.decision_id") -> Held:
    """What somebody wrote or received about a decision: with the post decided about, it is kept of that post's author only."""
    post = _POST_OF_DECISION.format(decision=decision, owner=owner)
    erased = " OR ".join(f"OLD.{column} <> '' AND NEW.{column} = ''" for column in columns)
    return Held(table, erased, owner, post)


HELD = [
    Held("posts_post", "false", "OLD.author_id", "OLD.id"),
    Held(
        "posts_revision",
        "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL",
        f"coalesce(OLD.profile_id, {_AUTHOR})",
        "OLD.post_id",
    ),
    Held(
        "moderation_case",
        "OLD.snapshot <> '' AND NEW.snapshot = ''",
        f"coalesce(OLD.profile_id, {_AUTHOR})",
        "OLD.post_id",
    ),
    Held("moderation_report", "OLD.comment <> '' AND NEW.comment = ''", "OLD.reporter_id"),
    _of_decision("moderation_statement", "facts", "ground", owner="OLD.recipient_id"),
    _of_decision("moderation_notice", "text", owner="OLD.recipient_id"),
    _of_decision("moderation_appeal", "text", owner="OLD.appellant_id"),
    _of_decision("moderation_appealmessage", "text", owner="OLD.by_id", decision=_DECISION_OF_MESSAGE),
    Held(
        "accounts_user",
        "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL OR OLD.email <> '' AND NEW.email = ''",
        "OLD.id",
        also=_ANY_POST_IS_HELD,
    ),
]

REFUSE_EMPTYING = """
CREATE OR REPLACE FUNCTION moderation_legal_hold_refuses_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM moderation_legalhold WHERE released_at IS NULL AND until > statement_timestamp()) THEN
        RAISE EXCEPTION 'a legal hold is in force: % of % refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def keep_held(held: Held) -> str:
    """Triggers that refuse to erase, delete or empty what a legal hold keeps; other changes cost nothing."""
    name = f"{held.table}_legal_hold"
    on_erasing = f"CREATE TRIGGER legal_hold BEFORE UPDATE ON {held.table} FOR EACH ROW WHEN ({held.erased}) EXECUTE FUNCTION {name}();"
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF moderation_is_held({held.owner}, {held.post}) OR {held.also} THEN
        RAISE EXCEPTION 'a legal hold is in force: % of % % refused', TG_OP, TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
{on_erasing}
CREATE TRIGGER legal_hold_delete BEFORE DELETE ON {held.table} FOR EACH ROW EXECUTE FUNCTION {name}();
CREATE TRIGGER legal_hold_truncate BEFORE TRUNCATE ON {held.table}
    FOR EACH STATEMENT EXECUTE FUNCTION moderation_legal_hold_refuses_truncate();
"""


def free_held(held: Held) -> str:
    """The undo of `keep_held`."""
    triggers = " ".join(
        f"DROP TRIGGER {name} ON {held.table};"
        for name in ("legal_hold", "legal_hold_delete", "legal_hold_truncate")
    )
    return f"{triggers} DROP FUNCTION {held.table}_legal_hold();"


# A hold keeps what it says; it lasts longer only by an extension, which a second person confirmed where that is needed; it is
# released once.
LEGAL_HOLD_GUARD = """
CREATE OR REPLACE FUNCTION moderation_legal_hold_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a legal hold is released, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.until > statement_timestamp() + interval '365 days' OR NEW.since > statement_timestamp() THEN
            RAISE EXCEPTION 'one person holds for a year at most' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.user_id, NEW.post_id, NEW.reference, NEW.reason, NEW.may_be_told, NEW.by_id, NEW.since)
        IS DISTINCT FROM (OLD.id, OLD.user_id, OLD.post_id, OLD.reference, OLD.reason, OLD.may_be_told, OLD.by_id, OLD.since)
       OR OLD.released_at IS NOT NULL AND (NEW.released_at, NEW.released_by_id, NEW.release_reason, NEW.until)
        IS DISTINCT FROM (OLD.released_at, OLD.released_by_id, OLD.release_reason, OLD.until)
       OR OLD.settled_at IS NOT NULL AND NEW.settled_at IS DISTINCT FROM OLD.settled_at THEN
        RAISE EXCEPTION 'a legal hold keeps what it says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.until IS DISTINCT FROM OLD.until AND NOT EXISTS (
        SELECT 1 FROM moderation_holdextension e WHERE e.hold_id = NEW.id AND e.until = NEW.until AND e.until > OLD.until
        AND e.effective_at IS NOT NULL AND (e.confirmed_by_id IS NOT NULL OR e.until <= NEW.since + interval '365 days')) THEN
        RAISE EXCEPTION 'a legal hold lasts longer by an extension only' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER legal_hold_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_legalhold
    FOR EACH ROW EXECUTE FUNCTION moderation_legal_hold_guard();
CREATE OR REPLACE FUNCTION moderation_hold_extension_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.effective_at IS NOT NULL
       OR (NEW.id, NEW.hold_id, NEW.until, NEW.reason, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM (OLD.id, OLD.hold_id, OLD.until, OLD.reason, OLD.asked_by_id, OLD.asked_at) THEN
        RAISE EXCEPTION 'an extension keeps what was asked for' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_extension_guard BEFORE UPDATE OR DELETE ON moderation_holdextension
    FOR EACH ROW EXECUTE FUNCTION moderation_hold_extension_guard();
"""

FREE_LEGAL_HOLD = (
    "DROP TRIGGER legal_hold_guard ON moderation_legalhold; DROP FUNCTION moderation_legal_hold_guard();"
    "DROP TRIGGER hold_extension_guard ON moderation_holdextension; DROP FUNCTION moderation_hold_extension_guard();"
)

EVIDENCE_HASH = """
CREATE OR REPLACE FUNCTION moderation_evidence_hash() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'evidence has another hash' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_hash BEFORE INSERT ON moderation_evidence
    FOR EACH ROW EXECUTE FUNCTION moderation_evidence_hash();
"""

APPEND_ONLY = ("moderation_evidence", "moderation_referral_evidence", "moderation_referralentry")
KEEP_EVIDENCE = EVIDENCE_HASH + "".join(append_only(table) for table in APPEND_ONLY)
FREE_EVIDENCE = (
    "".join(
        f"DROP TRIGGER refuse_change ON {table}; DROP TRIGGER refuse_truncate ON {table};"
        for table in APPEND_ONLY
    )
    + "DROP TRIGGER evidence_hash ON moderation_evidence; DROP FUNCTION moderation_evidence_hash();"
)


_REFERRAL_GUARD = """
CREATE OR REPLACE FUNCTION moderation_referral_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a referral is closed, never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'made' OR NOT EXISTS (SELECT 1 FROM moderation_evidence WHERE id = NEW.packet_id AND kind = 'packet') THEN
            RAISE EXCEPTION 'a referral begins as made, with a packet' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.case_id, NEW.authority_id, NEW.ground, NEW.urgency, NEW.why, NEW.packet_id, NEW.made_by_id, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.authority_id, OLD.ground, OLD.urgency, OLD.why, OLD.packet_id, OLD.made_by_id, OLD.made_at)
       OR NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({steps}) THEN
        RAISE EXCEPTION 'a referral never changes but for its next step' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER referral_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_referral
    FOR EACH ROW EXECUTE FUNCTION moderation_referral_guard();
"""


def referral_guard(steps: list[tuple[str, str]]) -> str:
    """A referral begins as made, takes legal `steps` only, and keeps everything else; it refers to a packet."""
    return _REFERRAL_GUARD.format(steps=", ".join(f"('{old}', '{new}')" for old, new in steps))


FREE_REFERRAL = (
    "DROP TRIGGER referral_guard ON moderation_referral; DROP FUNCTION moderation_referral_guard();"
)
