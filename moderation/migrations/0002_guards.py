from django.db import migrations

from moderation import guards
from posts.guards import append_only

APPEND_ONLY = ["moderation_auditrow", "moderation_scan", "moderation_decision", "moderation_decision_revisions"]


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial"), ("posts", "0002_guards")]

    operations = [
        *[
            migrations.RunSQL(
                append_only(table),
                f"DROP TRIGGER refuse_change ON {table}; DROP TRIGGER refuse_truncate ON {table};",
            )
            for table in APPEND_ONLY
        ],
        migrations.RunSQL(
            guards.AUDIT_CHAIN,
            "DROP TRIGGER audit_chain ON moderation_auditrow; DROP FUNCTION moderation_audit_chain();"
            "DROP FUNCTION moderation_audit_hash(moderation_auditrow);",
        ),
        migrations.RunSQL(
            guards.CLEARED_NEEDS_VERDICT,
            "DROP TRIGGER cleared_needs_verdict ON posts_revision; DROP FUNCTION moderation_cleared_needs_verdict();",
        ),
    ]
