"""What workers do for this room."""

from celery import shared_task

from alerts.moves import services


@shared_task(name="alerts.moves.tasks.chase")
def chase() -> None:
    services.chase()
