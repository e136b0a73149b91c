from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agreements", "0003_what_stood_before")]
    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="ref",
            field=models.CharField(editable=False, max_length=11, unique=True),
        )
    ]
