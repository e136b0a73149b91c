"""Forms of a conversation: a message, what is held, a phone call, the four questions, liaison, disclosure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from agreements.decisions.enums import Currency, Nature
from alerts.conversations.enums import LiaisonOutcome, RecallBecause, Service, Worry
from alerts.intake.forms import TimeField
from alerts.readers.policies import last_day
from safeguarding.access.selectors import Reader
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Partnership
from safeguarding.web.forms import HubDateField, choice_field

LONGEST = 4000


def _text(label: str, hint: str, missing: str, *, rows: int = 4, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing, "max_length": f"Enter {LONGEST:,} characters or fewer"},
    )


def _line(label: str, missing: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=120,
        required=required,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={"required": missing, "max_length": "Enter 120 characters or fewer"},
    )


def _choice(label: str, choices: Any, missing: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": "Select one of these"},
    )


class MessageForm(forms.Form):
    text = _text(
        "Your message", "Only what bears on this child. Both sides keep it with the case.", "Enter your message", rows=6
    )


class MarkedForm(forms.Form):
    """How an item is marked (SHR-08)."""

    nature = _choice("Is it fact or opinion?", Nature.choices, "Select whether it is fact or opinion")
    currency = _choice("Is it so now?", Currency.choices, "Select whether it is current or historical")
    originator = forms.CharField(
        label="Whose information is it?",
        help_text="The agency or service that it comes from. It stays theirs, wherever it goes.",
        max_length=160,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
        error_messages={"required": "Enter whose information it is", "max_length": "Enter 160 characters or fewer"},
    )
    originated_on = HubDateField(what="Date it is from", help_text="When it was seen, said or written.")

    def clean_originated_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["originated_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("Date it is from must be today or earlier")
        return day


class ItemForm(MarkedForm):
    text = _text("What you hold", "One thing at a time: each is marked for itself.", "Enter what you hold")
    field_order = ["text"]


class _MomentForm(forms.Form):
    """A day and a time of day, as one moment."""

    day = HubDateField(what="Date")
    time = TimeField(
        label="Time",
        help_text="On the 24-hour clock, like 14:05",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
        error_messages={"required": "Enter the time"},
    )

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"], tzinfo=LONDON)


class PhoneForm(_MomentForm):
    caller = _line("Who phoned", "Enter who phoned", "Name and role")
    called = _line("Who answered", "Enter who answered", "Name, role and agency")
    text = _text("What was said", "What you were told, and what you said.", "Enter what was said")
    own = forms.BooleanField(label="Only for my own team", required=False)
    field_order = ["caller", "called", "day", "time", "text", "own"]

    def __init__(self, *args: Any, own_alone: bool = False, other: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["own"].help_text = f"{other} does not see this note."
        if own_alone:
            del self.fields["own"]

    @property
    def noted(self) -> dict[str, Any]:
        values = self.cleaned_data
        said = {name: values[name] for name in ("caller", "called", "text")}
        return {**said, "own": values.get("own", True), "phoned_at": self.moment}


class QuestionsForm(forms.Form):
    """The four questions; no default and no average: each professional's own (MSH-06)."""

    worries = _text("What are you worried about?", "What has happened, and what may happen.", "Enter what worries you")
    works_well = _text("What is working well?", "For the child, and in the family.", "Enter what is working well")
    must_happen = _text("What must happen?", "What would make you less worried.", "Enter what must happen")
    worry = forms.TypedChoiceField(
        label="How worried are you?",
        coerce=int,
        choices=Worry.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how worried you are", "invalid_choice": "Select a number from 0 to 10"},
    )


class LiaiseForm(_MomentForm):
    service = _choice("Where is the child allocated?", Service.choices, "Select where the child is allocated")
    worker = _line("Name of the allocated worker", "Enter the name of the worker")
    team = _line("Team", "Enter the team")
    phone = _line("Telephone", "", required=False)
    outcome = _choice("What came of it?", LiaisonOutcome.choices, "Select what came of it")
    note = _text("What you agreed", "Who does what by when.", "Enter what you agreed")
    field_order = ["service", "worker", "team", "phone", "day", "time", "outcome", "note"]

    @property
    def recorded(self) -> dict[str, Any]:
        values = {name: value for name, value in self.cleaned_data.items() if name not in ("day", "time")}
        return {**values, "spoke_at": self.moment}


class RecallForm(forms.Form):
    because = _choice("Why do you recall it?", RecallBecause.choices, "Select why you recall it")


class DiscloseForm(MarkedForm):
    content = _text(
        "What you disclose",
        "No more than helps to support the child. Not where anybody lives.",
        "Enter what you disclose",
        rows=6,
    )
    people = forms.MultipleChoiceField(
        label="To whom",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select to whom you disclose it", "invalid_choice": "Select people of this list"},
    )
    until = HubDateField(what="Last day on which they can read it")
    field_order = ["content"]

    def __init__(self, *args: Any, partnership: Partnership, readers: Mapping[str, Reader], **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = choice_field(self, "people")
        people.choices = [(code, reader.name) for code, reader in readers.items()]
        people.choice_hints = {code: reader.role or reader.why for code, reader in readers.items()}  # type: ignore[attr-defined]  # read by HubBoundField
        latest = last_day(partnership)
        self.fields["until"].help_text = f"It ends by itself. At the latest {latest.day} {latest:%B %Y}."
