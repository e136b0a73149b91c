"""Letting a withheld alert leave once."""

from collections.abc import Sequence
from typing import Any

from django import forms

from agreements.register.enums import Gateway
from alerts.delivery.enums import RedirectedBecause
from alerts.intake.forms import PatientForm, named_settings, setting_search
from safeguarding.agencies.models import Agency
from safeguarding.web.forms import choice_field


class LetLeaveForm(forms.Form):
    gateway = forms.ChoiceField(
        label="By which right",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose by which right it leaves", "invalid_choice": "Choose from the list"},
    )
    accepted_by = forms.CharField(
        label="Who at the setting accepted the terms",
        max_length=120,
        required=False,
        help_text="Only for terms accepted.",
    )
    post = forms.CharField(label="Their post", max_length=120, required=False)
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="In general words, without names of the family: the partnership's board reads it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason", "max_length": "The reason must be 300 characters or fewer"},
    )

    def __init__(self, *args: Any, ways: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["gateway"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way, Gateway(way).label) for way in ways]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("gateway") == Gateway.SINGLE_CASE:
            for name, sentence in (("accepted_by", "Say who accepted the terms"), ("post", "Say what their post is")):
                if not cleaned.get(name):
                    self.add_error(name, sentence)
        return cleaned


class RedirectForm(PatientForm):
    """Where the alert should have gone, or goes as well, and why (ALR-03, ALR-28)."""

    because = forms.ChoiceField(
        label="Why does it go to another setting?",
        choices=RedirectedBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say why it goes to another setting"},
    )
    search = setting_search()
    setting = forms.ChoiceField(
        label="Which setting?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Find the setting, then choose it",
            "invalid_choice": "Choose one of the settings shown, or find another",
        },
    )

    def __init__(self, *args: Any, settings: Sequence[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.settings = {str(setting.slug): setting for setting in settings}
        choice_field(self, "setting").choices = named_settings(self.settings)
        self.fields["because"].choice_hints = {  # type: ignore[attr-defined]  # read by HubBoundField
            RedirectedBecause.DUAL: "It stays where it is, and goes to the other setting as well.",
            RedirectedBecause.MOVED: "It is recalled where it went.",
        }
