import django.db.models.deletion
import django.utils.timezone
import safeguarding.crypto.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_first'),
        ('agreements', '0001_first'),
        ('alerts', '0001_first'),
        ('children', '0001_first'),
        ('crypto', '0001_first'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('about', models.CharField(max_length=11)),
                ('child', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child')),
                ('alert', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.alert')),
                ('notification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.notification')),
                ('by', models.CharField(choices=[('self', 'The adult whom it is about'), ('young_person', 'The young person, who is 16 or 17'), ('child', 'The child, who is under 16 and was found able to decide this'), ('parent', 'Somebody with parental responsibility'), ('attorney', 'An attorney or deputy for health and welfare')], max_length=12)),
                ('name', safeguarding.crypto.fields.SealedTextField()),
                ('given_on', safeguarding.crypto.fields.SealedDateField()),
                ('limits', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_words', safeguarding.crypto.fields.SealedTextField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('withdrawn_at', None)), fields=['about'], name='consent_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=11, unique=True)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('subject_ref', models.CharField(max_length=11)),
                ('known_as', models.CharField(blank=True, max_length=60)),
                ('alert', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.alert')),
                ('open_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('item', models.CharField(choices=[('child_name', "Child's name"), ('child_date_of_birth', "Child's date of birth"), ('adults_names', 'Names of the adults'), ('incident_kind', 'That an incident happened, and of which kind'), ('incident_date', 'Day of the incident'), ('level_of_need', 'Level of need that the screening found'), ('incident_content', 'What happened'), ('address', 'Address'), ('relationships', 'Who is who in the family'), ('identifiers', 'UPN, NHS number and other identifying numbers'), ('allocated_worker', 'Allocated worker and team'), ('risk', 'Risk level and risk factors'), ('health', 'Health information'), ('school_concerns', 'What the setting holds about the child'), ('safety_plan', 'Safety plan and actions')], max_length=24)),
                ('question', safeguarding.crypto.fields.SealedTextField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at_agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('originator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('state', models.CharField(choices=[('asked', 'Waits for the originator'), ('corrected', 'Corrected'), ('declined', 'Not changed')], default='asked', max_length=10)),
                ('answer', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['originator', '-asked_at'], name='correction_of_originator'), models.Index(fields=['alert'], name='correction_of_alert')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('subject_ref', 'item'), name='one_open_question_about_an_item'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='answered_correction_says_by_whom')],
            },
        ),
        migrations.CreateModel(
            name='CorrectionNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('correction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='agreements.correction')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('subject_ref', models.CharField(max_length=11)),
                ('alert', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.alert')),
                ('open_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('item', models.CharField(choices=[('child_name', "Child's name"), ('child_date_of_birth', "Child's date of birth"), ('adults_names', 'Names of the adults'), ('incident_kind', 'That an incident happened, and of which kind'), ('incident_date', 'Day of the incident'), ('level_of_need', 'Level of need that the screening found'), ('incident_content', 'What happened'), ('address', 'Address'), ('relationships', 'Who is who in the family'), ('identifiers', 'UPN, NHS number and other identifying numbers'), ('allocated_worker', 'Allocated worker and team'), ('risk', 'Risk level and risk factors'), ('health', 'Health information'), ('school_concerns', 'What the setting holds about the child'), ('safety_plan', 'Safety plan and actions')], max_length=24)),
                ('outcome', models.CharField(choices=[('corrected', 'Corrected'), ('declined', 'Not changed')], max_length=10)),
                ('words', safeguarding.crypto.fields.SealedTextField()),
                ('originator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['alert'], name='correction_notice_of_alert')],
                'constraints': [models.UniqueConstraint(fields=('correction', 'subject_ref'), name='told_once_of_a_correction')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(editable=False, max_length=11, unique=True)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('about', models.CharField(max_length=11)),
                ('child', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child')),
                ('alert', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.alert')),
                ('notification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.notification')),
                ('recipient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('outcome', models.CharField(choices=[('share', 'Share'), ('not_share', 'Do not share'), ('advice', 'Ask for advice first')], max_length=10)),
                ('path', models.JSONField(default=list)),
                ('items', models.JSONField(default=list)),
                ('basis', models.CharField(blank=True, choices=[('agreement', 'A signed agreement lists it'), ('duty', 'A duty in law tells us to share it'), ('consent', 'Consent'), ('public_interest', 'The public interest outweighs confidence'), ('vital', "Somebody's life is at risk"), ('court', 'A court has ordered it'), ('law_enforcement', 'Law enforcement (Part 3)')], max_length=16)),
                ('agreement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agreements.agreement')),
                ('consent_state', models.CharField(choices=[('given', 'Yes, it was given'), ('refused', 'No, it was refused'), ('not_sought', 'No, and asking would do harm'), ('not_relied_on', 'Sharing does not rest on consent')], max_length=14)),
                ('consent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='agreements.consent')),
                ('why_not', models.CharField(blank=True, choices=[('detriment', 'Sharing would be more detrimental to the child than not sharing'), ('not_relevant', "It is not relevant to the child's welfare"), ('no_purpose', 'There is no clear and legitimate purpose'), ('no_reason', 'There is neither consent nor another lawful reason')], max_length=14)),
                ('marking', models.CharField(max_length=40)),
                ('answers', safeguarding.crypto.fields.SealedJSONField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('follows', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='agreements.decision')),
                ('told', models.CharField(blank=True, choices=[('told', 'They know already'), ('to_be_told', 'They will be told'), ('risk', 'Not told: telling them would put somebody at risk'), ('prejudice', 'Not told: it would prejudice an investigation'), ('unreachable', 'Not told: there is no safe way to reach them')], max_length=12)),
                ('told_due_on', models.DateField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('told_words', safeguarding.crypto.fields.SealedTextField(null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_because', models.CharField(blank=True, choices=[('consent_withdrawn', 'Consent was withdrawn'), ('not_needed', 'It is no longer needed'), ('mistake', 'It was decided in error')], max_length=18)),
            ],
            options={
                'indexes': [models.Index(fields=['about', '-decided_at', '-id'], name='decision_about'), models.Index(fields=['controller', '-decided_at', '-id'], name='decision_by_agency'), models.Index(condition=models.Q(('told', 'to_be_told')), fields=['controller', 'told_due_on'], name='decision_to_tell')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'not_share'), _negated=True), models.Q(('why_not', ''), _negated=True), _connector='OR'), name='not_sharing_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'share'), _negated=True), models.Q(('told', ''), _negated=True), _connector='OR'), name='sharing_says_who_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('basis', 'consent'), _negated=True), ('consent__isnull', False), _connector='OR'), name='consent_stands_behind_it'), models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('ended_by__isnull', False), models.Q(('ended_because', ''), _negated=True)), _connector='OR'), name='ended_decision_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('controller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('crypto_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crypto.datakey')),
                ('about', models.CharField(max_length=11)),
                ('child', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child')),
                ('alert', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.alert')),
                ('notification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='alerts.notification')),
                ('writer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.CharField(blank=True, max_length=50)),
                ('answers', safeguarding.crypto.fields.SealedJSONField(null=True)),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('writer', 'controller', 'about', 'to'), name='draft_once')],
            },
        ),
    ]
