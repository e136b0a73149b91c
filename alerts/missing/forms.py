"""Forms of missing episodes."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from alerts.intake.forms import TimeField
from alerts.missing.enums import InterviewOutcome, ToldBy
from safeguarding.agencies.calendars import LONDON
from safeguarding.web.forms import HubDateField


def _time(label: str, **kwargs: Any) -> TimeField:
    return TimeField(
        label=label,
        help_text="On the 24-hour clock, like 21:40",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
        **kwargs,
    )


class ReturnForm(forms.Form):
    returned_on = HubDateField(what="Day of the return")
    returned_time = _time("Time of the return", error_messages={"required": "Enter the time of the return"})
    told_by = forms.ChoiceField(
        label="Who says so",
        choices=ToldBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who says so", "invalid_choice": "Select who says so"},
    )

    def moment(self) -> dt.datetime:
        values = self.cleaned_data
        return dt.datetime.combine(values["returned_on"], values["returned_time"], tzinfo=LONDON)


class InterviewForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What came of the return interview",
        help_text="What the child said stays in your own record; here is only the outcome.",
        choices=InterviewOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what came of it", "invalid_choice": "Select what came of it"},
    )
    held_on = HubDateField(what="Day of the interview", help_text="Only if it was held.", required=False)
    held_time = _time("Time of the interview", required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("held_on") and not values.get("held_time") and "held_time" not in self.errors:
            self.add_error("held_time", "Enter the time of the interview")
        return values

    def moment(self) -> dt.datetime | None:
        values = self.cleaned_data
        held = values["outcome"] in (InterviewOutcome.NO_CONCERN, InterviewOutcome.CONCERN)
        if not held or not values["held_on"]:
            return None
        return dt.datetime.combine(values["held_on"], values["held_time"], tzinfo=LONDON)


def now_in_boxes() -> dict[str, Any]:
    """What stands in the boxes at first: today."""
    return {"returned_on": timezone.localdate()}
