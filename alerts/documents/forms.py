"""Forms of the ready documents and of the list of support services."""

import re
from typing import Any

from django import forms
from django.utils import timezone

from alerts.documents import policies
from alerts.documents.enums import ForWhom
from safeguarding.errors import Refused
from safeguarding.web.forms import HubDateField

_WEB = re.compile(r"^(https://)?[a-z0-9.-]+\.[a-z]{2,}(/\S*)?$", re.IGNORECASE)


def _line(label: str, longest: int = 120, **kwargs: Any) -> forms.CharField:
    messages = {"required": f"Enter: {label.lower()}", "max_length": f"Enter {longest} characters or fewer"}
    return forms.CharField(label=label, max_length=longest, error_messages=messages, **kwargs)


def _website(label: str) -> forms.CharField:
    return _line(label, 200, required=False, help_text="For example, www.school.example")


def _checked_website(text: str) -> str:
    if text and not _WEB.match(text):
        raise forms.ValidationError("Enter a web address, like www.school.example")
    return text


class DetailsForm(forms.Form):
    leads = forms.CharField(
        label="Safeguarding leads",
        help_text="One name on each line, as parents know them. They stand in the letter and on the website.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=600,
        error_messages={
            "required": "Enter at least one safeguarding lead",
            "max_length": "Enter 600 characters or fewer",
        },
    )
    signed_by = _line("Who signs the letter")
    signed_as = _line("Their post", help_text="For example, Head teacher")
    phone = _line("Telephone number for parents", 30)
    website = _website("Website")

    def clean_leads(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["leads"].splitlines() if line.strip()]

    def clean_website(self) -> str:
        return _checked_website(self.cleaned_data["website"])


class TextForm(forms.Form):
    text = forms.CharField(
        label="The words",
        widget=forms.Textarea(attrs={"rows": 24}),
        max_length=6000,
        error_messages={"required": "Enter the words", "max_length": "Enter 6,000 characters or fewer"},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            policies.check_text(text)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        return text


class ConfirmForm(forms.Form):
    published_on = HubDateField(what="Day since when it has been out")
    where = _line(
        "Where it can be found",
        300,
        help_text="For example, the page of the website, the policy's number, or that the letter went to every family.",
    )

    def clean_published_on(self) -> Any:
        day = self.cleaned_data["published_on"]
        try:
            policies.check_published_on(day, timezone.localdate())
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        return day


class ServiceForm(forms.Form):
    for_whom = forms.ChoiceField(
        label="Whom it helps",
        choices=ForWhom.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whom it helps", "invalid_choice": "Choose from the list"},
    )
    name = _line("Name of the service, or of the step")
    words = _line("What it does, in a sentence", 300)
    phone = _line("Telephone number", 30, required=False)
    website = _website("Website")
    hours = _line("When it answers", 120, required=False)

    def clean_website(self) -> str:
        return _checked_website(self.cleaned_data["website"])
