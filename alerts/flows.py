"""How many alerts left, for the record of processing: by month, by right, to what kind of body (IGV-08)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from agreements.processing.flows import Counted, register
from alerts.delivery.models import Alert


def sent_since(first: dt.date) -> Iterator[Counted]:
    """One query, counted by the database; asked as dispatch."""
    since = timezone.make_aware(dt.datetime.combine(first, dt.time()))
    left = Alert.objects.filter(sent_at__gte=since).exclude(gateway="").annotate(month=TruncMonth("sent_at"))
    lines = left.values("partnership", "controller", "agreement", "gateway", "setting__kind", "month").order_by()
    for line in lines.annotate(count=Count("pk")):
        yield Counted(
            line["partnership"],
            line["controller"],
            line["agreement"],
            line["gateway"],
            line["setting__kind"],
            line["month"].date(),
            line["count"],
        )


def register_alerts() -> None:
    register("alert", sent_since)
