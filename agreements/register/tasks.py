"""What the clock brings to agreements; each calls one service."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from agreements.register import life
from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import DISPATCH


@shared_task(name="agreements.register.tasks.another_day")
def another_day() -> None:
    """Notices that have run out, reviews that are due; doing it again on the same day changes nothing (AGR-04, AGR-05)."""
    today = timezone.localdate()
    with acting_as(Principal(service=DISPATCH, purpose="agreements")), transaction.atomic():
        life.run_out(today)
        life.remind(today)
