"""What a sampling audit can draw from: screenings and sent alerts, by reference and time (AUD-05)."""

import datetime as dt
from collections.abc import Sequence

from alerts.models import Alert, Notification
from safeguarding.agencies.models import Agency
from safeguarding.governance.sampling import Record


def screenings(hub: Agency, since: dt.datetime, until: dt.datetime) -> Sequence[Record]:
    found = Notification.objects.filter(controller=hub, screened_at__gte=since, screened_at__lt=until)
    return [Record(ref, at) for ref, at in found.values_list("ref", "screened_at") if at]


def sent_alerts(hub: Agency, since: dt.datetime, until: dt.datetime) -> Sequence[Record]:
    found = Alert.objects.filter(controller=hub, sent_at__gte=since, sent_at__lt=until)
    return [Record(ref, at) for ref, at in found.values_list("ref", "sent_at") if at]
