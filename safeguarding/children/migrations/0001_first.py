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
            name='Child',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=11, unique=True)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('given_name', safeguarding.crypto.fields.SealedTextField()),
                ('family_name', safeguarding.crypto.fields.SealedTextField()),
                ('date_of_birth', safeguarding.crypto.fields.SealedDateField(null=True)),
                ('upn', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('nhs_number', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('home_educated', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tokens_made', models.PositiveSmallIntegerField(default=0)),
                ('merged_into', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='joined', to='children.child')),
            ],
            options={
                'verbose_name_plural': 'children',
                'constraints': [models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='child_is_not_joined_to_itself')],
            },
        ),
        migrations.CreateModel(
            name='ChildToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='children.child')),
                ('kind', models.CharField(choices=[('upn', 'UPN'), ('nhs', 'NHS number'), ('name_dob', 'Name and date of birth'), ('name', 'Name'), ('dob', 'Date of birth'), ('pd', 'Sound of one name, digits of the date of birth in any order'), ('id', 'First sound of one name, date of birth'), ('sy', 'Sounds of both names, year of birth'), ('sd', 'Sounds of both names, day and month of birth'), ('py', 'Sound of one name, year of birth')], max_length=12)),
                ('token', models.BinaryField(max_length=16)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partnership', 'kind', 'token', 'child'), name='child_token_once')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='children.child')),
                ('setting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('source', models.CharField(choices=[('notification', 'Named by the police'), ('person', 'Chosen by the MASH'), ('register', 'Taken from a register')], max_length=12)),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('ends_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('child', 'setting'), name='placement_once_while_current'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='placement_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='PossibleDuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child')),
                ('score', models.PositiveSmallIntegerField()),
                ('reasons', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('open', 'Waits for a person'), ('same', 'One child'), ('different', 'Two children')], default='open', max_length=9)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['controller', 'found_at', 'id'], name='pair_open')],
                'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='pair_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='pair_in_order'), models.CheckConstraint(condition=models.Q(('state', 'open'), ('decided_at__isnull', False), _connector='OR'), name='decided_pair_says_when')],
            },
        ),
    ]
