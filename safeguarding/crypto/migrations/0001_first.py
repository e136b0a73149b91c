import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='RootKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(unique=True)),
                ('canary', models.BinaryField()),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=32, unique=True)),
                ('purpose', models.CharField(max_length=30)),
                ('public', models.BinaryField(max_length=32)),
                ('sealed', models.TextField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='KeyEncryptionKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('bucket', models.CharField(max_length=30)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('root_version', models.PositiveSmallIntegerField()),
                ('wrapped', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partnership', 'bucket', 'version'), name='kek_once_per_bucket_version', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('retired_at__isnull', False), ('wrapped', None)), models.Q(('retired_at', None), ('wrapped__isnull', False)), _connector='OR'), name='kek_retired_is_destroyed')],
            },
        ),
        migrations.CreateModel(
            name='DataKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kek', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='data_keys', to='crypto.keyencryptionkey')),
                ('wrapped', models.BinaryField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('destroyed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('wrapped__isnull', False)), fields=['kek', 'id'], name='data_key_in_use')],
            },
        ),
        migrations.CreateModel(
            name='Shredding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('data_key_number', models.BigIntegerField()),
                ('key_made_at', models.DateTimeField()),
                ('partnership', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='agencies.partnership')),
                ('bucket', models.CharField(max_length=30)),
                ('what', models.CharField(max_length=40)),
                ('subject', models.CharField(blank=True, max_length=40)),
                ('rule', models.CharField(max_length=120)),
                ('service', models.CharField(blank=True, max_length=30)),
                ('user_number', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('copied_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('copied_at', None)), fields=['id'], name='shredding_to_copy'), models.Index(fields=['partnership', 'bucket', 'at'], name='shredding_by_bucket')],
            },
        ),
    ]
