"""Letting a withheld alert leave once."""

from typing import Any

from django import forms

from agreements.register.enums import Gateway


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
