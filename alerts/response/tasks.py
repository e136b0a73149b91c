"""What the clock brings to this room; it calls one service."""

from celery import shared_task

from alerts.response import reminding


@shared_task(name="alerts.response.tasks.remind_of_what_is_due")
def remind_of_what_is_due() -> None:
    reminding.remind()
