"""Which root keys are in use here, and whether this process holds them; asked before anything else is started."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models.functions import Now

from safeguarding.crypto import roots
from safeguarding.crypto.models import KeyEncryptionKey, RootKey
from safeguarding.crypto.sealing import fresh_key

LOCK = "root keys"


def hold(name: str) -> None:
    """Until this transaction ends nobody retires what `name` stands for: a key that is being sealed under is in use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [name])


def current_root() -> int:
    """The version that new keys are wrapped by: the newest that was taken into use, not the newest that somebody holds."""
    hold(LOCK)
    newest = RootKey.objects.filter(retired_at=None).order_by("-version").first()
    if newest is None:
        return _first_root()
    prove(newest)
    return newest.version


def prove(root: RootKey) -> None:
    """A key that opens nothing of what is here must not seal anything either."""
    roots.unwrap(root.version, bytes(root.canary), aad(root.version))


def take_into_use(version: int) -> None:
    """Seal a canary: from now on every process that starts must hold this root key."""
    # What the canary says is of no interest; that it opens proves the key.
    canary = roots.provider().wrap(version, fresh_key(), aad(version))
    RootKey.objects.bulk_create([RootKey(version=version, canary=canary, since=Now())], ignore_conflicts=True)
    # Another host may have been first, with another key under the same version.
    prove(RootKey.objects.get(version=version))


def aad(version: int) -> bytes:
    return f"canary|{version}".encode()


def _first_root() -> int:
    """Nothing says yet which root keys are in use here: those that wrapped something, else the newest one."""
    in_use = KeyEncryptionKey.objects.exclude(wrapped=None).values_list("root_version", flat=True).distinct()
    versions = sorted(in_use) or roots.provider().versions()[-1:]
    if not versions:
        raise ImproperlyConfigured(roots.missing(1))
    for version in versions:
        wrapped_by_it = KeyEncryptionKey.objects.exclude(wrapped=None).filter(root_version=version).first()
        if wrapped_by_it is not None:
            wrapped_by_it.open()
        take_into_use(version)
    return versions[-1]


def faults() -> list[str]:
    """A sentence for each root key that records here need and this process does not hold; the first start seals a canary."""
    if RootKey._meta.db_table not in connection.introspection.table_names():
        return []  # before the first `migrate`
    said = []
    try:
        if not RootKey.objects.exists():
            _first_root()
        for root in RootKey.objects.filter(retired_at=None).order_by("version"):
            said += _fault_of(root)
    except ImproperlyConfigured as error:
        said.append(str(error))
    return said


def _fault_of(root: RootKey) -> list[str]:
    try:
        prove(root)
    except ImproperlyConfigured as error:
        return [str(error)]
    return []


def still_held_though_retired() -> list[int]:
    """Retired root keys that this process still holds: as long as somebody does, old backups open."""
    held = roots.provider().versions()
    retired = RootKey.objects.exclude(retired_at=None).filter(version__in=held)
    return sorted(retired.values_list("version", flat=True))
