"""What the clock brings to requests; each calls one service."""

from celery import shared_task
from django.utils import timezone

from alerts.requests import chasing
from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import DISPATCH


@shared_task(name="alerts.requests.tasks.chase")
def chase() -> None:
    with acting_as(Principal(service=DISPATCH, purpose="chase requests")):
        chasing.chase_late(timezone.now())
