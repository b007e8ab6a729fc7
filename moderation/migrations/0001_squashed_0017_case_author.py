"""The whole of the app's tables, guards and permissions at once, for an empty database: step by step, Django takes three times as long.

An older database goes on through the steps. Generated from the models; the guards keep the order of the steps.
"""

import accounts.ids
import datetime
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import moderation.models.guests
from django.conf import settings
from django.db import migrations, models

from moderation import evidence_guards, guards, rule_guards, sealing
from moderation.models.referrals import LEGAL_STEPS
from posts.guards import append_only

APPEND_ONLY = [
    *("moderation_auditrow", "moderation_scan", "moderation_decision", "moderation_decision_revisions"),
    *("moderation_rulestep", "moderation_rulebacktest", "moderation_sealedrules"),
    *("moderation_batch", "moderation_batchitem", "moderation_casenote"),
]
GUARDS = [
    *map(append_only, APPEND_ONLY),
    guards.AUDIT_CHAIN,
    guards.AUDIT_HASH_WITH_WAY,
    guards.CLEARED_NEEDS_VERDICT,
    guards.CLEARED_NEEDS_VERDICT_OR_MARK,
    guards.APPEAL_GUARD,
    guards.APPEAL_NOT_BY_ITS_CONFIRMER,
    guards.STATEMENT_GUARD,
    guards.NOTICE_GUARD,
    guards.SAMPLE_GUARD,
    guards.SECOND_LOOK_GUARD,
    rule_guards.version_guard(),
    evidence_guards.KEEP_EVIDENCE,
    evidence_guards.referral_guard(LEGAL_STEPS),
    evidence_guards.LEGAL_HOLD_GUARD,
    evidence_guards.IS_HELD + evidence_guards.REFUSE_EMPTYING,
    *map(evidence_guards.keep_held, evidence_guards.HELD),
    guards.CLOSED_NEEDS_DECISION,
    guards.CASE_AUTHOR,
]

# (app, model, codename) by role; a higher role also has what the lower ones have.
USER = [("posts", "post", "add_post")]
MODERATOR = [
    *USER,
    ("moderation", "case", "decide_case"),
    *(
        ("moderation", model, f"view_{model}")
        for model in (
            *("case", "report", "decision", "scan", "statement", "appeal", "trustedflagger", "reporterwarning"),
            *("dailyfigure", "secondlook", "ruleversion", "massrevert", "batch"),
        )
    ),
    *(("posts", model, f"view_{model}") for model in ("post", "profile", "revision")),
]
SENIOR_MODERATOR = [
    *MODERATOR,
    *(
        ("moderation", model, f"view_{model}")
        for model in ("auditrow", "knownbad", "cannedreason", "referral", "authority", "legalhold")
    ),
    ("moderation", "cannedreason", "add_cannedreason"),
    ("moderation", "cannedreason", "change_cannedreason"),
    ("moderation", "houserule", "write_rule"),
    ("accounts", "user", "view_user"),
]
ADMINISTRATOR = [*SENIOR_MODERATOR, ("accounts", "application", "view_application")]
PERMISSIONS = {
    "user": USER,
    "moderator": MODERATOR,
    "senior moderator": SENIOR_MODERATOR,
    "administrator": ADMINISTRATOR,
}
SENTENCES = {"decide_case": "Can claim and decide cases", "write_rule": "Can write house rules"}


