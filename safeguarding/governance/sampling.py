"""Sampling audits: a manager of the hub draws at random, records what was found, and closes with a summary (AUD-05)."""

import datetime as dt
import random
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.selectors import partnerships_of
from safeguarding.audit.events import OPENINGS
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.governance import policies
from safeguarding.governance.enums import ItemResult, SampleKind, SampleStatus
from safeguarding.governance.models import Sample, SampleItem
from safeguarding.refs import normalise_ref

LARGEST = 100


@dataclass(frozen=True, order=True)
class Record:
    """Something that can be drawn: by reference and time; an opening by its entry too."""

    ref: str
    at: dt.datetime
    entry: int | None = None


Population = Callable[[Agency, dt.datetime, dt.datetime], Sequence[Record]]
_populations: dict[str, Population] = {}


def draws_from(kind: SampleKind, population: Population) -> None:
    """A room says what there is to draw from; it is asked as the manager, so the walls hold (NTK-02)."""
    _populations[kind] = population


def _openings(hub: Agency, since: dt.datetime, until: dt.datetime) -> Sequence[Record]:
    entries = AuditEntry.objects.filter(agency=hub, timestamp__gte=since, timestamp__lt=until, event__in=OPENINGS)
    return [Record(*row) for row in entries.values_list("object_repr", "timestamp", "pk")]


draws_from(SampleKind.ACCESSES, _openings)


# ---------------------------------------------------------------- reading


def hubs_of(user: User) -> list[Agency]:
    """Where this person may draw a sample; nowhere means that the pages are not there (AUD-05)."""
    return list(Agency.objects.filter(pk__in=agencies_where(user, "sampling")).order_by("name", "pk"))


def samples(*, for_user: User) -> QuerySet[Sample]:
    """The sampling audits of my hub, and those of agencies that I lead (AUD-05)."""
    hubs = {agency.pk for agency in hubs_of(for_user)}
    led = set(Agency.objects.filter(pk__in=agencies_where(for_user, "audit")).values_list("pk", flat=True))
    if not for_user.is_active or not hubs | led:
        raise NotVisible
    mine = Sample.objects.visible_to(for_user).filter(controller__in=hubs | led)
    return mine.select_related("controller", "drawn_by").defer("summary").order_by("-drawn_at", "-pk")


def unfinished(*, for_user: User) -> QuerySet[Sample]:
    """What the managers of my hub still have to look at (AUD-05)."""
    return Sample.objects.visible_to(for_user).filter(controller__in=hubs_of(for_user), status=SampleStatus.OPEN)


@dataclass(frozen=True)
class Work:
    """A sample with its records, how many of each result, and what may be done now."""

    sample: Sample
    items: Sequence[SampleItem]
    can_work: bool

    @property
    def left(self) -> int:
        return sum(not item.result for item in self.items)

    @property
    def counts(self) -> list[tuple[str, int]]:
        counted = Counter(item.result for item in self.items)
        return [(str(result.label), counted[result]) for result in ItemResult]

    @property
    def can_close(self) -> bool:
        return self.can_work and policies.can_close(self.sample, list(self.items))


def work(ref: str, *, for_user: User) -> Work:
    """Absent and another hub's are the same; looking is remembered (AUD-01, NTK-01)."""
    found = (
        samples(for_user=for_user)
        .defer(None)
        .select_related("crypto_key", "controller", "drawn_by", "closed_by", "partnership")
        .filter(ref=normalise_ref(ref) or "")
        .first()
    )
    if found is None:
        raise NotVisible
    items = SampleItem.objects.visible_to(for_user).filter(sample=found).select_related("crypto_key", "recorded_by")
    own = found.controller in hubs_of(for_user)
    return Work(found, list(items), can_work=own and found.status == SampleStatus.OPEN)


def remember_look(found: Work) -> None:
    record("sample.opened", found.sample, shown=[item.ref for item in found.items], at=found.sample.controller_id)


def remember_export(found: Work, *, purpose: str) -> None:
    record(
        "log.exported", found.sample, purpose=purpose, facts={"rows": len(found.items)}, at=found.sample.controller_id
    )


def item_of(found: Work, position: int) -> SampleItem:
    item = next((each for each in found.items if each.position == position), None)
    if item is None:
        raise NotVisible
    return item


# ---------------------------------------------------------------- writing


@transaction.atomic
def draw(
    *, hub: Agency, kind: SampleKind, since: dt.date, until: dt.date, size: int, by: User, seed: str = ""
) -> Sample:
    """A random sample of what there was in these days; the seed is kept, so that anybody can draw it again (AUD-05)."""
    if hub not in hubs_of(by):
        raise NotVisible
    start, end = (
        timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in (since, until + dt.timedelta(days=1))
    )
    population = sorted(_populations[kind](hub, start, end))
    if not population:
        raise Refused("There is nothing of this kind in these days. Nothing was drawn. Choose other days.")
    seed = seed or secrets.token_hex(16)
    drawn = drawn_from(population, size, seed)
    partnership = partnerships_of(hub)[0]
    part = {"partnership": partnership, "controller": hub}
    sample = Sample.objects.create(
        kind=kind, since=since, until=until, size=len(drawn), population=len(population), seed=seed, drawn_by=by, **part
    )
    SampleItem.objects.bulk_create(
        SampleItem(sample=sample, position=n, ref=each.ref, happened_at=each.at, entry_id=each.entry, **part)
        for n, each in enumerate(drawn, start=1)
    )
    facts = {"kind": kind, "size": len(drawn), "population": len(population)}
    record("sample.drawn", sample, shown=[each.ref for each in drawn], facts=facts, at=hub.pk)
    return sample


def drawn_from(population: Sequence[Record], size: int, seed: str) -> list[Record]:
    """The same population, size and seed give the same records, in the same order (AUD-05)."""
    ordered = sorted(population)
    return random.Random(seed).sample(ordered, min(size, len(ordered)))  # noqa: S311 - to be drawn again, not to be secret


@transaction.atomic
def record_result(item: SampleItem, *, result: ItemResult, note: str, action: str, by: User) -> SampleItem:
    """What one record showed; it may be corrected until the audit is closed (AUD-05)."""
    sample = _own(item.sample_id, by)
    policies.check_can_record(sample)
    found = SampleItem.objects.select_for_update(of=("self",)).select_related("crypto_key").get(pk=item.pk)
    found.result, found.note, found.action = result, note, action
    found.recorded_by, found.recorded_at = by, timezone.now()
    found.save(update_fields=["result", "note", "action", "recorded_by", "recorded_at"])
    record("sample.recorded", sample, shown=[found.ref], facts={"result": result}, at=sample.controller_id)
    return found


@transaction.atomic
def close(sample: Sample, *, summary: str, by: User) -> Sample:
    """When every record has a result; the summary is what the partnership reads (AUD-05)."""
    found = _own(sample.pk, by)
    policies.check_can_close(found, left=SampleItem.objects.filter(sample=found, result="").count())
    found.status, found.summary = SampleStatus.CLOSED, summary
    found.closed_by, found.closed_at = by, timezone.now()
    found.save(update_fields=["status", "summary", "closed_by", "closed_at"])
    record("sample.closed", found, at=found.controller_id)
    return found


def _own(sample_id: int, by: User) -> Sample:
    """The sample of my own hub, held until the transaction ends; a lead reads and does not write."""
    mine = samples(for_user=by).defer(None).filter(controller__in=hubs_of(by), pk=sample_id)
    found = mine.select_for_update(of=("self",)).select_related("crypto_key").first()
    if found is None:
        raise NotVisible
    return found
