from django.db import migrations

from moderation import guards


class Migration(migrations.Migration):
    dependencies = [("moderation", "0015_case_page")]

    operations = [
        migrations.RunSQL(
            guards.CLOSED_NEEDS_DECISION,
            "DROP TRIGGER closed_needs_decision ON moderation_case; DROP FUNCTION moderation_closed_needs_decision();",
        ),
    ]
