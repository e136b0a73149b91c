"""What the clock brings to the record of processing."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from agreements.processing import flows
from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import DISPATCH


@shared_task(name="agreements.processing.tasks.count_flows")
def count_flows() -> None:
    """How much left this month and the last; counting again changes nothing (IGV-08)."""
    with acting_as(Principal(service=DISPATCH, purpose="record of processing")), transaction.atomic():
        flows.count_again(timezone.localdate())
