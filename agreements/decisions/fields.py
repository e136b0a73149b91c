"""Fields of the path in one voice: choices with hints, words of two lengths."""

from collections.abc import Iterable
from typing import Any

from django import forms

LONGEST_TEXT = 2000


def radios(label: str, choices: Iterable[Any], *, missing: str, hint: str = "", **hints: str) -> forms.ChoiceField:
    field = forms.ChoiceField(
        label=label,
        choices=list(choices),
        help_text=hint,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )
    field.choice_hints = hints  # type: ignore[attr-defined]  # read by HubBoundField
    return field


def text(label: str, hint: str = "", *, missing: str = "", rows: int = 3) -> forms.CharField:
    """Words; without `missing` they may be left out."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing, "max_length": f"Enter {LONGEST_TEXT:,} characters or fewer"},
    )


def line(label: str, hint: str = "", *, missing: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(missing),
        max_length=160,
        error_messages={"required": missing, "max_length": "Enter 160 characters or fewer"},
    )
