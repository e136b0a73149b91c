"""Which keys there are, what hangs on them, and what of the shredded could still be opened from a back-up."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from safeguarding.access.principal import Principal, acting_as
from safeguarding.crypto.keys import DIRECT
from safeguarding.crypto.models import DataKey, KeyEncryptionKey, RootKey, Shredding

KEEPER = Principal(service="keys", purpose="keeping the keys")
IN_USE = Q(wrapped__isnull=False)
Bucket = tuple[int | None, str]


def data_keys_in_use(keks: Iterable[KeyEncryptionKey]) -> QuerySet[DataKey]:
    return DataKey.objects.filter(IN_USE, kek__in=[kek.pk for kek in keks])


def alive() -> QuerySet[KeyEncryptionKey]:
    return KeyEncryptionKey.objects.filter(retired_at=None).select_related("partnership")


def superseded() -> QuerySet[KeyEncryptionKey]:
    """Key-encryption keys that are not retired though their bucket has a newer one."""
    newer = KeyEncryptionKey.objects.filter(
        Q(partnership_id=OuterRef("partnership_id")), bucket=OuterRef("bucket"), version__gt=OuterRef("version")
    )
    return alive().filter(Exists(newer)).order_by("partnership_id", "bucket", "version")


def unfinished() -> list[Bucket]:
    """Buckets in which data keys still hang on an older key: a rotation that was stopped."""
    hanging = DataKey.objects.filter(IN_USE, kek_id=OuterRef("pk"))
    rows = superseded().filter(Exists(hanging)).values_list("partnership_id", "bucket").distinct().order_by()
    return sorted(rows, key=str)


def rotatable() -> list[Bucket]:
    rows = alive().exclude(bucket__in=DIRECT).values_list("partnership_id", "bucket").distinct().order_by()
    return sorted(rows, key=str)


def roots_in_use() -> list[RootKey]:
    return list(RootKey.objects.filter(retired_at=None).order_by("version"))


@dataclass(frozen=True)
class Exposed:
    """Shredded records whose key a back-up from before still holds, and keys of today would open."""

    count: int
    since: dt.datetime | None
    until: dt.datetime | None


def exposed() -> Exposed:
    """Shredded since the oldest root key that is still in use, or since the key that its bucket still has (RET-07)."""
    roots = roots_in_use()
    with acting_as(KEEPER), transaction.atomic():
        lines = Shredding.objects.annotate(
            kek_lives=Exists(
                alive().filter(
                    Q(partnership_id=OuterRef("partnership_id")),
                    bucket=OuterRef("bucket"),
                    created_at__lte=OuterRef("at"),
                )
            )
        )
        still = Q(kek_lives=True)
        if roots:
            still |= Q(at__gte=min(root.since for root in roots))
        found = lines.filter(still).aggregate(count=Count("id"), since=Min("at"), until=Max("at"))
    return Exposed(**found)


def shredded_under(before: dt.datetime) -> list[KeyEncryptionKey]:
    """Keys in use under which something was shredded by then: a back-up may hold a copy that they open."""
    with acting_as(KEEPER), transaction.atomic():
        lines = Shredding.objects.filter(
            Q(partnership_id=OuterRef("partnership_id")),
            bucket=OuterRef("bucket"),
            at__gte=OuterRef("created_at"),
            at__lte=before,
        )
        return list(alive().exclude(bucket__in=DIRECT).filter(Exists(lines)))


@dataclass(frozen=True)
class RootStock:
    version: int
    since: dt.datetime
    keks: int
    state: str


def root_stock() -> list[RootStock]:
    wrapped = dict(alive().order_by().values_list("root_version").annotate(Count("pk")))
    found = list(RootKey.objects.order_by("version"))
    newest = max((root.version for root in found), default=0)
    return [
        RootStock(root.version, root.since, wrapped.get(root.version, 0), _state_of(root, wrapped, newest))
        for root in found
    ]


def _state_of(root: RootKey, wrapped: dict[int, int], newest: int) -> str:
    if root.retired_at:
        return "retired"
    if root.version == newest:
        return "current"
    return "in use" if wrapped.get(root.version) else "can be retired"


@dataclass(frozen=True)
class KekStock:
    partnership: str
    bucket: str
    version: int
    root: int
    made: dt.datetime
    in_use: int
    oldest: dt.datetime | None
    state: str


def kek_stock() -> list[KekStock]:
    """Every key-encryption key that is not destroyed, with what hangs on it; one query, however many there are."""
    old = set(superseded().values_list("pk", flat=True))
    rows = alive().annotate(
        in_use=Count("data_keys", filter=Q(data_keys__wrapped__isnull=False)),
        oldest=Min("data_keys__created_at", filter=Q(data_keys__wrapped__isnull=False)),
    )
    return [
        KekStock(
            kek.partnership.slug if kek.partnership else "(installation)",
            kek.bucket,
            kek.version,
            kek.root_version,
            kek.created_at,
            kek.in_use,
            kek.oldest,
            ("in use" if kek.in_use else "can be retired") if kek.pk in old else "current",
        )
        for kek in rows.order_by("partnership__slug", "bucket", "version")
    ]
