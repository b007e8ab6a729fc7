from django.db import migrations

from posts import guards


class Migration(migrations.Migration):
    dependencies = [("posts", "0001_initial")]

    operations = [
        migrations.RunSQL(guards.APPEND_ONLY_FUNCTION, "DROP FUNCTION parler_refuse_change()"),
        migrations.RunSQL(
            guards.revision_guard(),
            "DROP TRIGGER revision_guard ON posts_revision; DROP FUNCTION posts_revision_guard();",
        ),
        migrations.RunSQL(
            guards.append_only("posts_transition"),
            "DROP TRIGGER refuse_change ON posts_transition; DROP TRIGGER refuse_truncate ON posts_transition;",
        ),
        migrations.RunSQL(
            guards.SHOWN_IS_CLEARED,
            "ALTER TABLE posts_post DROP CONSTRAINT posts_post_shown_is_cleared;"
            "ALTER TABLE posts_profile DROP CONSTRAINT posts_profile_shown_is_cleared;",
        ),
    ]
