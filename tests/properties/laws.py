"""What must hold of cases, decisions, notices and texts after every step, asked in SQL that knows nothing of our code.

Each law is a query that finds what breaks it.
"""

from django.db import connection

from moderation import auditing

# Decisions that close a case, and those that take one of them back later: both are told of.
_VIEWS = """
WITH closing AS (
    SELECT * FROM moderation_decision WHERE measure IN ('clear', 'label', 'limit', 'lock', 'take_down')
), undone AS (
    SELECT d.*, o.is_take_back AS was_taken_back FROM moderation_decision d
    JOIN moderation_decision o ON o.overturns_id = d.id
), told AS (
    SELECT * FROM closing WHERE id NOT IN (SELECT id FROM undone WHERE was_taken_back)
    UNION ALL
    SELECT * FROM moderation_decision
    WHERE measure = 'restore' AND NOT is_take_back AND overturns_id IN (SELECT id FROM closing)
)
"""

LAWS = {
    "a closed case has a decision that closed it, by somebody": """
        SELECT c.id FROM moderation_case c WHERE c.status = 'closed' AND NOT EXISTS (
            SELECT FROM closing d WHERE d.case_id = c.id AND d.by_id IS NOT NULL
            AND d.id NOT IN (SELECT id FROM undone WHERE was_taken_back))
    """,
    "an open case has no decision but those that never were": """
        SELECT c.id FROM moderation_case c JOIN closing d ON d.case_id = c.id
        WHERE c.status <> 'closed' AND d.id NOT IN (SELECT id FROM undone WHERE was_taken_back)
    """,
    "a decision about a text that was held, and one that restricts or restores, is explained to its author": """
        SELECT d.id FROM told d
        JOIN moderation_case c ON c.id = d.case_id
        LEFT JOIN posts_post p ON p.id = c.post_id
        WHERE (d.measure <> 'clear' OR EXISTS (
            SELECT FROM moderation_decision_revisions r JOIN posts_transition t ON t.revision_id = r.revision_id
            WHERE r.decision_id = d.id AND t.new = 'held'))
        AND NOT EXISTS (
            SELECT FROM moderation_statement s
            WHERE s.decision_id = d.id AND s.recipient_id = coalesce(p.author_id, c.profile_id)
            AND s.withdrawn_at IS NULL AND s.measure <> '' AND s.redress <> ''
            AND (s.ground <> '' OR EXISTS (SELECT FROM accounts_user u WHERE u.id = s.recipient_id AND u.erased_at IS NOT NULL)))
    """,
    # Who asked by an appeal for what was decided hears of it as its outcome.
    "everybody who reported hears of every decision": """
        SELECT d.id, r.id FROM told d
        JOIN moderation_report r ON r.case_id = d.case_id
        JOIN accounts_user u ON u.id = r.reporter_id
        WHERE (u.erased_at IS NULL OR u.erased_at > d.at)
        AND NOT EXISTS (SELECT FROM moderation_notice n WHERE n.decision_id = d.id AND n.report_id = r.id
                        AND n.recipient_id = r.reporter_id AND n.withdrawn_at IS NULL)
        AND NOT EXISTS (SELECT FROM moderation_appeal a JOIN moderation_notice n ON n.appeal_id = a.id
                        WHERE a.result_id = d.id AND a.appellant_id = r.reporter_id AND n.recipient_id = r.reporter_id)
    """,
    "every guest hears of every decision": """
        SELECT d.id, r.id FROM told d
        JOIN moderation_report r ON r.case_id = d.case_id
        JOIN moderation_guestnotice g ON g.id = r.guest_id
        WHERE (g.erased_at IS NULL OR g.erased_at > d.at)
        AND NOT EXISTS (SELECT FROM moderation_letter l WHERE l.decision_id = d.id AND l.guest_id = g.id
                        AND l.kind = 'outcome' AND l.withdrawn_at IS NULL)
        AND NOT EXISTS (SELECT FROM moderation_appeal a JOIN moderation_letter l ON l.decision_id = a.decision_id
                        WHERE a.result_id = d.id AND a.guest_id = g.id AND l.guest_id = g.id AND l.kind = 'appeal')
    """,
    "a guest who is forgotten leaves no words": """
        SELECT g.id FROM moderation_guestnotice g WHERE g.erased_at IS NOT NULL AND (
            EXISTS (SELECT FROM moderation_appeal WHERE guest_id = g.id AND text <> '')
            OR EXISTS (SELECT FROM moderation_appealmessage WHERE guest_id = g.id AND text <> ''))
    """,
    "nobody hears of what never was": """
        SELECT d.id FROM undone d WHERE was_taken_back AND (
            EXISTS (SELECT FROM moderation_statement WHERE decision_id = d.id AND withdrawn_at IS NULL)
            OR EXISTS (SELECT FROM moderation_notice WHERE decision_id = d.id AND withdrawn_at IS NULL)
            OR EXISTS (SELECT FROM moderation_letter WHERE decision_id = d.id AND withdrawn_at IS NULL))
    """,
    "whoever appealed hears of the outcome, by a notice, a letter, or the statement of what it led to": """
        SELECT a.id FROM moderation_appeal a WHERE a.status <> 'open'
        AND NOT EXISTS (SELECT FROM moderation_notice n WHERE n.appeal_id = a.id AND n.recipient_id = a.appellant_id)
        AND NOT EXISTS (SELECT FROM moderation_statement s
                        WHERE s.decision_id = a.result_id AND s.recipient_id = a.appellant_id)
        AND NOT EXISTS (SELECT FROM moderation_letter l
                        WHERE l.kind = 'appeal' AND l.decision_id = a.decision_id AND l.guest_id = a.guest_id)
    """,
    "an appeal is ended by nobody who decided first, nor by its appellant": """
        SELECT a.id FROM moderation_appeal a JOIN moderation_decision d ON d.id = a.decision_id
        WHERE a.decided_by_id IN (d.by_id, d.confirmed_by_id, a.appellant_id)
    """,
    "a granted appeal of an author overturned the decision": """
        SELECT a.id FROM moderation_appeal a JOIN moderation_decision d ON d.id = a.decision_id
        WHERE a.status = 'granted' AND d.measure <> 'clear' AND d.id NOT IN (SELECT id FROM undone)
    """,
    "nobody decides about their own text": """
        SELECT d.id FROM moderation_decision d JOIN moderation_case c ON c.id = d.case_id
        LEFT JOIN posts_post p ON p.id = c.post_id
        WHERE coalesce(p.author_id, c.profile_id) IN (d.by_id, d.confirmed_by_id)
    """,
    "every decision stands in the trail, with who acted": """
        SELECT d.id FROM moderation_decision d WHERE NOT EXISTS (
            SELECT FROM moderation_auditrow a
            WHERE a.actor_id = coalesce(d.confirmed_by_id, d.by_id) AND CASE
                WHEN d.parent_id IS NOT NULL AND d.measure = 'restore' THEN a.verb IN ('decide', 'take_back')
                WHEN d.parent_id IS NOT NULL THEN a.verb = 'decide' AND a.data->'children' ? d.id::text
                WHEN d.is_take_back THEN a.verb = 'take_back' AND a.data->>'decision' = d.overturns_id::text
                ELSE a.verb = 'decide' AND a.data->>'decision' = d.id::text END)
    """,
    "a ban has two people behind it": """
        SELECT id FROM moderation_decision WHERE measure = 'ban' AND (confirmed_by_id IS NULL OR confirmed_by_id = by_id)
    """,
    "a case waits for a second person while one proposal is open": """
        SELECT c.id FROM moderation_case c WHERE (c.status = 'proposed') <>
            ((SELECT count(*) FROM moderation_proposal p WHERE p.case_id = c.id AND p.status = 'open') = 1)
    """,
    "a post is marked while a decision that says so stands": """
        SELECT p.id FROM posts_post p, LATERAL (VALUES ('label', p.labelled_at), ('limit', p.limited_at), ('lock', p.locked_at))
            AS mark (measure, since)
        WHERE (mark.since IS NOT NULL) <> EXISTS (
            SELECT FROM moderation_decision d JOIN moderation_case c ON c.id = d.case_id
            WHERE c.post_id = p.id AND d.measure = mark.measure AND d.id NOT IN (SELECT id FROM undone))
    """,
    "an account is restricted while the decision that did it stands": """
        SELECT r.id FROM accounts_restriction r WHERE (r.lifted_at IS NULL) <> EXISTS (
            SELECT FROM moderation_decision d WHERE d.restriction_id = r.id AND d.id NOT IN (SELECT id FROM undone))
    """,
    "there is one open case for a target": """
        SELECT post_id, profile_id FROM moderation_case WHERE status <> 'closed'
        GROUP BY post_id, profile_id HAVING count(*) > 1
    """,
    "nobody holds two claims": """
        SELECT claimed_by_id FROM moderation_case WHERE claimed_by_id IS NOT NULL
        GROUP BY claimed_by_id HAVING count(*) > 1
    """,
    "what is held waits in an open case": """
        SELECT r.id FROM posts_revision r WHERE r.status = 'held' AND NOT EXISTS (
            SELECT FROM moderation_case c
            WHERE c.status <> 'closed' AND (c.post_id = r.post_id OR c.profile_id = r.profile_id))
    """,
    "what is removed was removed by a decision that stands": """
        SELECT r.id FROM posts_revision r WHERE r.status = 'removed' AND NOT EXISTS (
            SELECT FROM moderation_decision_revisions dr JOIN moderation_decision d ON d.id = dr.decision_id
            WHERE dr.revision_id = r.id AND d.measure = 'take_down'
            AND d.id NOT IN (SELECT id FROM undone))
        AND r.erased_at IS NULL
        AND (SELECT t.old FROM posts_transition t WHERE t.revision_id = r.id AND t.new = 'removed'
             ORDER BY t.id DESC LIMIT 1) <> 'withdrawn'
    """,
    "what is shown is cleared": """
        SELECT p.id FROM posts_post p JOIN posts_revision r ON r.id = p.shown_id
        WHERE r.status <> 'cleared' OR r.post_id <> p.id
        UNION ALL
        SELECT p.user_id FROM posts_profile p JOIN posts_revision r ON r.id = p.shown_id
        WHERE r.status <> 'cleared' OR r.profile_id <> p.user_id
    """,
    "the newest cleared version is what is shown, unless the post is withdrawn": """
        SELECT p.id FROM posts_post p WHERE p.withdrawn_at IS NULL AND p.shown_id IS DISTINCT FROM (
            SELECT r.id FROM posts_revision r WHERE r.post_id = p.id AND r.status = 'cleared'
            ORDER BY r.number DESC LIMIT 1)
    """,
    "counters say what is shown to everyone": """
        SELECT p.id FROM posts_post p
        WHERE p.comment_count <> (SELECT count(*) FROM posts_post c
                                  WHERE c.parent_id = p.id AND c.shown_id IS NOT NULL AND c.visibility = 'public')
        OR p.echo_count <> (SELECT count(*) FROM posts_post e
                            WHERE e.echoed_id = p.id AND e.shown_id IS NOT NULL AND e.visibility = 'public')
        OR p.upvote_count <> (SELECT count(*) FROM posts_upvote u WHERE u.post_id = p.id)
    """,
}


def find_broken() -> dict[str, list[tuple[object, ...]]]:
    """The laws that do not hold at this moment, with what breaks them."""
    broken = {}
    with connection.cursor() as cursor:
        # What the database checks at the end of a transaction only.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for law, query in LAWS.items():
            cursor.execute(_VIEWS + query)
            if rows := cursor.fetchall():
                broken[law] = rows
    if fault := auditing.find_fault():
        broken["the audit trail is whole"] = [(fault,)]
    return broken
