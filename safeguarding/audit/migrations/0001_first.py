import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_first'),
        ('agencies', '__first__'),
        ('alerts', '0001_first'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('statement', models.TextField()),
                ('signature', models.BinaryField()),
                ('secret', models.BinaryField()),
                ('leaves', models.BinaryField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.BigIntegerField(blank=True, db_index=True, null=True, verbose_name='object id')),
                ('object_repr', models.TextField(verbose_name='object representation')),
                ('serialized_data', models.JSONField(null=True)),
                ('changes_text', models.TextField(blank=True, verbose_name='change message')),
                ('changes', models.JSONField(null=True, verbose_name='change message')),
                ('remote_addr', models.GenericIPAddressField(blank=True, null=True, verbose_name='remote address')),
                ('remote_port', models.PositiveIntegerField(blank=True, null=True, verbose_name='remote port')),
                ('timestamp', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='timestamp')),
                ('additional_data', models.JSONField(blank=True, null=True, verbose_name='additional data')),
                ('actor_email', models.CharField(blank=True, max_length=254, null=True, verbose_name='actor email')),
                ('object_pk', models.CharField(max_length=255)),
                ('action', models.PositiveSmallIntegerField(choices=[(0, 'create'), (1, 'update'), (2, 'delete'), (3, 'access')])),
                ('cid', models.CharField(max_length=255, null=True)),
                ('content_type', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('actor', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('event', models.CharField(max_length=40)),
                ('purpose', models.CharField(blank=True, max_length=120)),
                ('service', models.CharField(blank=True, max_length=30)),
                ('outcome', models.CharField(default='done', max_length=10)),
                ('partnership', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('agency', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('alert', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.alert')),
                ('notification', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.notification')),
                ('actor_agency', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('actor_roles', models.CharField(blank=True, editable=False, max_length=160)),
                ('way_in', models.CharField(blank=True, choices=[('role', 'By role'), ('name', 'By name: access was given to this person'), ('break_glass', 'Break-glass')], editable=False, max_length=12)),
                ('objects_shown', models.JSONField(default=list)),
            ],
            options={
                'verbose_name_plural': 'audit entries',
                'ordering': ['-timestamp', '-id'],
                'indexes': [models.Index(condition=models.Q(('alert__isnull', False)), fields=['alert', 'timestamp'], name='audit_by_alert'), models.Index(condition=models.Q(('notification__isnull', False)), fields=['notification', 'timestamp'], name='audit_by_notification'), models.Index(fields=['agency', '-timestamp', '-id'], name='audit_by_agency'), models.Index(fields=['actor_agency', '-timestamp', '-id'], name='audit_by_actor_agency'), models.Index(fields=['actor', '-timestamp', '-id'], name='audit_by_actor'), models.Index(fields=['event', '-timestamp'], name='audit_by_event'), models.Index(condition=models.Q(('outcome', 'done'), _negated=True), fields=['agency', '-timestamp', '-id'], name='audit_trouble_at'), models.Index(condition=models.Q(('outcome', 'done'), _negated=True), fields=['actor_agency', '-timestamp', '-id'], name='audit_trouble_by'), models.Index(condition=models.Q(('object_repr', ''), _negated=True), fields=['object_repr', '-timestamp'], name='audit_by_reference'), models.Index(condition=models.Q(('cid__isnull', False)), fields=['cid'], name='audit_by_request'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('objects_shown', []), _negated=True), fields=['objects_shown'], name='audit_by_shown', opclasses=['jsonb_path_ops'])],
            },
        ),
    ]
