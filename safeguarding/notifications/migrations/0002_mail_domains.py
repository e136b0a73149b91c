"""The secure domains of the public sector, and those that were switched off in 2019 (SHR-10)."""

import datetime

from django.db import migrations

SECURE = ("gov.uk", "nhs.net", "nhs.uk", "police.uk", "pnn.police.uk", "cjsm.net", "mod.uk", "parliament.uk")
# switched off in 2019; what replaced each is its plain domain
DEAD = {"gsi.gov.uk": "gov.uk", "gse.gov.uk": "gov.uk", "gcsx.gov.uk": "gov.uk", "gsx.gov.uk": "gov.uk"}
FROM = datetime.date(2019, 4, 1)


def enter(apps, schema_editor):
    domains = apps.get_model("notifications", "MailDomain").objects
    for domain in SECURE:
        domains.get_or_create(domain=domain, valid_from=FROM, defaults={"standing": "secure"})
    for domain, follower in DEAD.items():
        domains.get_or_create(
            domain=domain, valid_from=FROM, defaults={"standing": "dead", "superseded_by": follower}
        )


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_first")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
