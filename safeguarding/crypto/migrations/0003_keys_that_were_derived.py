"""What was derived from a root key itself gets a key of its own, wrapped like the others: then a root key can be retired.

The tokens of children and the digests of bodies stay what they are: the derived key is kept, wrapped. Seeds of second
factors are sealed anew. Keys that were destroyed before there was a ledger get their line in it.
"""

import base64
import re

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from safeguarding.crypto import roots
from safeguarding.crypto.sealing import fresh_key, open_sealed, seal

_SEALED_BY_ROOT = re.compile(r"^(\d+):([A-Za-z0-9+/=]+)$")


def forwards(apps, schema_editor):
    partnerships = list(apps.get_model("agencies", "Partnership").objects.order_by("pk"))
    authenticators = list(apps.get_model("mfa", "Authenticator").objects.order_by("pk"))
    if not partnerships and not authenticators:
        return
    root = _roots_in_use(apps)
    for partnership in partnerships:
        derived = roots.derive(settings.ROOT_KEYS[min(settings.ROOT_KEYS)], f"blind|{partnership.pk}")
        _keep(apps, root, partnership.pk, "blind-index", derived)
    _seal_seeds_anew(apps, root, authenticators)
    schema_editor.execute(
        "INSERT INTO crypto_shredding (entry, data_key_number, key_made_at, partnership_id, bucket, what, subject, rule, service, at)"
        " SELECT gen_random_uuid(), k.id, k.created_at, e.partnership_id, e.bucket,"
        " CASE e.bucket WHEN 'police' THEN 'notification' ELSE e.bucket END, '', 'ALR-09: before the ledger was kept', 'dispatch',"
        " coalesce(k.destroyed_at, now()) FROM crypto_datakey k JOIN crypto_keyencryptionkey e ON e.id = k.kek_id"
        " WHERE k.wrapped IS NULL"
    )


def _roots_in_use(apps):
    """Each root key that wrapped something must fit, else nothing is changed; the newest of them is the current one."""
    keks = apps.get_model("crypto", "KeyEncryptionKey").objects.order_by("pk")
    one_of_each = {kek.root_version: kek for kek in keks}
    for version, kek in one_of_each.items():
        roots.unwrap(version, bytes(kek.wrapped), f"kek|{kek.partnership_id}|{kek.bucket}|{kek.version}".encode())
    for version in one_of_each or [max(settings.ROOT_KEYS)]:
        canary = roots.provider().wrap(version, fresh_key(), f"canary|{version}".encode())
        apps.get_model("crypto", "RootKey").objects.create(version=version, canary=canary)
    return max(one_of_each, default=max(settings.ROOT_KEYS))


def _keep(apps, root, partnership_id, bucket, key):
    return apps.get_model("crypto", "KeyEncryptionKey").objects.create(
        partnership_id=partnership_id,
        bucket=bucket,
        version=1,
        root_version=root,
        wrapped=roots.provider().wrap(root, key, f"kek|{partnership_id}|{bucket}|1".encode()),
        created_at=timezone.now(),
    )


def _seal_seeds_anew(apps, root, authenticators):
    if not authenticators:
        return
    key = fresh_key()
    kek = _keep(apps, root, None, "second-factor", key)

    def anew(value):
        found = _SEALED_BY_ROOT.match(value) if isinstance(value, str) else None
        if found is None:
            return [anew(each) for each in value] if isinstance(value, list) else value
        derived = roots.derive(settings.ROOT_KEYS[int(found[1])], "second-factor")
        text = open_sealed(derived, base64.b64decode(found[2]), b"second-factor")
        return f"k{kek.pk}:{base64.b64encode(seal(key, text, f'second-factor|{kek.pk}'.encode())).decode()}"

    for authenticator in authenticators:
        if authenticator.type in ("totp", "recovery_codes"):
            authenticator.data = {name: anew(value) for name, value in authenticator.data.items()}
            authenticator.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("crypto", "0002_hierarchy"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
