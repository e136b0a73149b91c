"""A party that signs again and leaves again owes a return again (AGR-05)."""

import datetime as dt

from django.db import migrations, models
from django.db.models import F

# A task was opened the day after the last one of the notice, and fell due four weeks later.
_FROM_LAST_DAY_TO_DUE = dt.timedelta(days=29)


def fill(apps, schema_editor):
    """The signature says it only where its party has not signed again since; the day on which the task fell due always does."""
    apps.get_model("agreements", "ReturnTask").objects.update(leaves_on=F("due_on") - _FROM_LAST_DAY_TO_DUE)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_first")]
    operations = [
        migrations.RemoveConstraint(model_name="returntask", name="return_task_once_per_holder"),
        migrations.AddField(model_name="returntask", name="leaves_on", field=models.DateField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(model_name="returntask", name="leaves_on", field=models.DateField()),
        migrations.AddConstraint(
            model_name="returntask",
            constraint=models.UniqueConstraint(
                fields=("signature", "holder", "leaves_on"), name="return_task_once_per_withdrawal"
            ),
        ),
    ]
