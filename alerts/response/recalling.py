"""What a setting does about an alert waits for nobody while the alert counts no longer (ALR-17, ALR-19)."""

from alerts.delivery.models import Alert
from alerts.response.models import Action, Response


def follow_recall(alert: Alert) -> None:
    """Its review and its actions are recalled with it, and count again when it does. Runs as dispatch."""
    for model in (Response, Action):
        model.objects.filter(alert=alert).update(recalled_at=alert.recalled_at)
