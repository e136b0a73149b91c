"""What workers do for this room."""

from celery import shared_task

from alerts.moves import ending, services


@shared_task(name="alerts.moves.tasks.chase")
def chase() -> None:
    ending.close_settings()
    services.chase()
