"""What workers do for this room."""

from celery import shared_task

from alerts.missing import services


@shared_task(name="alerts.missing.tasks.chase")
def chase() -> None:
    services.chase_interviews()
