from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0003_what_is_due'),
    ]

    operations = [
        migrations.AlterField(
            model_name='alert',
            name='withheld_reason',
            field=models.CharField(blank=True, choices=[('no_agreement', 'No agreement for this kind of notification is in force in the partnership.'), ('never_signed', 'The setting has never signed the agreement.'), ('refused', 'The setting refused to sign the agreement.'), ('withdrew', 'The setting withdrew from the agreement.'), ('not_yet', "The setting's signature is not in force yet."), ('no_items', 'The agreement lists no data item that says which child it is about, so nothing could be told.'), ('not_recipient', 'The setting is not a party to the agreement that may be told under it.'), ('not_source', 'The hub is not a party to the agreement that may send under it.'), ('no_gateway', 'Neither an agreement nor the statutory duty lets this kind of setting be told.'), ('closed', 'The setting has closed, so nobody there could read it.')], max_length=16),
        ),
    ]
