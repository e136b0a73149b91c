import datetime
import django.db.models.deletion
import django.utils.timezone
import safeguarding.agencies.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('is_integration', models.BooleanField(default=False)),
                ('digest', models.CharField(choices=[('never', 'Never'), ('daily', 'Each working day, at 7am'), ('weekly', 'Once a week, on its first working day at 7am')], default='never', max_length=8)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=120)),
                ('screens', models.BooleanField(default=True)),
                ('continuum', models.JSONField(default=list)),
                ('recipients', models.JSONField(default=dict)),
                ('gateways', models.JSONField(default=dict)),
                ('query_contacts', models.JSONField(default=dict)),
                ('titles', models.JSONField(default=dict)),
                ('clocks', models.JSONField(default=dict)),
                ('chasing', models.JSONField(default=list)),
                ('holiday_chasing', models.JSONField(blank=True, default=safeguarding.agencies.models.chased_in_the_holidays)),
                ('unusual', models.JSONField(blank=True, default=dict)),
                ('exceptions', models.JSONField(blank=True, default=dict)),
                ('strategy', models.JSONField(blank=True, default=dict)),
                ('disclaimer', models.TextField()),
                ('no_further_information', models.BooleanField(default=False)),
                ('hub_answers', models.BooleanField(default=True)),
                ('front_door_phone', models.CharField(blank=True, max_length=30)),
                ('marking', models.CharField(default='OFFICIAL-SENSITIVE', max_length=40)),
                ('grant_days', models.PositiveSmallIntegerField(default=28)),
                ('break_glass_roles', models.JSONField(default=safeguarding.agencies.models.who_may_break_the_glass)),
                ('break_glass_minutes', models.PositiveSmallIntegerField(default=60)),
                ('break_glass_review_days', models.PositiveSmallIntegerField(default=3)),
                ('review_months', models.PositiveSmallIntegerField(default=6)),
            ],
        ),
        migrations.CreateModel(
            name='Course',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='courses', to='agencies.partnership')),
                ('key', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=120)),
                ('months', models.PositiveSmallIntegerField(default=24)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partnership', 'key'), name='course_once_in_partnership'), models.CheckConstraint(condition=models.Q(('months__gt', 0)), name='course_lasts')],
            },
        ),
        migrations.CreateModel(
            name='CourseRequirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requirements', to='agencies.course')),
                ('role', models.CharField(blank=True, choices=[('dsl', 'Designated Safeguarding Lead'), ('deputy_dsl', 'Deputy Designated Safeguarding Lead'), ('head', 'Head teacher or manager of the setting'), ('holiday_contact', 'Holiday safeguarding contact'), ('setting_staff', 'Member of staff at a setting'), ('ehe_officer', 'Elective Home Education officer'), ('authority_contact', 'Safeguarding contact of the local authority'), ('lado', 'Local authority designated officer (LADO)'), ('mash_officer', 'MASH officer'), ('mash_manager', 'MASH manager'), ('police_officer', 'Police officer who sends notifications'), ('integration', 'Another system of this agency'), ('ig_lead', 'Information-governance lead'), ('agency_admin', 'Agency administrator'), ('signatory', 'Senior officer who signs agreements'), ('coordinator', 'Meeting coordinator'), ('chair', 'Meeting chair'), ('idva', 'Independent domestic violence adviser'), ('practitioner', 'Practitioner'), ('information_desk', "Answers the hub's requests for information"), ('social_worker', 'Social worker'), ('social_care_manager', 'Social care manager who chairs strategy discussions')], max_length=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('course', 'role'), name='course_required_once')],
            },
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='agencies.partnership')),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('required_from', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name_plural': 'terms',
                'constraints': [models.UniqueConstraint(fields=('partnership', 'version'), name='terms_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to=settings.AUTH_USER_MODEL)),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.terms')),
                ('acknowledged_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'terms'), name='acknowledged_once')],
            },
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=160)),
                ('kind', models.CharField(choices=[('police', 'Police force'), ('mash', 'MASH, front door or notification team'), ('council', 'Local authority'), ('health', 'Health body'), ('probation', 'Probation'), ('housing', 'Housing provider'), ('idva', 'IDVA service'), ('marac', 'MARAC team'), ('adult_care', 'Adult social care'), ('youth_justice', 'Youth justice team'), ('substance_use', 'Drug and alcohol service'), ('fire', 'Fire and rescue'), ('voluntary', 'Voluntary organisation'), ('school', 'Maintained school'), ('academy', 'Academy or free school'), ('independent_school', 'Independent school'), ('special_school', 'Special school'), ('pru', 'Pupil referral unit'), ('college', 'College'), ('nursery', 'Nursery'), ('pre_school', 'Pre-school'), ('childminder', 'Childminder'), ('childrens_centre', "Children's centre")], max_length=24)),
                ('urn', models.CharField(blank=True, max_length=6, null=True, unique=True)),
                ('laestab', models.CharField(blank=True, max_length=7)),
                ('ico_registration', models.CharField(blank=True, max_length=20)),
                ('phone', models.CharField(blank=True, max_length=30)),
                ('bell_at', models.TimeField(default=datetime.time(8, 45))),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name_plural': 'agencies',
            },
        ),
        migrations.CreateModel(
            name='AccessReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='agencies.agency')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('agency',), name='one_open_review_an_agency')],
            },
        ),
        migrations.CreateModel(
            name='HolidayCover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to='agencies.agency')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('phone', models.CharField(max_length=30)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('withdrawn_at', None)), fields=['agency', 'ends_on'], name='cover_lookup')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='cover_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='agencies.agency')),
                ('email', models.EmailField(max_length=254)),
                ('roles', models.JSONField(default=list)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='agencies.agency')),
                ('role', models.CharField(choices=[('dsl', 'Designated Safeguarding Lead'), ('deputy_dsl', 'Deputy Designated Safeguarding Lead'), ('head', 'Head teacher or manager of the setting'), ('holiday_contact', 'Holiday safeguarding contact'), ('setting_staff', 'Member of staff at a setting'), ('ehe_officer', 'Elective Home Education officer'), ('authority_contact', 'Safeguarding contact of the local authority'), ('lado', 'Local authority designated officer (LADO)'), ('mash_officer', 'MASH officer'), ('mash_manager', 'MASH manager'), ('police_officer', 'Police officer who sends notifications'), ('integration', 'Another system of this agency'), ('ig_lead', 'Information-governance lead'), ('agency_admin', 'Agency administrator'), ('signatory', 'Senior officer who signs agreements'), ('coordinator', 'Meeting coordinator'), ('chair', 'Meeting chair'), ('idva', 'Independent domestic violence adviser'), ('practitioner', 'Practitioner'), ('information_desk', "Answers the hub's requests for information"), ('social_worker', 'Social worker'), ('social_care_manager', 'Social care manager who chairs strategy discussions')], max_length=20)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cleared_until', models.DateTimeField(default=safeguarding.agencies.models._not_yet, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user', 'agency', 'role'), name='membership_once_while_active'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='membership_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='CalendarPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendar', to='agencies.partnership')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calendar', to='agencies.agency')),
                ('kind', models.CharField(choices=[('term', 'Term'), ('closed', 'Closed (half term, INSET or other closure)')], max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['partnership', 'agency', 'ends_on'], name='calendar_lookup')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='period_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to='agencies.agency')),
                ('partnership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.partnership')),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('scopes', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='PartnershipAgency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.partnership')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='agencies.agency')),
                ('joined_on', models.DateField(default=django.utils.timezone.localdate)),
                ('left_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('partnership', 'agency'), name='partnership_agency_once')],
            },
        ),
        migrations.CreateModel(
            name='ReviewItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='agencies.accessreview')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.membership')),
                ('decision', models.CharField(blank=True, choices=[('confirmed', 'Confirmed'), ('ended', 'Ended'), ('lapsed', 'Ended because nobody confirmed it'), ('flagged', 'Nobody confirmed it; kept, because the agency has no other')], max_length=10)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('review', 'membership'), name='reviewed_once')],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('reason', models.CharField(max_length=400)),
                ('suspended_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('suspended_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lift_reason', models.CharField(blank=True, max_length=400)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('user',), name='suspended_once'), models.CheckConstraint(condition=models.Q(('lifted_at', None), models.Q(('lifted_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='lifted_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='TrainingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='training', to=settings.AUTH_USER_MODEL)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.course')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('completed_on', models.DateField()),
                ('expires_at', models.DateTimeField()),
                ('evidence', models.CharField(max_length=200)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'course', '-expires_at'], name='training_of_person')],
            },
        ),
        migrations.AddField(
            model_name='agency',
            name='partnerships',
            field=models.ManyToManyField(related_name='agencies', through='agencies.PartnershipAgency', to='agencies.partnership'),
        ),
    ]
