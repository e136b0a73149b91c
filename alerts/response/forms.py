from django import forms

from alerts.delivery.enums import AT_THE_SETTING, AlertStatus
from alerts.intake.enums import NotificationKind


class InboxFilter(forms.Form):
    """Names are sealed and cannot be searched; state and kind narrow the list."""

    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *((status.value, AlertStatus(status).label) for status in AT_THE_SETTING)],
    )
    kind = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *NotificationKind.choices])