def grant(apps, schema_editor):
    """Permissions are usually made after all migrations; these are needed now, in the form that Django would give them."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    for role, wanted in PERMISSIONS.items():
        group = apps.get_model("auth", "Group").objects.get(name=role)
        for app, model, codename in wanted:
            content_type, _new = content_types.get_or_create(app_label=app, model=model)
            act = codename.partition("_")[0]
            name = SENTENCES.get(codename) or f"Can {act} {apps.get_model(app, model)._meta.verbose_name_raw}"
            permission, _new = permissions.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


def seal_the_beginning(apps, schema_editor):
    apps.get_model("moderation", "AuditHead").objects.create(id=1, last_id=0, last_hash="", mac=sealing.seal(""))


class Migration(migrations.Migration):
    replaces = [
        ("moderation", "0001_initial"),
        ("moderation", "0002_guards"),
        ("moderation", "0003_role_permissions"),
        ("moderation", "0004_scan_facts"),
        ("moderation", "0005_known_bad_bank"),
        ("moderation", "0006_roles_and_trail"),
        ("moderation", "0007_queue"),
        ("moderation", "0008_appeals"),
        ("moderation", "0009_measures"),
        ("moderation", "0010_statements"),
        ("moderation", "0011_reports"),
        ("moderation", "0012_figures"),
        ("moderation", "0013_rulebook"),
        ("moderation", "0014_evidence"),
        ("moderation", "0015_case_page"),
        ("moderation", "0016_closing_guard"),
        ("moderation", "0017_case_author"),
    ]
    initial = True
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("accounts", "0004_closing"),
        ("posts", "0004_put_back"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        # Needs nothing of it; but whatever Django migrates after fifty models that lead to accounts takes several times as long.
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last_id', models.BigIntegerField()),
                ('last_hash', models.CharField(blank=True, max_length=64)),
                ('mac', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='moderation_audithead_is_one')],
            },
        ),
        migrations.CreateModel(
            name='AuditRow',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor', models.CharField(max_length=100)),
                ('via', models.CharField(blank=True, choices=[('desk', 'the desk'), ('page', 'a page'), ('api', 'the API'), ('worker', 'a worker'), ('command', 'a command')], db_default='', max_length=7)),
                ('verb', models.CharField(max_length=50)),
                ('subject', models.CharField(max_length=100)),
                ('data', models.JSONField(default=dict)),
                ('previous_hash', models.CharField(blank=True, db_default='', max_length=64)),
                ('hash', models.CharField(blank=True, db_default='', max_length=64, unique=True)),
            ],
            options={
                'verbose_name': 'audit row',
                'verbose_name_plural': 'audit trail',
                'indexes': [models.Index(fields=['actor', '-id'], name='moderation_auditrow_by_actor'), models.Index(fields=['verb', '-id'], name='moderation_auditrow_by_verb'), models.Index(fields=['at'], name='moderation_auditrow_by_time'), models.Index(condition=models.Q(('verb__in', ('claim', 'decide', 'claim_second_look', 'look_again', 'answer_appeal', 'decide_appeal'))), fields=['actor_id', 'at'], name='moderation_auditrow_at_work')],
                'constraints': [models.CheckConstraint(condition=models.Q(('via', ''), ('via__in', ['desk', 'page', 'api', 'worker', 'command']), _connector='OR'), name='moderation_auditrow_via_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Authority',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('contact', models.TextField(verbose_name='contact address')),
                ('retired_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'authority',
                'verbose_name_plural': 'authorities',
                'constraints': [models.UniqueConstraint(fields=('country', 'name'), name='moderation_authority_once'), models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='moderation_authority_country_is_a_code')],
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('measure', models.CharField(choices=[('clear', 'clear'), ('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban'), ('escalate', 'escalate'), ('restore', 'restore')], max_length=9)),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('reason', models.TextField(blank=True)),
                ('count', models.PositiveSmallIntegerField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'batch',
                'verbose_name_plural': 'batches',
                'constraints': [models.CheckConstraint(condition=models.Q(('measure__in', ('clear', 'label', 'limit', 'take_down', 'lock'))), name='moderation_batch_measure_closes_cases'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_batch_violation_is_known'), models.CheckConstraint(condition=models.Q(('count__gte', 1), ('count__lte', 200)), name='moderation_batch_is_bounded')],
            },
        ),
        migrations.CreateModel(
            name='BreakSettings',
            fields=[
                ('moderator', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('after', models.PositiveSmallIntegerField(choices=[(0, 'never'), (30, 'after 30 minutes'), (60, 'after 60 minutes'), (90, 'after 90 minutes'), (120, 'after 120 minutes')], default=90)),
                ('quiet_until', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('after__in', [0, 30, 60, 90, 120])), name='moderation_breaksettings_after_is_known')],
            },
        ),
        migrations.CreateModel(
            name='CannedReason',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3, verbose_name='rule')),
                ('measure', models.CharField(blank=True, choices=[('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban')], max_length=9, verbose_name='measure')),
                ('text_en', models.TextField(verbose_name='reason in English')),
                ('text_de', models.TextField(verbose_name='reason in German')),
                ('is_current', models.BooleanField(default=True, verbose_name='is offered')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'canned reason',
                'verbose_name_plural': 'canned reasons',
                'constraints': [models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_cannedreason_violation_is_known'), models.CheckConstraint(condition=models.Q(('measure', ''), ('measure__in', ['clear', 'label', 'limit', 'take_down', 'lock', 'warn', 'strike', 'read_only', 'suspend', 'ban', 'escalate', 'restore']), _connector='OR'), name='moderation_cannedreason_measure_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('text_en', ''), _negated=True), models.Q(('text_de', ''), _negated=True)), name='moderation_cannedreason_is_in_every_language')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='scan', to='posts.revision')),
                ('sha256', models.CharField(max_length=64)),
                ('verdict', models.CharField(choices=[('clear', 'clear'), ('hold', 'hold')], max_length=5)),
                ('score', models.FloatField(null=True)),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('imminence', models.CharField(blank=True, choices=[('time', 'names a time'), ('place', 'names a place'), ('time and place', 'names a time and a place')], max_length=14)),
                ('target', models.CharField(blank=True, choices=[('person', 'a person'), ('public figure', 'a public figure'), ('group', 'a group'), ('place', 'a place')], max_length=13)),
                ('is_new_account', models.BooleanField(db_default=False)),
                ('is_heated_thread', models.BooleanField(db_default=False)),
                ('is_capped', models.BooleanField(db_default=False)),
                ('reasons', models.JSONField(default=list)),
                ('ruleset', models.CharField(blank=True, max_length=64)),
                ('model', models.CharField(blank=True, max_length=64)),
                ('thresholds', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'scan',
                'verbose_name_plural': 'scans',
                'indexes': [django.contrib.postgres.indexes.GinIndex(condition=models.Q(('verdict', 'hold')), fields=['reasons'], name='moderation_scan_held_for', opclasses=['jsonb_path_ops'])],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['clear', 'hold'])), name='moderation_scan_verdict_is_known'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_scan_violation_is_known'), models.CheckConstraint(condition=models.Q(('imminence', ''), ('imminence__in', ['time', 'place', 'time and place']), _connector='OR'), name='moderation_scan_imminence_is_known'), models.CheckConstraint(condition=models.Q(('target', ''), ('target__in', ['person', 'public figure', 'group', 'place']), _connector='OR'), name='moderation_scan_target_is_known')],
            },
        ),
        migrations.CreateModel(
            name='DailyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('kind', models.CharField(choices=[('opened', 'cases opened'), ('closed', 'cases closed'), ('backlog', 'open cases at the end of the day'), ('oldest', 'opening of the oldest open case'), ('action', 'time to action'), ('rule', 'held by rule'), ('model', 'held by model'), ('decider', 'decisions by moderator'), ('looked_at', 'second looks by first moderator'), ('agreement', 'second looks by measures'), ('sample', 'samples of cleared texts')], max_length=9)),
                ('key', models.CharField(blank=True, max_length=100)),
                ('bucket', models.PositiveSmallIntegerField(db_default=0)),
                ('count', models.BigIntegerField()),
                ('hits', models.BigIntegerField(db_default=0)),
            ],
            options={
                'verbose_name': 'figure',
                'verbose_name_plural': 'figures',
                'constraints': [models.UniqueConstraint(fields=('day', 'kind', 'key', 'bucket'), name='moderation_dailyfigure_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'closed', 'backlog', 'oldest', 'action', 'rule', 'model', 'decider', 'looked_at', 'agreement', 'sample'])), name='moderation_dailyfigure_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='DeskSettings',
            fields=[
                ('moderator', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='desk_settings', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('has_keys', models.BooleanField(default=True, help_text='Single keys choose, submit and move on. Off, none of them does anything.', verbose_name='Keys')),
                ('hides_severe', models.BooleanField(default=False, help_text='Texts of high severity stay folded on every page of the desk until you open them.', verbose_name='Hide severe texts until I ask')),
            ],
            options={
            },
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('text', 'text'), ('packet', 'packet')], max_length=6)),
                ('body', models.TextField()),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'evidence',
                'verbose_name_plural': 'evidence',
                'constraints': [models.UniqueConstraint(fields=('sha256', 'kind'), name='moderation_evidence_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'packet'])), name='moderation_evidence_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='GuestNotice',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(default=moderation.models.guests.make_token, max_length=43, unique=True)),
                ('address', models.CharField(max_length=500)),
                ('ground', models.CharField(choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence'), ('minors', 'sexual abuse or exploitation of minors'), ('illegal', 'something else that is illegal')], max_length=7)),
                ('reasons', models.TextField(blank=True)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch')], max_length=2)),
                ('filed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('erased_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'notice from outside',
                'verbose_name_plural': 'notices from outside',
                'indexes': [models.Index(condition=models.Q(('erased_at', None)), fields=['filed_at'], name='moderation_guest_to_erase')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ground__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13', 'minors', 'illegal'])), name='moderation_guestnotice_ground_is_known'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'de'])), name='moderation_guestnotice_language_is_known'), models.CheckConstraint(condition=models.Q(('ground__in', ('minors',)), ('erased_at__isnull', False), models.Q(models.Q(('name', ''), _negated=True), models.Q(('email', ''), _negated=True)), _connector='OR'), name='moderation_guestnotice_says_who'), models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(('email', ''), ('name', ''), ('reasons', '')), _connector='OR'), name='moderation_guestnotice_erased_is_empty')],
            },
        ),
        migrations.CreateModel(
            name='LegalHold',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='legal_holds', to='posts.post')),
                ('reference', models.CharField(max_length=200)),
                ('reason', models.TextField()),
                ('may_be_told', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('until', models.DateTimeField(db_default=django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.Now(), '+', models.Value(datetime.timedelta(days=90))))),
                ('released_at', models.DateTimeField(null=True)),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('release_reason', models.TextField(blank=True)),
                ('settled_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'legal hold',
                'verbose_name_plural': 'legal holds',
                'indexes': [models.Index(condition=models.Q(('released_at', None)), fields=['until', 'id'], name='moderation_legalhold_ending'), models.Index(condition=models.Q(('settled_at', None)), fields=['until'], name='moderation_legalhold_unsettled')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('post__isnull', False), ('user', None)), models.Q(('post', None), ('user__isnull', False)), _connector='OR'), name='moderation_legalhold_exactly_one_target'), models.CheckConstraint(condition=models.Q(models.Q(('reference', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='moderation_legalhold_says_why'), models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='moderation_legalhold_ends_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('release_reason', ''), ('released_at', None), ('released_by', None)), models.Q(('released_at__isnull', False), models.Q(('release_reason', ''), _negated=True)), _connector='OR'), name='moderation_legalhold_release_says_why')],
            },
        ),
        migrations.CreateModel(
            name='HouseRule',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]{2,39}$')])),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'house rule',
                'verbose_name_plural': 'house rules',
                'permissions': [('write_rule', 'Can write house rules')],
                'constraints': [models.CheckConstraint(condition=models.Q(('name__regex', '^[a-z][a-z0-9_]{2,39}$')), name='moderation_houserule_name_is_plain')],
            },
        ),
        migrations.CreateModel(
            name='KnownBad',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('text', 'text'), ('image', 'image')], max_length=5)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('fingerprint', models.BigIntegerField(null=True)),
                ('sketch', models.BinaryField(default=b'', max_length=128)),
                ('violation', models.CharField(choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('source', models.CharField(choices=[('decision', 'a moderator removed it'), ('operator', 'an operator added it'), ('list', 'a shared list')], max_length=8)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('expires_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'known content',
                'verbose_name_plural': 'known content',
                'constraints': [models.CheckConstraint(condition=models.Q(('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13'])), name='moderation_knownbad_violation_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('fingerprint', None), ('kind', 'text'), ('sketch', b'')), models.Q(('fingerprint__isnull', False), ('kind', 'text'), models.Q(('sketch', b''), _negated=True)), models.Q(('fingerprint__isnull', False), ('kind', 'image'), ('sketch', b'')), _connector='OR'), name='moderation_knownbad_kind_has_its_prints'), models.CheckConstraint(condition=models.Q(models.Q(('added_by__isnull', False), ('source', 'decision')), ('source__in', ['operator', 'list']), _connector='OR'), name='moderation_knownbad_source_is_known')],
            },
        ),
        migrations.CreateModel(
            name='MassRevert',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('rule', models.CharField(max_length=100)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'mass revert',
                'verbose_name_plural': 'mass reverts',
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='moderation_massrevert_period_is_one')],
            },
        ),
        migrations.CreateModel(
            name='NarrowedRule',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('why', models.CharField(choices=[('flood', 'it hit too many posts'), ('cleared', 'people cleared too much of what it held'), ('silence', 'it fell silent')], max_length=7)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'narrowed rule',
                'verbose_name_plural': 'narrowed rules',
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('name',), name='moderation_narrowedrule_once_at_a_time'), models.CheckConstraint(condition=models.Q(('why__in', ['flood', 'cleared', 'silence'])), name='moderation_narrowedrule_why_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at', None), ('lifted_by', None)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='moderation_narrowedrule_a_person_lifts')],
            },
        ),
        migrations.CreateModel(
            name='TrustedFlagger',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flagger_marks', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.CharField(max_length=200)),
                ('area', models.CharField(blank=True, max_length=200)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('until', models.DateTimeField(null=True)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'trusted flagger',
                'verbose_name_plural': 'trusted flaggers',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account',), name='moderation_flagger_one_mark_an_account'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='moderation_flagger_ends_later'), models.CheckConstraint(condition=models.Q(('given_by', None), models.Q(('given_by', models.F('account')), _negated=True), _connector='OR'), name='moderation_flagger_not_by_itself')],
            },
        ),
        migrations.CreateModel(
            name='ReporterWarning',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reporter_warnings', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'warning of a reporter',
                'verbose_name_plural': 'warnings of reporters',
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('reporter',), name='moderation_reporterwarning_one_stands'), models.CheckConstraint(condition=models.Q(('by', models.F('reporter')), _negated=True), name='moderation_reporterwarning_by_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='RolledDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('rolled_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('is_final', models.BooleanField(db_default=False)),
            ],
            options={
            },
        ),
        migrations.CreateModel(
            name='RuleTally',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('slot', models.DateTimeField()),
                ('hits', models.IntegerField(db_default=0)),
                ('cleared', models.IntegerField(db_default=0)),
                ('upheld', models.IntegerField(db_default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['slot'], name='moderation_ruletally_slot')],
                'constraints': [models.UniqueConstraint(fields=('name', 'slot'), name='moderation_ruletally_once_a_slot')],
            },
        ),
        migrations.CreateModel(
            name='SealedRules',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'sealed set of house rules',
                'verbose_name_plural': 'sealed sets of house rules',
            },
        ),
        migrations.CreateModel(
            name='ShadowHit',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='posts.revision')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), db_index=True)),
            ],
            options={
                'indexes': [models.Index(fields=['name', '-id'], name='moderation_shadowhit_newest')],
                'constraints': [models.UniqueConstraint(fields=('name', 'revision'), name='moderation_shadowhit_once_a_text')],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='posts.post')),
                ('profile', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='posts.profile')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='posts.revision')),
                ('scan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='moderation.scan')),
                ('origin', models.CharField(choices=[('scan', 'held by the scanner'), ('error', 'could not be scanned'), ('report', 'reported'), ('trusted', 'reported by a trusted flagger'), ('notice', 'notice from outside'), ('sample', 'chosen at random')], max_length=8)),
                ('source', models.CharField(choices=[('own', 'our own initiative'), ('user', 'a report by a user'), ('notice', 'a notice under Article 16'), ('trusted', 'a trusted flagger')], default='own', max_length=8)),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, 'low'), (2, 'medium'), (3, 'high')])),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('snapshot', models.TextField()),
                ('snapshot_sha256', models.CharField(max_length=64)),
                ('status', models.CharField(choices=[('open', 'open'), ('proposed', 'needs a second person'), ('closed', 'closed')], default='open', max_length=8)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('lane', models.PositiveSmallIntegerField(choices=[(1, 'imminent'), (2, 'manifest'), (3, 'other')], default=3)),
                ('track', models.GeneratedField(db_persist=True, expression=models.Case(models.When(lane=1, then=0), default=1), output_field=models.PositiveSmallIntegerField())),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('rank_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(null=True)),
                ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_needed', models.BooleanField(db_default=False, default=False)),
                ('min_role_level', models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'permissions': [('decide_case', 'Can claim and decide cases')],
                'indexes': [models.Index(condition=models.Q(('status__in', ('open', 'proposed'))), fields=['track', 'rank_at', 'id'], name='moderation_case_order'), models.Index(condition=models.Q(('status__in', ('open', 'proposed'))), fields=['language', 'track', 'rank_at', 'id'], name='moderation_case_order_language'), models.Index(condition=models.Q(('status__in', ('open', 'proposed'))), fields=['violation', 'track', 'rank_at', 'id'], name='moderation_case_order_class'), models.Index(condition=models.Q(('status__in', ('open', 'proposed'))), fields=['lane', 'due_at'], name='moderation_case_due'), models.Index(fields=['author', '-id'], name='moderation_case_author'), models.Index(fields=['opened_at'], name='moderation_case_opened'), models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='moderation_case_closed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('post', None), ('profile__isnull', False)), models.Q(('post__isnull', False), ('profile', None)), _connector='OR'), name='moderation_case_exactly_one_target'), models.UniqueConstraint(condition=models.Q(('status__in', ('open', 'proposed'))), fields=('post',), name='moderation_case_one_open_per_post'), models.UniqueConstraint(condition=models.Q(('status__in', ('open', 'proposed'))), fields=('profile',), name='moderation_case_one_open_per_profile'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'proposed', 'closed'])), name='moderation_case_status_is_known'), models.CheckConstraint(condition=models.Q(('origin__in', ['scan', 'error', 'report', 'trusted', 'notice', 'sample'])), name='moderation_case_origin_is_known'), models.CheckConstraint(condition=models.Q(('source__in', ['own', 'user', 'notice', 'trusted'])), name='moderation_case_source_is_known'), models.CheckConstraint(condition=models.Q(('severity__in', [1, 2, 3])), name='moderation_case_severity_is_known'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_case_violation_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('status__in', ('open', 'proposed'))), models.Q(('claimed_by', None), ('closed_at__isnull', False), ('status', 'closed')), _connector='OR'), name='moderation_case_closed_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('proposed_by__isnull', False), ('status', 'proposed')), models.Q(models.Q(('status', 'proposed'), _negated=True), ('proposed_by', None)), _connector='OR'), name='moderation_case_proposed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_by', None), ('claimed_until', None)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='moderation_case_claim_has_end'), models.UniqueConstraint(condition=models.Q(('claimed_by__isnull', False)), fields=('claimed_by',), name='moderation_case_one_claim_a_moderator'), models.CheckConstraint(condition=models.Q(('lane__in', [1, 2, 3])), name='moderation_case_lane_is_known'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('violation__in', ('V8', 'V11')), _negated=True), ('lane', 1), _connector='OR'), models.Q(models.Q(('severity', 3), _negated=True), models.Q(('lane', 3), _negated=True), _connector='OR')), name='moderation_case_lane_is_fast_enough'), models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('opened_at'))), name='moderation_case_due_after_opening')],
            },
        ),
        migrations.CreateModel(
            name='HoldExtension',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='moderation.legalhold')),
                ('until', models.DateTimeField()),
                ('reason', models.TextField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('effective_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'extension of a legal hold',
                'verbose_name_plural': 'extensions of legal holds',
                'constraints': [models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='moderation_holdextension_needs_another_person'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), ('effective_at__isnull', False), _connector='OR'), name='moderation_holdextension_confirmed_has_time')],
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='moderation.houserule')),
                ('number', models.PositiveIntegerField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('violation', models.CharField(choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('severity', models.CharField(choices=[('mid', 'medium'), ('high', 'high')], max_length=4)),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'German'), ('any', 'any language')], max_length=3)),
                ('pattern', models.CharField(max_length=500)),
                ('exceptions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('positive', models.TextField()),
                ('negative', models.TextField()),
                ('note', models.TextField(blank=True)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('tested', 'examples pass'), ('backtested', 'backtested'), ('shadow', 'shadow'), ('canary', 'canary'), ('live', 'live'), ('expired', 'expired'), ('withdrawn', 'withdrawn')], default='draft', max_length=10)),
                ('since', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('share', models.PositiveSmallIntegerField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('narrowed', models.CharField(blank=True, choices=[('flood', 'it hit too many posts'), ('cleared', 'people cleared too much of what it held'), ('silence', 'it fell silent')], max_length=7)),
            ],
            options={
                'verbose_name': 'version of a house rule',
                'verbose_name_plural': 'versions of house rules',
                'indexes': [models.Index(fields=['state', '-id'], name='moderation_ruleversion_state')],
                'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='moderation_ruleversion_number_once'), models.UniqueConstraint(condition=models.Q(('state__in', ('canary', 'live'))), fields=('rule', 'state'), name='moderation_ruleversion_one_of_a_rule_holds'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'tested', 'backtested', 'shadow', 'canary', 'live', 'expired', 'withdrawn'])), name='moderation_ruleversion_state_is_known'), models.CheckConstraint(condition=models.Q(('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13'])), name='moderation_ruleversion_violation_is_known'), models.CheckConstraint(condition=models.Q(('severity__in', ['mid', 'high'])), name='moderation_ruleversion_severity_is_known'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'de', 'any'])), name='moderation_ruleversion_language_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('canary', 'live')), _negated=True), models.Q(('approved_by__isnull', False), models.Q(('approved_by', models.F('author')), _negated=True)), _connector='OR'), name='moderation_ruleversion_two_people_let_it_hold'), models.CheckConstraint(condition=models.Q(models.Q(('share__gte', 1), ('share__lte', 99), ('state', 'canary')), models.Q(models.Q(('state', 'canary'), _negated=True), ('share', None)), _connector='OR'), name='moderation_ruleversion_canary_has_share'), models.CheckConstraint(condition=models.Q(models.Q(('expires_at__isnull', False), ('state__in', ('canary', 'live'))), models.Q(models.Q(('state__in', ('canary', 'live')), _negated=True), ('expires_at', None)), _connector='OR'), name='moderation_ruleversion_holding_ends'), models.CheckConstraint(condition=models.Q(('narrowed', ''), models.Q(('narrowed__in', ['flood', 'cleared', 'silence']), ('state', 'shadow')), _connector='OR'), name='moderation_ruleversion_narrowed_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ReporterMute',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reporter_mutes', to=settings.AUTH_USER_MODEL)),
                ('warning', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mutes', to='moderation.reporterwarning')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('until', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mute of a reporter',
                'verbose_name_plural': 'mutes of reporters',
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gt', models.F('at'))), name='moderation_reportermute_ends_later'), models.CheckConstraint(condition=models.Q(('by', models.F('reporter')), _negated=True), name='moderation_reportermute_by_somebody_else')],
            },
        ),
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='moderation.case')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moderators_notes', to=settings.AUTH_USER_MODEL)),
                ('text', models.TextField()),
                ('is_pinned', models.BooleanField(default=False)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('case', None)), models.Q(('account', None), ('case__isnull', False)), _connector='OR'), name='moderation_casenote_exactly_one_subject'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='moderation_casenote_says_something')],
            },
        ),
        migrations.CreateModel(
            name='CaseSketch',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='sketch', serialize=False, to='moderation.case')),
                ('sketch', models.BinaryField(max_length=128)),
            ],
            options={
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='moderation.case')),
                ('measure', models.CharField(choices=[('clear', 'clear'), ('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban'), ('escalate', 'escalate'), ('restore', 'restore')], max_length=9)),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('reason', models.TextField(blank=True)),
                ('overturns', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overturned_by', to='moderation.decision')),
                ('is_take_back', models.BooleanField(db_default=False)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='moderation.decision')),
                ('is_strike', models.BooleanField(db_default=False)),
                ('restriction', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='accounts.restriction')),
                ('before', models.JSONField(db_default={}, default=dict)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_decisions', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('revisions', models.ManyToManyField(related_name='decisions', to='posts.revision')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'indexes': [models.Index(fields=['at'], name='moderation_decision_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('measure__in', ['clear', 'label', 'limit', 'take_down', 'lock', 'warn', 'strike', 'read_only', 'suspend', 'ban', 'escalate', 'restore'])), name='moderation_decision_measure_is_known'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_decision_violation_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('measure__in', ('label', 'limit', 'take_down', 'lock', 'warn', 'strike', 'read_only', 'suspend', 'ban')), _negated=True), models.Q(('violation', ''), _negated=True), _connector='OR'), name='moderation_decision_removal_names_rule'), models.CheckConstraint(condition=models.Q(models.Q(('is_strike', True), ('measure__in', ('label', 'limit', 'take_down', 'lock', 'warn', 'strike', 'read_only', 'suspend', 'ban'))), models.Q(('is_strike', False), models.Q(('measure', 'strike'), _negated=True)), _connector='OR'), name='moderation_decision_strike_is_against_somebody'), models.CheckConstraint(condition=models.Q(('measure', 'restore'), models.Q(('measure__in', ('warn', 'strike', 'read_only', 'suspend', 'ban')), ('parent__isnull', False)), models.Q(models.Q(('measure__in', ('warn', 'strike', 'read_only', 'suspend', 'ban')), _negated=True), ('parent', None)), _connector='OR'), name='moderation_decision_account_measure_has_parent'), models.CheckConstraint(condition=models.Q(models.Q(('measure__in', ['read_only', 'suspend', 'ban']), ('restriction__isnull', False)), models.Q(models.Q(('measure__in', ['read_only', 'suspend', 'ban']), _negated=True), ('restriction', None)), _connector='OR'), name='moderation_decision_has_its_restriction'), models.CheckConstraint(condition=models.Q(('is_take_back', False), ('measure', 'restore'), _connector='OR'), name='moderation_decision_take_back_restores'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('by')), _negated=True), _connector='OR'), name='moderation_decision_second_is_another'), models.CheckConstraint(condition=models.Q(models.Q(('measure__in', ['ban']), _negated=True), ('confirmed_by__isnull', False), _connector='OR'), name='moderation_decision_second_confirmed'), models.CheckConstraint(condition=models.Q(models.Q(('measure', 'restore'), ('overturns__isnull', False)), models.Q(models.Q(('measure', 'restore'), _negated=True), ('overturns', None)), _connector='OR'), name='moderation_decision_restore_overturns')],
            },
        ),
        migrations.CreateModel(
            name='QualitySample',
            fields=[
                ('revision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sample', serialize=False, to='posts.revision')),
                ('chosen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='samples', to='moderation.case')),
                ('lapsed_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'quality sample',
                'verbose_name_plural': 'quality samples',
                'indexes': [models.Index(condition=models.Q(('case', None), ('lapsed_at', None)), fields=['revision'], name='moderation_sample_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('case', None), ('lapsed_at', None), _connector='OR'), name='moderation_qualitysample_one_end')],
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='moderation.case')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='moderation.authority')),
                ('ground', models.CharField(choices=[('dsa-18', 'Article 18 DSA: suspicion of an offence that threatens life or safety'), ('gdpr-6-1-d', "Article 6(1)(d) GDPR: to protect somebody's vital interests"), ('dsa-10', 'Article 10 DSA: an order to provide information')], max_length=10)),
                ('urgency', models.CharField(choices=[('now', 'now: the danger is present'), ('today', 'today'), ('usual', 'in the usual time')], max_length=5)),
                ('why', models.TextField()),
                ('status', models.CharField(choices=[('made', 'made'), ('sent', 'handed over'), ('answered', 'answered'), ('closed', 'closed')], default='made', max_length=8)),
                ('packet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='moderation.evidence')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('evidence', models.ManyToManyField(related_name='+', to='moderation.evidence')),
            ],
            options={
                'verbose_name': 'referral',
                'verbose_name_plural': 'referrals',
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['made', 'sent', 'answered', 'closed'])), name='moderation_referral_status_is_known'), models.CheckConstraint(condition=models.Q(('ground__in', ['dsa-18', 'gdpr-6-1-d', 'dsa-10'])), name='moderation_referral_ground_is_known'), models.CheckConstraint(condition=models.Q(('urgency__in', ['now', 'today', 'usual'])), name='moderation_referral_urgency_is_known'), models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='moderation_referral_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='moderation.case')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='posts.revision')),
                ('reporter', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('guest', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='report', to='moderation.guestnotice')),
                ('flagger', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='moderation.trustedflagger')),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('comment', models.TextField(blank=True)),
                ('reported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'indexes': [models.Index(fields=['reporter', '-id'], name='moderation_report_of_reporter')],
                'constraints': [models.UniqueConstraint(fields=('case', 'reporter'), name='moderation_report_once_per_case'), models.CheckConstraint(condition=models.Q(models.Q(('guest__isnull', False), ('reporter', None)), models.Q(('guest', None), ('reporter__isnull', False)), _connector='OR'), name='moderation_report_by_exactly_one'), models.CheckConstraint(condition=models.Q(('flagger', None), ('reporter__isnull', False), _connector='OR'), name='moderation_report_trusted_has_reporter'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_report_violation_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Skip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skips', to='moderation.case')),
                ('moderator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('until', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('moderator', 'case'), name='moderation_skip_once_per_case')],
            },
        ),
        migrations.CreateModel(
            name='RuleBacktest',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='backtests', to='moderation.ruleversion')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('days', models.PositiveSmallIntegerField()),
                ('texts', models.PositiveIntegerField()),
                ('hits', models.PositiveIntegerField()),
                ('is_cut', models.BooleanField()),
                ('decided', models.PositiveIntegerField()),
                ('upheld', models.PositiveIntegerField()),
                ('sample', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
            ],
            options={
                'verbose_name': 'backtest of a house rule',
                'verbose_name_plural': 'backtests of house rules',
            },
        ),
        migrations.CreateModel(
            name='RuleStep',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='moderation.ruleversion')),
                ('old', models.CharField(choices=[('draft', 'draft'), ('tested', 'examples pass'), ('backtested', 'backtested'), ('shadow', 'shadow'), ('canary', 'canary'), ('live', 'live'), ('expired', 'expired'), ('withdrawn', 'withdrawn')], max_length=10)),
                ('new', models.CharField(choices=[('draft', 'draft'), ('tested', 'examples pass'), ('backtested', 'backtested'), ('shadow', 'shadow'), ('canary', 'canary'), ('live', 'live'), ('expired', 'expired'), ('withdrawn', 'withdrawn')], max_length=10)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('why', models.TextField(blank=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'step of a house rule',
                'verbose_name_plural': 'steps of house rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('old__in', ['draft', 'tested', 'backtested', 'shadow', 'canary', 'live', 'expired', 'withdrawn']), ('new__in', ['draft', 'tested', 'backtested', 'shadow', 'canary', 'live', 'expired', 'withdrawn'])), name='moderation_rulestep_states_are_known'), models.CheckConstraint(condition=models.Q(('by__isnull', False), ('new__in', ['shadow', 'expired']), _connector='OR'), name='moderation_rulestep_machine_only_narrows')],
            },
        ),
        migrations.CreateModel(
            name='SetAsideReport',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('mute', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_aside', to='moderation.reportermute')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='posts.revision')),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('comment', models.TextField(blank=True)),
                ('reported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'report set aside',
                'verbose_name_plural': 'reports set aside',
                'constraints': [models.UniqueConstraint(fields=('mute', 'revision'), name='moderation_setasidereport_once'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_setasidereport_violation_is_known')],
            },
        ),
        migrations.CreateModel(
            name='CaseBand',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('sketch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bands', to='moderation.casesketch')),
                ('band', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['band', '-sketch'], name='moderation_caseband_newest')],
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='moderation.decision')),
                ('appellant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to=settings.AUTH_USER_MODEL)),
                ('text', models.TextField()),
                ('status', models.CharField(choices=[('open', 'open'), ('granted', 'granted'), ('rejected', 'rejected')], default='open', max_length=8)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.expressions.CombinedExpression(django.db.models.functions.datetime.Now(), '+', models.Value(datetime.timedelta(days=7))))),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_appeals', to=settings.AUTH_USER_MODEL)),
                ('reasons', models.TextField(blank=True)),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.decision')),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
                'indexes': [models.Index(condition=models.Q(('status', 'open')), fields=['due_at', 'id'], name='moderation_appeal_queue')],
                'constraints': [models.UniqueConstraint(fields=('decision', 'appellant'), name='moderation_appeal_once_per_decision'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'granted', 'rejected'])), name='moderation_appeal_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('reasons', ''), ('result', None), ('status', 'open')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('status__in', ('granted', 'rejected')), models.Q(('reasons', ''), _negated=True)), _connector='OR'), name='moderation_appeal_outcome_has_reasons'), models.CheckConstraint(condition=models.Q(('result', None), ('status', 'granted'), _connector='OR'), name='moderation_appeal_only_granting_changes'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('appellant')), _negated=True), _connector='OR'), name='moderation_appeal_not_by_its_appellant')],
            },
        ),
        migrations.CreateModel(
            name='BatchItem',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='moderation.batch')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batch_items', to='moderation.case')),
                ('decision', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='batch_item', to='moderation.decision')),
                ('refusal', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'case'), name='moderation_batchitem_once_per_case'), models.CheckConstraint(condition=models.Q(models.Q(('decision', None), models.Q(('refusal', ''), _negated=True)), models.Q(('decision__isnull', False), ('refusal', '')), _connector='OR'), name='moderation_batchitem_decided_or_refused')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('receipt', 'receipt for a notice'), ('outcome', 'outcome of a notice'), ('reporting', "about somebody's reports")], max_length=9)),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to=settings.AUTH_USER_MODEL)),
                ('guest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='moderation.guestnotice')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='moderation.decision')),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch')], max_length=2)),
                ('subject', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('visible_from', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'letter',
                'verbose_name_plural': 'letters',
                'indexes': [models.Index(condition=models.Q(('mailed_at', None)), fields=['due_at'], name='moderation_letter_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('guest__isnull', False), ('recipient', None)), models.Q(('guest', None), ('recipient__isnull', False)), _connector='OR'), name='moderation_letter_exactly_one_recipient'), models.CheckConstraint(condition=models.Q(('kind__in', ['receipt', 'outcome', 'reporting'])), name='moderation_letter_kind_is_known'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'de'])), name='moderation_letter_language_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='moderation.case')),
                ('measure', models.CharField(choices=[('clear', 'clear'), ('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban'), ('escalate', 'escalate'), ('restore', 'restore')], max_length=9)),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('reason', models.TextField(blank=True)),
                ('is_strike', models.BooleanField(default=False)),
                ('on_account', models.CharField(blank=True, choices=[('clear', 'clear'), ('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban'), ('escalate', 'escalate'), ('restore', 'restore')], max_length=9)),
                ('duration', models.DurationField(null=True)),
                ('version', models.PositiveIntegerField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('status', models.CharField(choices=[('open', 'open'), ('confirmed', 'confirmed'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn')], default='open', max_length=9)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('decision', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='moderation.decision')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('case',), name='moderation_proposal_one_open_per_case'), models.CheckConstraint(condition=models.Q(('measure__in', ('clear', 'label', 'limit', 'take_down', 'lock'))), name='moderation_proposal_measure_closes'), models.CheckConstraint(condition=models.Q(('on_account', ''), ('on_account__in', ('warn', 'strike', 'read_only', 'suspend', 'ban')), _connector='OR'), name='moderation_proposal_on_account_is_known'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_proposal_violation_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('measure__in', ('label', 'limit', 'take_down', 'lock', 'warn', 'strike', 'read_only', 'suspend', 'ban')), _negated=True), models.Q(('violation', ''), _negated=True), _connector='OR'), name='moderation_proposal_names_rule'), models.CheckConstraint(condition=models.Q(('status__in', ['open', 'confirmed', 'rejected', 'withdrawn'])), name='moderation_proposal_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('status', 'open')), models.Q(('answered_at__isnull', False), ('answered_by', models.F('by')), ('status', 'withdrawn')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('status__in', ['confirmed', 'rejected']), models.Q(('answered_by', models.F('by')), _negated=True)), _connector='OR'), name='moderation_proposal_answered_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', False), ('status', 'confirmed')), models.Q(models.Q(('status', 'confirmed'), _negated=True), ('decision', None)), _connector='OR'), name='moderation_proposal_confirmed_is_decided')],
            },
        ),
        migrations.CreateModel(
            name='RevertedCase',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('revert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='moderation.massrevert')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.case')),
                ('version', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('waiting', 'waits'), ('cleared', 'cleared'), ('left', 'left to a person')], default='waiting', max_length=7)),
                ('decision', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.decision')),
                ('why', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'case of a mass revert',
                'verbose_name_plural': 'cases of mass reverts',
                'indexes': [models.Index(condition=models.Q(('outcome', 'waiting')), fields=['revert', 'id'], name='moderation_revertedcase_due')],
                'constraints': [models.UniqueConstraint(fields=('revert', 'case'), name='moderation_revertedcase_once'), models.CheckConstraint(condition=models.Q(models.Q(('decision__isnull', False), ('outcome', 'cleared')), models.Q(('decision', None), ('outcome__in', ['waiting', 'left'])), _connector='OR'), name='moderation_revertedcase_cleared_by_decision')],
            },
        ),
        migrations.CreateModel(
            name='SecondLook',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='second_look', to='moderation.decision')),
                ('chosen', models.CharField(choices=[('decided', 'of all decisions'), ('held', 'of what was held')], max_length=7)),
                ('chosen_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claimed_until', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='second_looks', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(null=True)),
                ('measure', models.CharField(blank=True, choices=[('clear', 'clear'), ('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban'), ('escalate', 'escalate'), ('restore', 'restore')], max_length=9)),
                ('violation', models.CharField(blank=True, choices=[('V1', 'call to violence'), ('V2', 'incitement against a protected group'), ('V3', 'threat'), ('V4', 'conditional threat'), ('V5', 'veiled threat'), ('V6', 'wish of harm'), ('V7', 'glorification of violence'), ('V8', 'planning of violence'), ('V9', 'recruitment for violence'), ('V10', 'instructions for violence'), ('V11', "publishing a target's personal data"), ('V12', 'violence around an election'), ('V13', 'claim of serious violence')], max_length=3)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'second look',
                'verbose_name_plural': 'second looks',
                'indexes': [models.Index(condition=models.Q(('at', None)), fields=['id'], name='moderation_secondlook_waiting'), models.Index(condition=models.Q(('at__isnull', False)), fields=['at'], name='moderation_secondlook_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('chosen__in', ['decided', 'held'])), name='moderation_secondlook_chosen_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('at', None), ('by', None), ('measure', ''), ('note', ''), ('violation', '')), models.Q(('at__isnull', False), ('by__isnull', False), ('claimed_by', None), ('measure__in', ['clear', 'label', 'limit', 'take_down', 'lock', 'warn', 'strike', 'read_only', 'suspend', 'ban', 'escalate', 'restore'])), _connector='OR'), name='moderation_secondlook_is_open_or_done'), models.CheckConstraint(condition=models.Q(('violation', ''), ('violation__in', ['V1', 'V2', 'V3', 'V4', 'V5', 'V6', 'V7', 'V8', 'V9', 'V10', 'V11', 'V12', 'V13']), _connector='OR'), name='moderation_secondlook_violation_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_by', None), ('claimed_until', None)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='moderation_secondlook_claim_has_end'), models.UniqueConstraint(condition=models.Q(('claimed_by__isnull', False)), fields=('claimed_by',), name='moderation_secondlook_one_claim')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='statement', to='moderation.decision')),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to=settings.AUTH_USER_MODEL)),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch')], max_length=2)),
                ('measure', models.TextField()),
                ('measure_taken', models.CharField(choices=[('clear', 'clear'), ('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban'), ('escalate', 'escalate'), ('restore', 'restore')], max_length=9)),
                ('account_measure', models.CharField(blank=True, choices=[('clear', 'clear'), ('label', 'label as sensitive'), ('limit', 'limit its reach'), ('take_down', 'take down'), ('lock', 'lock the thread'), ('warn', 'warn'), ('strike', 'strike'), ('read_only', 'read-only'), ('suspend', 'suspend'), ('ban', 'ban'), ('escalate', 'escalate'), ('restore', 'restore')], max_length=9)),
                ('scope', models.CharField(choices=[('everywhere', 'everywhere')], default='everywhere', max_length=10)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('decision_visibility', models.CharField(blank=True, choices=[('DECISION_VISIBILITY_CONTENT_REMOVED', 'Removed'), ('DECISION_VISIBILITY_CONTENT_DEMOTED', 'Demoted'), ('DECISION_VISIBILITY_CONTENT_LABELLED', 'Labelled'), ('DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED', 'Interaction Restricted')], max_length=60)),
                ('decision_provision', models.CharField(blank=True, choices=[('DECISION_PROVISION_PARTIAL_SUSPENSION', 'Partial Suspension')], max_length=60)),
                ('decision_account', models.CharField(blank=True, choices=[('DECISION_ACCOUNT_SUSPENDED', 'Suspended'), ('DECISION_ACCOUNT_TERMINATED', 'Terminated')], max_length=60)),
                ('facts', models.TextField()),
                ('source_type', models.CharField(choices=[('SOURCE_ARTICLE_16', 'Article 16'), ('SOURCE_TRUSTED_FLAGGER', 'Trusted Flagger'), ('SOURCE_TYPE_OTHER_NOTIFICATION', 'Other Notification'), ('SOURCE_VOLUNTARY', 'Voluntary')], max_length=30)),
                ('automation', models.TextField()),
                ('automated_detection', models.BooleanField()),
                ('automated_decision', models.CharField(choices=[('AUTOMATED_DECISION_PARTIALLY', 'Partially'), ('AUTOMATED_DECISION_NOT_AUTOMATED', 'Not Automated')], max_length=40)),
                ('legal_ground', models.TextField()),
                ('ground', models.TextField()),
                ('category', models.CharField(blank=True, choices=[('STATEMENT_CATEGORY_VIOLENCE', 'Violence'), ('STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH', 'Speech'), ('STATEMENT_CATEGORY_CYBER_VIOLENCE', 'Cyber Violence')], max_length=60)),
                ('keyword', models.CharField(blank=True, choices=[('KEYWORD_INCITEMENT_VIOLENCE_HATRED', 'Incitement'), ('KEYWORD_COORDINATED_HARM', 'Coordinated Harm'), ('KEYWORD_HATE_SPEECH', 'Hate Speech'), ('KEYWORD_CYBER_HARASSMENT', 'Harassment')], max_length=60)),
                ('redress', models.TextField()),
                ('appeal_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('visible_from', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'statement of reasons',
                'verbose_name_plural': 'statements of reasons',
                'indexes': [models.Index(condition=models.Q(('mailed_at', None)), fields=['due_at'], name='moderation_statement_due'), models.Index(fields=['recipient', '-id'], name='moderation_statement_received'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='moderation_statement_unread')],
                'constraints': [models.CheckConstraint(condition=models.Q(('language__in', ['en', 'de'])), name='moderation_statement_language_is_known'), models.CheckConstraint(condition=models.Q(('measure_taken__in', ['clear', 'label', 'limit', 'take_down', 'lock', 'warn', 'strike', 'read_only', 'suspend', 'ban', 'escalate', 'restore'])), name='moderation_statement_measure_is_known'), models.CheckConstraint(condition=models.Q(('account_measure', ''), ('account_measure__in', ('warn', 'strike', 'read_only', 'suspend', 'ban')), _connector='OR'), name='moderation_statement_account_measure_is_known'), models.CheckConstraint(condition=models.Q(('scope__in', ['everywhere'])), name='moderation_statement_scope_is_known'), models.CheckConstraint(condition=models.Q(('ends_at', None), models.Q(('account_measure__in', ['read_only', 'suspend']), ('ends_at__gt', models.F('starts_at'))), _connector='OR'), name='moderation_statement_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', False), models.Q(('account_measure__in', ['read_only', 'suspend']), _negated=True), _connector='OR'), name='moderation_statement_says_until_when'), models.CheckConstraint(condition=models.Q(models.Q(('decision_visibility', ''), models.Q(('measure_taken__in', ['label', 'limit', 'take_down', 'lock']), _negated=True)), models.Q(('decision_visibility', 'DECISION_VISIBILITY_CONTENT_LABELLED'), ('measure_taken', 'label')), models.Q(('decision_visibility', 'DECISION_VISIBILITY_CONTENT_DEMOTED'), ('measure_taken', 'limit')), models.Q(('decision_visibility', 'DECISION_VISIBILITY_CONTENT_REMOVED'), ('measure_taken', 'take_down')), models.Q(('decision_visibility', 'DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED'), ('measure_taken', 'lock')), _connector='OR'), name='moderation_statement_visibility_fits'), models.CheckConstraint(condition=models.Q(models.Q(('decision_provision', ''), models.Q(('account_measure__in', ['read_only']), _negated=True)), models.Q(('account_measure', 'read_only'), ('decision_provision', 'DECISION_PROVISION_PARTIAL_SUSPENSION')), _connector='OR'), name='moderation_statement_provision_fits'), models.CheckConstraint(condition=models.Q(models.Q(('decision_account', ''), models.Q(('account_measure__in', ['suspend', 'ban']), _negated=True)), models.Q(('account_measure', 'suspend'), ('decision_account', 'DECISION_ACCOUNT_SUSPENDED')), models.Q(('account_measure', 'ban'), ('decision_account', 'DECISION_ACCOUNT_TERMINATED')), _connector='OR'), name='moderation_statement_account_fits'), models.CheckConstraint(condition=models.Q(('source_type__in', ['SOURCE_ARTICLE_16', 'SOURCE_TRUSTED_FLAGGER', 'SOURCE_TYPE_OTHER_NOTIFICATION', 'SOURCE_VOLUNTARY'])), name='moderation_statement_source_is_known'), models.CheckConstraint(condition=models.Q(('automated_decision__in', ['AUTOMATED_DECISION_PARTIALLY', 'AUTOMATED_DECISION_NOT_AUTOMATED'])), name='moderation_statement_automation_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('category', ''), ('keyword', '')), models.Q(('category', 'STATEMENT_CATEGORY_CYBER_VIOLENCE'), ('keyword', 'KEYWORD_CYBER_HARASSMENT')), models.Q(('category', 'STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH'), ('keyword', 'KEYWORD_HATE_SPEECH')), models.Q(('category', 'STATEMENT_CATEGORY_VIOLENCE'), ('keyword', 'KEYWORD_COORDINATED_HARM')), models.Q(('category', 'STATEMENT_CATEGORY_VIOLENCE'), ('keyword', 'KEYWORD_INCITEMENT_VIOLENCE_HATRED')), _connector='OR'), name='moderation_statement_subject_is_known'), models.CheckConstraint(condition=models.Q(('appeal_until', None), models.Q(('category', ''), _negated=True), _connector='OR'), name='moderation_statement_contestable_names_rule')],
            },
        ),
        migrations.CreateModel(
            name='ReferralEntry',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='moderation.referral')),
                ('act', models.CharField(choices=[('made', 'made'), ('seen', 'looked at'), ('downloaded', 'downloaded'), ('sent', 'handed over'), ('answered', 'answered'), ('closed', 'closed'), ('told', 'released to the author')], max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('happened_at', models.DateTimeField(null=True)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'entry about a referral',
                'verbose_name_plural': 'entries about referrals',
                'constraints': [models.CheckConstraint(condition=models.Q(('act__in', ['made', 'seen', 'downloaded', 'sent', 'answered', 'closed', 'told'])), name='moderation_referralentry_act_is_known'), models.CheckConstraint(condition=models.Q(('happened_at', None), ('happened_at__lte', models.F('at')), _connector='OR'), name='moderation_referralentry_happened_before')],
            },
        ),
        migrations.CreateModel(
            name='ReferralNotice',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('referral', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='moderation.referral')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch')], max_length=2)),
                ('text', models.TextField()),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                ('mailed_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'notice of a referral',
                'verbose_name_plural': 'notices of referrals',
                'indexes': [models.Index(condition=models.Q(('mailed_at', None)), fields=['due_at'], name='moderation_referralnotice_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('language__in', ['en', 'de'])), name='moderation_referralnotice_language_is_known')],
            },
        ),
        migrations.CreateModel(
            name='ReferralRequest',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referral_requests', to='moderation.case')),
                ('why', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='moderation.referral')),
                ('refusal', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'request for a referral',
                'verbose_name_plural': 'requests for referrals',
                'constraints': [models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('case',), name='moderation_referralrequest_one_open'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('referral', None), ('refusal', '')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(models.Q(('referral__isnull', False), ('refusal', '')), models.Q(('referral', None), models.Q(('refusal', ''), _negated=True)), _connector='OR')), _connector='OR'), name='moderation_referralrequest_answer_is_whole')],
            },
        ),
        migrations.CreateModel(
            name='AppealMessage',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('appeal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='moderation.appeal')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('text', models.TextField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'message about an appeal',
                'verbose_name_plural': 'messages about appeals',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', accounts.ids.PublicIdField(db_default=accounts.ids.NextId(), editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('hold', 'a text waits for a person'), ('receipt', 'receipt for a report'), ('outcome', 'outcome of a report'), ('appeal', 'outcome of an appeal')], max_length=7)),
                ('recipient', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='moderation.decision')),
                ('report', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='moderation.report')),
                ('appeal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='moderation.appeal')),
                ('revision', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='posts.revision')),
                ('expected_at', models.DateTimeField(null=True)),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'Deutsch')], max_length=2)),
                ('text', models.TextField()),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), null=True)),
                ('attempts', models.PositiveSmallIntegerField(db_default=0)),
                ('mailed_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('visible_from', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'indexes': [models.Index(condition=models.Q(('due_at__isnull', False), ('mailed_at', None)), fields=['due_at'], name='moderation_notice_due'), models.Index(fields=['recipient', '-id'], name='moderation_notice_received'), models.Index(condition=models.Q(('read_at', None)), fields=['recipient'], name='moderation_notice_unread'), models.Index(condition=models.Q(('kind', 'hold')), fields=['recipient', 'mailed_at'], name='moderation_notice_holds')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('appeal', None), ('decision', None), ('kind', 'hold'), ('report', None), ('revision__isnull', False)), models.Q(('appeal', None), ('decision', None), ('kind', 'receipt'), ('report__isnull', False), ('revision', None)), models.Q(('appeal', None), ('decision__isnull', False), ('kind', 'outcome'), ('report__isnull', False), ('revision', None)), models.Q(('appeal__isnull', False), ('decision__isnull', False), ('kind', 'appeal'), ('report', None), ('revision', None)), _connector='OR'), name='moderation_notice_exactly_one_subject'), models.UniqueConstraint(fields=('decision', 'report'), name='moderation_notice_once_per_report'), models.UniqueConstraint(condition=models.Q(('kind', 'receipt')), fields=('report',), name='moderation_notice_one_receipt_per_report'), models.CheckConstraint(condition=models.Q(('kind__in', ['hold', 'receipt', 'outcome', 'appeal'])), name='moderation_notice_kind_is_known'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'de'])), name='moderation_notice_language_is_known')],
            },
        ),
        *map(migrations.RunSQL, GUARDS),
        migrations.RunPython(seal_the_beginning, migrations.RunPython.noop),
        migrations.RunSQL(guards.AUDIT_HEAD_GUARD),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
