"""Work on every child on record, a batch at a time, each in a transaction of its own: it can be stopped and goes on."""

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction
from django.db.models import Q

from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import Partnership
from safeguarding.children.models import Child

BATCH = 200


def in_batches(purpose: str, work: Callable[[Sequence[Child]], int], condition: Q) -> Iterator[tuple[int, int]]:
    """Yields, after each batch, how many children were worked on and what came of it; acts as matching (NTK-02)."""
    for partnership in Partnership.objects.order_by("pk"):
        last = 0
        while True:
            with acting_as(Principal(service="matching", purpose=purpose)), transaction.atomic():
                mine = Child.objects.with_keys().filter(
                    condition, partnership=partnership, pk__gt=last, crypto_key__destroyed_at=None
                )
                children = list(mine.order_by("pk")[:BATCH])
                if not children:
                    break
                made = work(children)
            last = children[-1].pk
            yield len(children), made
