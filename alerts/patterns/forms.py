"""The form for a place or a pattern (MSH-10, SHR-08)."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from alerts.patterns.enums import Currency, Nature, PatternKind
from alerts.referrals.forms import SenderChoice
from safeguarding.web.forms import HubDateField

_AREA = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")


def _radios(label: str, choices: Any, needed: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": needed, "invalid_choice": "Select one of these"},
    )


class PatternForm(SenderChoice):
    kind = _radios("What is it about?", PatternKind.choices, "Select what it is about")
    place = forms.CharField(
        label="Where",
        max_length=300,
        help_text="The place in words. Online: the name of the site or app.",
        error_messages={"required": "Enter where it is", "max_length": "Enter 300 characters or fewer"},
    )
    area = forms.CharField(
        label="Postcode area (if known)",
        required=False,
        max_length=8,
        help_text="The first half of the postcode, like BH1. Notes are counted by it.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "spellcheck": "false"}),
        error_messages={"max_length": "Enter the first half of the postcode, like BH1"},
    )
    what = forms.CharField(
        label="What you know",
        max_length=4000,
        help_text="Who does what, how often, at what time. Do not name a child: what is about one child is a referral.",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter what you know", "max_length": "Enter 4,000 characters or fewer"},
    )
    seen_on = HubDateField(what="Date", label="When it was seen", help_text="The last time, if it was more than once.")
    nature = _radios("Is it fact or opinion?", Nature.choices, "Select whether it is fact or opinion")
    currency = _radios("Is it still going on?", Currency.choices, "Select whether it is still going on")

    def clean_area(self) -> str:
        area = self.cleaned_data["area"].upper().partition(" ")[0]
        if area and not _AREA.fullmatch(area):
            raise forms.ValidationError("Enter the first half of a postcode, like BH1 or HD12")
        return str(area)

    def clean_seen_on(self) -> Any:
        day = self.cleaned_data["seen_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("The date is in the future")
        return day

    @property
    def noted(self) -> dict[str, Any]:
        data = {name: value for name, value in self.cleaned_data.items() if name != "sender"}
        kinds = {"kind": PatternKind, "nature": Nature, "currency": Currency}
        return {**data, **{name: known(data[name]) for name, known in kinds.items()}}
