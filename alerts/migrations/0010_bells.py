from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0009_referrals_and_patterns"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="bell_at",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="alert",
            name="received_at",
            field=models.DateTimeField(default=timezone.now),
            preserve_default=False,
        ),
        # An owner's UPDATE finds no row behind forced row-level security; a change of type rewrites them all. What was sent
        # before bells were kept counts from what is known of it.
        migrations.RunSQL(
            "ALTER TABLE alerts_alert ALTER COLUMN bell_at TYPE timestamptz USING due_at,"
            " ALTER COLUMN received_at TYPE timestamptz USING created_at",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="alert",
            name="holiday_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="first_opened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="first_acknowledged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="late_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("arrived", "It reached the hub after the bell"),
                    ("screened", "It was screened or sent after the bell"),
                    ("unopened", "Nobody at the setting opened it before the bell"),
                    ("withheld", "Withheld"),
                    ("unsure", "The child or the setting had to be found out first"),
                    ("phoned", "The setting was told by telephone before the bell"),
                    ("elsewhere", "The child does not go to this setting any more"),
                    ("fault", "The Hub or an e-mail did not work"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["controller", "bell_at", "id"], name="alert_by_bell"),
        ),
    ]
