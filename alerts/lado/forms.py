"""Forms about an adult who works with children (ALR-14)."""

from collections.abc import Sequence
from typing import Any

from django import forms

from alerts.lado.enums import Threshold
from safeguarding.web.forms import choice_field

LONGEST = 4000
OTHER = "other"


def _text(label: str, hint: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing, "max_length": f"Enter {LONGEST:,} characters or fewer"},
    )


class TellForm(forms.Form):
    """The one question, answered: which adult, and what is known of the work."""

    adult = forms.ChoiceField(
        label="Which adult works with children or vulnerable adults?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the adult", "invalid_choice": "Select one of these"},
    )
    work = _text(
        "What you know of the work",
        "What they do and with whom, as far as you know, and how you know it. Do not ask anybody in order to find out.",
        "Enter what you know of the work",
    )

    def __init__(self, *args: Any, adults: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "adult").choices = [(name, name) for name in adults]


class JudgeForm(forms.Form):
    threshold = forms.ChoiceField(
        label="Is the threshold for a referral to the LADO met?",
        choices=Threshold.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you decide", "invalid_choice": "Select one of these"},
    )
    threshold.choice_hints = {  # type: ignore[attr-defined]  # read by HubBoundField
        Threshold.REFER: "The adult may have harmed a child, may have committed an offence against a child, or may pose a "
        "risk to children in their work. The LADO sees it as soon as you save.",
        Threshold.BELOW: "Kept with your reasons. Nobody outside of the hub learns of it.",
    }
    reasons = _text("Your reasons", "Kept with the decision; the LADO reads them.", "Enter your reasons")


class ReceiveForm(forms.Form):
    answer = _text(
        "What happens next", "The hub reads it, and not the setting that told the hub.", "Enter what happens next"
    )
