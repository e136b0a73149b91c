"""Forms of requests, answers and packages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from agreements.decisions.enums import NOT_TOLD, Currency, Nature, Told
from alerts.requests.enums import AskState
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Agency
from safeguarding.web.forms import HubDateField, choice_field

LONGEST_TEXT = 4000
# They will be told later needs a day, which a question to partners does not ask for: that is decided on its own page.
TOLD = [(each.value, each.label) for each in Told if each != Told.TO_BE_TOLD]
_CLOSE_OF_DAY = dt.time(17, 0)


def _words(label: str, hint: str = "", *, missing: str, rows: int = 4, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing, "max_length": f"Enter {LONGEST_TEXT:,} characters or fewer"},
    )


def _radios(label: str, choices: Any, missing: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": "Choose from the list"},
    )


class RequestForm(forms.Form):
    question = _words(
        "What do you want to know?",
        "The agencies read this. Ask only what matters for this child, and do not tell what others have said.",
        missing="Enter what you want to know",
    )
    agencies = forms.MultipleChoiceField(
        label="Whom do you ask?",
        help_text="Agencies where somebody answers in the Hub. Phone the others.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one agency", "invalid_choice": "Choose from the list"},
    )
    due_on = HubDateField(what="Day by which you need the answer", help_text="By 5pm on that day.")

    def __init__(self, *args: Any, agencies: Iterable[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "agencies").choices = [(each.slug, each.name) for each in agencies]

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if self.due_at(day) <= timezone.now():
            raise forms.ValidationError("The day must not be over yet")
        return day

    @staticmethod
    def due_at(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, _CLOSE_OF_DAY, tzinfo=LONDON)


class SendForm(forms.Form):
    told = _radios(
        "Does the family know that you ask?",
        TOLD,
        "Say whether the family knows",
        "The agencies learn which child it is about. It is recorded with the decision to share.",
    )
    told_words = forms.CharField(
        label="If not, why not",
        required=False,
        max_length=300,
        error_messages={"max_length": "Enter 300 characters or fewer"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("told") in NOT_TOLD and not cleaned.get("told_words"):
            self.add_error("told_words", "Say in a sentence why they are not told")
        return cleaned


class ItemForm(forms.Form):
    text = _words(
        "What do you hold?", "One thing at a time: what, when, and how you know.", missing="Enter what you hold"
    )
    nature = _radios("Is it fact or opinion?", Nature.choices, "Say whether it is fact or opinion")
    currency = _radios("Is it current?", Currency.choices, "Say whether it is current or historical")
    originated_on = HubDateField(
        what="Day that it is from", label="Day that it is from, if you know it", required=False
    )
    onward = _radios(
        "May the hub pass it on?",
        [
            ("no", "No, it is for the hub only. They ask us first."),
            ("yes", "Yes, to the team that works with the family"),
        ],
        "Say whether it may be passed on",
        "It stays yours. You can change this until it has been passed on.",
    )
    limits = forms.CharField(
        label="Limits, if there are any",
        required=False,
        max_length=300,
        help_text="For example: not to be told to the family.",
        error_messages={"max_length": "Enter 300 characters or fewer"},
    )

    def clean_originated_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["originated_on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("The day must not be in the future")
        return day


class NothingForm(forms.Form):
    words = _words("Where did you look?", "Name the systems or files.", missing="Enter where you looked", rows=3)
    state, title, button = AskState.NOTHING, "We hold nothing", "Answer that we hold nothing"


class DeclineForm(forms.Form):
    words = _words(
        "Why do you decline?",
        "The hub reads this. If a child may be in danger, phone the front door instead.",
        missing="Enter why you decline",
        rows=3,
    )
    state, title, button = AskState.DECLINED, "Decline to answer", "Decline"


class OnwardForm(forms.Form):
    permitted = _radios(
        "May the hub pass this on to the team that works with the family?",
        [("yes", "Yes"), ("no", "No")],
        "Say whether it may be passed on",
    )
    limits = forms.CharField(
        label="Limits, if there are any",
        required=False,
        max_length=300,
        error_messages={"max_length": "Enter 300 characters or fewer"},
    )


class PackageForm(forms.Form):
    summary = _words(
        "What does the hub make of it?",
        "Say what is known, what is opinion and what you do not know. The items follow with their originators.",
        missing="Enter what the hub makes of it",
        rows=8,
    )


class PackForm(forms.Form):
    """Ticks beside items; each is named by its agency's reference and number."""

    items = forms.MultipleChoiceField(
        label="Items that may be passed on",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one item", "invalid_choice": "Choose from the list"},
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "items").choices = list(choices)


class TeamForm(forms.Form):
    team = forms.ChoiceField(
        label="Which team?",
        help_text="Agencies where somebody gets it in the Hub.",
        error_messages={"required": "Choose a team", "invalid_choice": "Choose from the list"},
    )

    def __init__(self, *args: Any, teams: Iterable[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "team").choices = [("", "Choose a team"), *((each.slug, each.name) for each in teams)]
