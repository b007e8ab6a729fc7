from django.db import migrations

# (app, model, codename) by role; a higher role also has what the lower ones have.
USER = [("posts", "post", "add_post")]
MODERATOR = [
    *USER,
    ("moderation", "case", "decide_case"),
    ("moderation", "case", "view_case"),
    ("moderation", "report", "view_report"),
    ("moderation", "decision", "view_decision"),
    ("moderation", "scan", "view_scan"),
    ("moderation", "statement", "view_statement"),
    ("posts", "post", "view_post"),
    ("posts", "profile", "view_profile"),
    ("posts", "revision", "view_revision"),
]
SENIOR_MODERATOR = [
    *MODERATOR,
    ("moderation", "auditrow", "view_auditrow"),
    ("moderation", "knownbad", "view_knownbad"),
    ("accounts", "user", "view_user"),
]
ADMINISTRATOR = [
    *SENIOR_MODERATOR,
    ("accounts", "application", "view_application"),
]
PERMISSIONS = {
    "user": USER,
    "moderator": MODERATOR,
    "senior moderator": SENIOR_MODERATOR,
    "administrator": ADMINISTRATOR,
}
SENTENCES = {"decide_case": "Can claim and decide cases"}


def grant(apps, schema_editor):
    """Permissions are usually made after all migrations; these are needed now, in the form that Django would give them."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    groups = apps.get_model("auth", "Group").objects
    for role, wanted in PERMISSIONS.items():
        group = groups.get(name=role)
        for app, model, codename in wanted:
            content_type, _new = content_types.get_or_create(app_label=app, model=model)
            name = SENTENCES.get(codename) or f"Can {codename.replace('_', ' ')}"
            permission, _new = permissions.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0002_guards"),
        ("accounts", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
