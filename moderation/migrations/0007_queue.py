import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# What the queue would have said of the cases that exist; the sweep places them by their weight.
PLACE_OPEN_CASES = """
UPDATE moderation_case c
SET lane = placed.lane,
    due_at = c.opened_at + (CASE placed.lane WHEN 1 THEN '15 minutes' WHEN 2 THEN '24 hours' ELSE '7 days' END)::interval,
    rank_at = c.opened_at + (CASE placed.lane WHEN 1 THEN '15 minutes' WHEN 2 THEN '24 hours' ELSE '7 days' END)::interval,
    language = placed.language
FROM (
    SELECT c.id, lower(split_part(r.language, '-', 1)) AS language,
           CASE WHEN c.violation IN ('V8', 'V11') OR s.imminence = 'time and place' THEN 1 WHEN c.severity = 3 THEN 2 ELSE 3 END AS lane
    FROM moderation_case c
    JOIN posts_revision r ON r.id = c.revision_id
    LEFT JOIN moderation_scan s ON s.id = c.scan_id
) placed
WHERE placed.id = c.id
"""
# A moderator may have claimed several cases; what others could not have is free a little earlier.
LEAVE_ONE_CLAIM = """
UPDATE moderation_case c SET claimed_by_id = NULL, claimed_until = NULL
WHERE c.claimed_by_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM moderation_case other WHERE other.claimed_by_id = c.claimed_by_id
              AND (other.claimed_until, other.id) > (c.claimed_until, c.id))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', "0006_roles_and_trail"),
        ('posts', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Skip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(db_index=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skips', to='moderation.case')),
                ('moderator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('moderator', 'case'), name='moderation_skip_once_per_case')],
            },
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='moderation_case_queue',
        ),
        migrations.AddField(
            model_name='case',
            name='due_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='case',
            name='lane',
            field=models.PositiveSmallIntegerField(choices=[(1, 'imminent'), (2, 'manifest'), (3, 'other')], default=3),
        ),
        migrations.AddField(
            model_name='case',
            name='language',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='case',
            name='rank_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='case',
            name='track',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(lane=1, then=0), default=1), output_field=models.PositiveSmallIntegerField()),
        ),
        migrations.RunSQL(PLACE_OPEN_CASES, migrations.RunSQL.noop),
        migrations.RunSQL(LEAVE_ONE_CLAIM, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('claimed_by__isnull', False)), fields=('claimed_by',), name='moderation_case_one_claim_a_moderator'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('lane__in', [1, 2, 3])), name='moderation_case_lane_is_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('violation__in', ('V8', 'V11')), _negated=True), ('lane', 1), _connector='OR'), models.Q(models.Q(('severity', 3), _negated=True), models.Q(('lane', 3), _negated=True), _connector='OR')), name='moderation_case_lane_is_fast_enough'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('opened_at'))), name='moderation_case_due_after_opening'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['track', 'rank_at', 'id'], name='moderation_case_order'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['language', 'track', 'rank_at', 'id'], name='moderation_case_order_language'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['violation', 'track', 'rank_at', 'id'], name='moderation_case_order_class'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['lane', 'due_at'], name='moderation_case_due'),
        ),
    ]
