"""Forms of the information-governance pages."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from safeguarding.agencies.models import Agency, User
from safeguarding.audit.events import EVENTS
from safeguarding.governance.enums import ItemResult, ReviewOutcome, SampleKind
from safeguarding.governance.log import OUTCOMES, TROUBLE, Search
from safeguarding.governance.sampling import LARGEST
from safeguarding.refs import normalise_ref
from safeguarding.web.forms import HubDateField, day_field

LONGEST_TEXT = 2000
EXPORT_PURPOSES = {
    "subject access request": "Answer a subject access request",
    "investigation": "Investigate unusual access or a complaint",
    "assurance": "Audit or assurance",
    "incident": "Report an incident",
}


class LogFilter(forms.Form):
    """What to look for in the log; nothing of it is needed."""

    person = forms.CharField(
        label="Person", required=False, max_length=120, help_text="Part of a name or e-mail address"
    )
    agency = forms.CharField(
        label="Agency", required=False, max_length=120, help_text="Part of the name of the one they acted for"
    )
    ref = forms.CharField(label="Record", required=False, max_length=20, help_text="A reference, like A-7K2M-9QX4")
    event = forms.ChoiceField(
        label="What happened",
        required=False,
        choices=[("", "Anything"), *sorted(EVENTS.items(), key=lambda item: item[1].lower())],
    )
    purpose = forms.CharField(label="Purpose", required=False, max_length=120, help_text="As it stands in the log")
    outcome = forms.ChoiceField(
        label="Outcome", required=False, choices=[("", "Any"), *OUTCOMES.items(), (TROUBLE, "Refused or failed")]
    )
    since = day_field("From")
    until = day_field("To")

    def clean_ref(self) -> str:
        typed = self.cleaned_data["ref"].strip()
        ref = normalise_ref(typed) if typed else ""
        if ref is None:
            raise forms.ValidationError("This is no reference: a character is wrong or missing. Read it again")
        return ref

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", "To must be the same day as From, or later")
        return cleaned

    def search(self) -> Search:
        """What was asked; without a mistake in it, for a filter that is wrong must not look like an answer."""
        asked = self.cleaned_data
        return Search(
            person=asked["person"].replace("\0", "").strip(),
            agency=asked["agency"].replace("\0", "").strip(),
            ref=asked["ref"],
            event=asked["event"],
            purpose=asked["purpose"].replace("\0", "").strip(),
            outcome=asked["outcome"],
            since=_midnight(asked["since"]),
            until=_midnight(asked["until"] + dt.timedelta(days=1)) if asked["until"] else None,
        )


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else None


class DaysFilter(forms.Form):
    """From one day to another."""

    since, until = day_field("From"), day_field("To")

    def search(self, user: User) -> Search:
        """What this person did in those days; in all of them where the days are wrong, which the page says."""
        asked = self.cleaned_data if self.is_valid() else {}
        until = asked.get("until")
        day_after = _midnight(until + dt.timedelta(days=1)) if until else None
        return Search(user=user, since=_midnight(asked.get("since")), until=day_after)


class ReferenceForm(forms.Form):
    """Which record?"""

    ref = forms.CharField(
        label="Reference",
        max_length=20,
        help_text="Of a child, an alert or a notification, like C-7K2M-9QX4",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter a reference"},
    )

    def clean_ref(self) -> str:
        ref = normalise_ref(self.cleaned_data["ref"])
        if ref is None:
            raise forms.ValidationError("This is no reference: a character is wrong or missing. Read it again")
        return ref


class ExportForm(forms.Form):
    """Why the rows are taken out: the file leaves the Hub, the reason stays (AUD-01)."""

    purpose = forms.ChoiceField(
        label="What do you need it for?",
        choices=list(EXPORT_PURPOSES.items()),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select what you need it for",
            "invalid_choice": "Select one of the purposes offered",
        },
    )


class ReviewForm(forms.Form):
    """How a review is closed."""

    outcome = forms.ChoiceField(
        label="What did you find?",
        choices=ReviewOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you found", "invalid_choice": "Select one of the findings offered"},
    )
    finding = forms.CharField(
        label="What did you do to find out, and what follows?",
        help_text="Use references for records. Do not write the name of a child or family here.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter what you did and what follows",
            "max_length": f"Enter {LONGEST_TEXT:,} characters or fewer",
        },
    )


class DrawForm(forms.Form):
    """What to draw, from which days, how many."""

    kind = forms.ChoiceField(
        label="What do you want to look at?",
        choices=SampleKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you want to look at", "invalid_choice": "Select one of those offered"},
    )
    since = HubDateField(what="First day")
    until = HubDateField(what="Last day")
    size = forms.IntegerField(
        label="How many",
        min_value=1,
        max_value=LARGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"}),
        error_messages={
            "required": "Enter how many",
            "invalid": "How many must be a whole number",
            "min_value": "Draw at least one",
            "max_value": f"Draw {LARGEST} at most",
        },
    )

    def __init__(self, *args: Any, hubs: Sequence[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.hubs = {hub.slug: hub for hub in hubs}
        if len(hubs) > 1:
            self.fields["hub"] = forms.ChoiceField(label="Team", choices=[(hub.slug, hub.name) for hub in hubs])

    @property
    def hub(self) -> Agency:
        return self.hubs.get(self.cleaned_data.get("hub", "")) or next(iter(self.hubs.values()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", "Last day must be the same as the first day, or later")
        return cleaned


class ResultForm(forms.Form):
    """What one drawn record showed."""

    result = forms.ChoiceField(
        label="Result",
        choices=ItemResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a result", "invalid_choice": "Select one of the results offered"},
    )
    note = forms.CharField(
        label="What you found",
        required=False,
        help_text="Needed when something was found. Do not write the name of a child or family here.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Enter {LONGEST_TEXT:,} characters or fewer"},
    )
    action = forms.CharField(
        label="What follows",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": f"Enter {LONGEST_TEXT:,} characters or fewer"},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("result") == ItemResult.FINDING and not cleaned.get("note"):
            self.add_error("note", "Enter what you found")
        return cleaned


class SummaryForm(forms.Form):
    """The last word of a sampling audit."""

    summary = forms.CharField(
        label="Summary",
        help_text="What the partnership should know, and what follows.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter a summary", "max_length": f"Enter {LONGEST_TEXT:,} characters or fewer"},
    )
