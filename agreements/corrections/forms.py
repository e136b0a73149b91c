"""Forms of asking and answering (SHR-14)."""

from typing import Any

from django import forms

from agreements.corrections.enums import CorrectionState
from agreements.corrections.subjects import Subject
from agreements.register.enums import Item
from safeguarding.web.forms import choice_field

LONGEST_TEXT = 1000


def _text(label: str, hint: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing, "max_length": f"Enter {LONGEST_TEXT:,} characters or fewer"},
    )


class AskForm(forms.Form):
    item = forms.ChoiceField(
        label="What is wrong",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you believe is wrong"},
    )
    question = _text(
        "What you believe is right, and how you know",
        "The originator reads this. Write no more about the family than it needs to check the item.",
        "Say what you believe is wrong, and how you know",
    )

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "item").choices = [(item.value, Item(item).label) for item in subject.items]


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Your answer",
        choices=[
            (CorrectionState.CORRECTED.value, "It was wrong: I write what is right"),
            (CorrectionState.DECLINED.value, "It stays as it is: I write why"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it was wrong or stays as it is"},
    )
    words = _text(
        "What is right, or why it stays",
        "Everybody who received the item reads this on their own record.",
        "Write what is right, or why it stays as it is",
    )
