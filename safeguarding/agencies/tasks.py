"""What beat asks of this room; each calls one service as a named service."""

from celery import shared_task

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import DISPATCH, SETUP
from safeguarding.agencies import reviews, training


@shared_task(name="safeguarding.agencies.tasks.remind_of_lapse")
def remind_of_lapse() -> None:
    with acting_as(Principal(service=DISPATCH, purpose="remind of lapse")):
        training.remind_of_lapse()


@shared_task(name="safeguarding.agencies.tasks.review_access")
def review_access() -> None:
    with acting_as(Principal(service=SETUP, purpose="access review")):
        reviews.close_due()
        reviews.open_due()
        reviews.remind()
