"""What workers do for this room."""

from celery import shared_task

from alerts.strategy import chasing


@shared_task(name="alerts.strategy.tasks.chase")
def chase() -> None:
    chasing.chase_all()
