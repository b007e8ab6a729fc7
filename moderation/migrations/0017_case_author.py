import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from moderation import guards

FILL = """
UPDATE moderation_case c SET author_id = coalesce((SELECT p.author_id FROM posts_post p WHERE p.id = c.post_id), c.profile_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("moderation", "0016_closing_guard"),
    ]

    operations = [
        migrations.AddField(
            "case",
            "author",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "case",
            "author",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            "case", models.Index(fields=["author", "-id"], name="moderation_case_author")
        ),
        migrations.RunSQL(
            guards.CASE_AUTHOR,
            "DROP TRIGGER case_author ON moderation_case; DROP FUNCTION moderation_case_author();",
        ),
    ]
