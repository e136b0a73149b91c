"""What workers do for this room; each calls one service."""

from celery import shared_task

from alerts.delivery import bells, chasing, services
from alerts.intake.models import Notification
from safeguarding.notifications.handlers import handler


@handler("alert.send", service="dispatch", gave_up=services.sending_gave_up)
def send_alert(alert: int) -> None:
    services.send(alert)


@handler("notification.settle", service="dispatch", gave_up=services.settling_gave_up)
def settle_notification(notification: int) -> None:
    services.settle(Notification.objects.get(pk=notification))


@handler("bells.move", service="dispatch")
def move_bells(setting: int) -> None:
    bells.move_bells(setting)


@handler("bells.move_area", service="dispatch")
def move_bells_of_area(partnership: int) -> None:
    bells.move_bells_of_area(partnership)


@shared_task(name="alerts.delivery.tasks.chase_overdue")
def chase_overdue() -> None:
    chasing.chase_overdue()
