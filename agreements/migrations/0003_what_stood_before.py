"""Agreements from before the template: a reference each, the items that alerts carried so far, and who sends."""

from django.db import migrations

from safeguarding.refs import ref_for

BECAUSE = "Carried by every alert before the agreement listed its items; to be justified at the next review."
SO_FAR = ("child_name", "child_date_of_birth", "adults_names", "incident_kind", "incident_date")


def fill(apps, schema_editor):
    agreement_model = apps.get_model("agreements", "Agreement")
    item = apps.get_model("agreements", "AgreementItem")
    signature = apps.get_model("agreements", "Signature")
    for agreement in agreement_model.objects.all():
        agreement.ref = ref_for("G", agreement.pk)
        agreement.save(update_fields=["ref"])
        item.objects.bulk_create(item(agreement=agreement, key=key, justification=BECAUSE) for key in SO_FAR)
        agencies = apps.get_model("agencies", "PartnershipAgency").objects.filter(partnership=agreement.partnership)
        for hub in agencies.filter(agency__kind="mash").values_list("agency_id", flat=True):
            signature.objects.get_or_create(
                agreement=agreement, agency_id=hub, defaults={"state": "signed", "signed_on": agreement.starts_on}
            )
    signature.objects.filter(agency__kind__in=["police", "mash"]).update(role="both")


class Migration(migrations.Migration):
    dependencies = [("agreements", "0002_the_whole_template")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
