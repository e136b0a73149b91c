"""What the workers run: one task, which knows nothing but the number of a message."""

from celery import shared_task

from safeguarding.notifications import emails
from safeguarding.notifications.handlers import handler
from safeguarding.notifications.outbox import work_off


@shared_task(name="safeguarding.notifications.tasks.consume")
def consume(outbox_id: int) -> None:
    work_off(outbox_id)


@handler("email.send", service="dispatch", tries=emails.TRIES, gave_up=emails.gave_up)
def send_email(email: int) -> None:
    emails.send(email)
