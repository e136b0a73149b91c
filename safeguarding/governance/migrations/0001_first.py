import django.db.models.deletion
import django.utils.timezone
import safeguarding.crypto.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_first'),
        ('agencies', '__first__'),
        ('crypto', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='WatchMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('looked_until', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=11, unique=True)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('kind', models.CharField(choices=[('screenings', 'Screenings'), ('alerts', 'Alerts sent'), ('accesses', 'Openings of records')], max_length=12)),
                ('since', models.DateField()),
                ('until', models.DateField()),
                ('size', models.PositiveSmallIntegerField()),
                ('population', models.PositiveIntegerField()),
                ('seed', models.CharField(max_length=32)),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drawn_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('status', models.CharField(choices=[('open', 'Being worked through'), ('closed', 'Closed')], default='open', max_length=8)),
                ('summary', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['controller', '-drawn_at', '-id'], name='sample_by_hub')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='sample_ends_after_start'), models.CheckConstraint(condition=models.Q(('status', 'open'), models.Q(('closed_at__isnull', False), ('summary__isnull', False)), _connector='OR'), name='closed_sample_has_summary')],
            },
        ),
        migrations.CreateModel(
            name='SampleItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='governance.sample')),
                ('position', models.PositiveSmallIntegerField()),
                ('ref', models.CharField(max_length=11)),
                ('happened_at', models.DateTimeField()),
                ('entry_id', models.BigIntegerField(blank=True, null=True)),
                ('result', models.CharField(blank=True, choices=[('compliant', 'As it should be'), ('finding', 'Something was found'), ('not_assessed', 'Could not be assessed')], max_length=12)),
                ('note', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('action', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('sample', 'position'), name='sample_item_once')],
            },
        ),
        migrations.CreateModel(
            name='UnusualAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=11, unique=True)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('kind', models.CharField(choices=[('out_of_hours', 'Opened records outside the hours of the agency'), ('burst', 'Opened many different records in a short time'), ('own_name', 'Opened a record of somebody with the same family name'), ('never_assigned', 'Opened records without ever working on them'), ('after_leaving', 'Tried to come in, or acted, after leaving'), ('refusals', 'Was refused again and again'), ('exports', 'Took many rows out of the Hub')], max_length=20)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('occasion', models.CharField(max_length=20)),
                ('entry_ids', models.JSONField(default=list)),
                ('evidence', safeguarding.crypto.fields.SealedJSONField(null=True)),
                ('times', models.PositiveIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('open', 'To be reviewed'), ('closed', 'Reviewed')], default='open', max_length=8)),
                ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('explained', "Explained: it belonged to the person's work"), ('reminded', 'No harm done, and the person was reminded of the rules'), ('misuse', 'Misuse: it goes on as an incident'), ('stolen', "It was somebody else with this person's sign-in")], max_length=10)),
                ('finding', safeguarding.crypto.fields.SealedTextField(null=True)),
            ],
            options={
                'verbose_name_plural': 'unusual accesses',
                'indexes': [models.Index(fields=['controller', 'status', 'due_at', 'id'], name='unusual_to_review')],
                'constraints': [models.UniqueConstraint(fields=('controller', 'person', 'kind', 'occasion'), name='unusual_once_an_occasion'), models.CheckConstraint(condition=models.Q(('status', 'open'), models.Q(models.Q(('outcome', ''), _negated=True), ('finding__isnull', False), ('reviewed_by__isnull', False)), _connector='OR'), name='reviewed_says_by_whom_and_what'), models.CheckConstraint(condition=models.Q(('reviewed_by', None), models.Q(('reviewed_by', models.F('person')), _negated=True), _connector='OR'), name='nobody_reviews_themself')],
            },
        ),
    ]
