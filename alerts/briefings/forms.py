from django import forms

from alerts.briefings.enums import RecordKind
from safeguarding.web.forms import HubDateField


class KeepForm(forms.Form):
    kind = forms.ChoiceField(
        label="What was done",
        choices=RecordKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was done"},
    )
    held_on = HubDateField(what="Day on which it was held")
    staff = forms.IntegerField(
        label="How many members of staff were trained",
        help_text="Leave empty where safe use was looked at.",
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={
            "invalid": "Enter a whole number, like 24",
            "min_value": "Enter 1 or more",
            "max_value": "Enter 9,999 or fewer",
        },
    )
    words = forms.CharField(
        label="What it covered, or what was found",
        help_text="For example who led it, and where the list of who came is kept. Do not name a child.",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Enter what it covered, or what was found",
            "max_length": "Enter 300 characters or fewer",
        },
    )
