"""Forms of the bells: the board's filter, a late alert's reason, and a setting's school days."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone

from alerts.bell import ics, policies
from alerts.bell.enums import Show
from alerts.bell.selectors import LONGEST, Asked, told_apart
from alerts.delivery.enums import LateReason
from alerts.intake.enums import NotificationKind
from safeguarding.agencies.enums import PeriodKind
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.errors import Refused
from safeguarding.web.forms import HubDateField, choice_field

_DAYS = 14


class BoardFilter(forms.Form):
    """Which bells: two days, a setting, a kind; what cannot be meant is said at the field."""

    first = HubDateField(what="First day", required=False)
    last = HubDateField(what="Last day", required=False)
    setting = forms.ChoiceField(label="Setting", required=False)
    kind = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *NotificationKind.choices])
    partnership = forms.ChoiceField(label="Partnership", required=False)

    def __init__(self, *args: Any, settings: list[Agency], partnerships: list[Partnership], **kwargs: Any):
        super().__init__(*args, **kwargs)
        apart = told_apart((each.slug, each.name, each.urn) for each in settings)
        choice_field(self, "setting").choices = [("", "All settings"), *apart.items()]
        if len(partnerships) > 1:
            named = [("", "All"), *((each.slug, each.name) for each in partnerships)]
            choice_field(self, "partnership").choices = named
        else:
            del self.fields["partnership"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and not 0 <= (last - first).days < LONGEST:
            self.add_error("last", f"Last day must be on or after the first day, within {LONGEST} days")
        return cleaned

    def asked(self) -> Asked:
        """The last fortnight, and the next days' bells, unless somebody asks for other days."""
        chosen = self.cleaned_data if self.is_valid() else {}
        today = timezone.localdate()
        last = chosen.get("last") or (chosen["first"] + dt.timedelta(days=_DAYS - 1) if chosen.get("first") else None)
        until = last or today + dt.timedelta(days=4)
        first = chosen.get("first") or until - dt.timedelta(days=_DAYS + 3)
        texts = {name: chosen.get(name, "") for name in ("setting", "kind", "partnership")}
        return Asked(first, until, **texts)


class ListFilter(forms.Form):
    """What stands behind a number; made by the board's links, so anything else asks for everything."""

    show = forms.ChoiceField(choices=Show.choices, required=False)
    why = forms.ChoiceField(choices=[("", ""), *LateReason.choices], required=False)


class ReasonForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why did the setting not know before the bell?",
        choices=LateReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why", "invalid_choice": "Select one of these"},
    )


class PeriodForm(forms.Form):
    kind = forms.ChoiceField(
        label="What is it?",
        choices=PeriodKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what it is", "invalid_choice": "Select one of these"},
    )
    name = forms.CharField(
        label="Name",
        help_text="For example, spring term or INSET day",
        max_length=ics.LONGEST_NAME,
        error_messages={"required": "Enter a name", "max_length": "Enter 60 characters or fewer"},
    )
    starts_on = HubDateField(what="First day")
    ends_on = HubDateField(what="Last day", required=False, help_text="Leave it empty when it is one day.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("starts_on") and "ends_on" in cleaned:
            cleaned["ends_on"] = cleaned["ends_on"] or cleaned["starts_on"]
            _at(self, "ends_on", policies.check_period, cleaned["starts_on"], cleaned["ends_on"])
        return cleaned


def _at(form: forms.Form, name: str, check: Any, *values: Any) -> None:
    """The rule's sentence stands at the field."""
    try:
        check(*values)
    except Refused as refusal:
        form.add_error(name, refusal.sentence)


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Calendar file",
        help_text="A file that ends in .ics, up to 300 kB.",
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
        error_messages={
            "required": "Choose a calendar file that ends in .ics",
            "empty": "The file is empty. Choose another one",
            "missing": "Choose a calendar file that ends in .ics",
        },
    )


class ConfirmImportForm(forms.Form):
    """The file comes back with the answer, and is read again: nothing of it was kept meanwhile."""

    text = forms.CharField(max_length=ics.LARGEST, strip=False)


class BellForm(forms.Form):
    bell = forms.CharField(
        label="The school day starts at",
        help_text="For example, 8:45am",
        max_length=10,
        error_messages={"required": "Enter a time, like 8:45am", "max_length": "Enter a time, like 8:45am"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
    )

    def clean_bell(self) -> dt.time:
        text = self.cleaned_data["bell"].lower().replace(" ", "").replace(".", ":")
        found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?(am|pm)?", text)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        if found and found[3]:
            hour = hour % 12 + (12 if found[3] == "pm" else 0) if 1 <= hour <= 12 else 99
        if hour > 23 or minute > 59:
            raise forms.ValidationError("Enter a time, like 8:45am")
        if not 6 <= hour < 13:
            raise forms.ValidationError("The school day starts between 6am and 1pm. Check the time")
        return dt.time(hour, minute)


class CoverForm(forms.Form):
    person = forms.ChoiceField(
        label="Who",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who answers", "invalid_choice": "Select one of these people"},
    )
    phone = forms.CharField(
        label="Telephone number on which the hub reaches them",
        max_length=30,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "type": "tel", "autocomplete": "off"}),
        error_messages={"required": "Enter a telephone number", "max_length": "Enter 30 characters or fewer"},
    )
    starts_on = HubDateField(what="First day")
    ends_on = HubDateField(what="Last day")

    def __init__(self, *args: Any, contacts: list[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.contacts = {user.code: user for user in contacts}
        choice_field(self, "person").choices = [(code, user.name) for code, user in self.contacts.items()]

    def clean_phone(self) -> str:
        phone = " ".join(self.cleaned_data["phone"].split())
        if sum(letter.isdigit() for letter in phone) < 9 or not re.fullmatch(r"\+?[\d ()-]+", phone):
            raise forms.ValidationError("Enter a telephone number, like 01632 960001 or 07700 900001")
        return phone

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("starts_on") and cleaned.get("ends_on"):
            _at(self, "ends_on", policies.check_cover, cleaned["starts_on"], cleaned["ends_on"])
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "user": self.contacts[values["person"]],
            "phone": values["phone"],
            "starts_on": values["starts_on"],
            "ends_on": values["ends_on"],
        }
