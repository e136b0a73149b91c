"""The forms of intake; each keeps what was typed, and says what is wrong in one sentence."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from alerts.intake import parsing
from alerts.intake.enums import DecisionReason, NotificationKind, PersonRole, Risk, WithdrawnBecause
from alerts.intake.selectors import Sender, Waiting
from safeguarding.agencies.models import Agency
from safeguarding.web.forms import HubDateField, choice_field

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_YES_NO = [("yes", "Yes"), ("no", "No"), ("", "Not known")]
YES_NO_VALUES = {"yes": True, "no": False}
_ADULT_ROLES = (PersonRole.VICTIM, PersonRole.PERPETRATOR, PersonRole.OTHER_ADULT)


def sender_key(sender: Sender) -> str:
    return f"{sender.agency.slug}/{sender.partnership.slug}"


def _line(
    label: str, *, needed: str = "", hint: str = "", longest: int = parsing.LONGEST_NAME, width: int = 0
) -> forms.CharField:
    return forms.CharField(
        widget=_wide(width),
        label=label if needed else f"{label} (if known)",
        required=bool(needed),
        max_length=longest,
        help_text=hint,
        error_messages={"required": needed, "max_length": f"{label} must be {longest} characters or fewer"},
    )


def _wide(width: int) -> forms.TextInput:
    """A box as wide as what belongs in it."""
    return forms.TextInput(attrs={"class": f"govuk-input--width-{width}"} if width else {})


def _yes_no(label: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=_YES_NO, required=False, widget=forms.RadioSelect, help_text=hint, initial=""
    )


class PatientForm(forms.Form):
    """A form that can be shown again before a person has finished with it."""

    _errors: Any

    def forget_errors(self) -> None:
        self._errors = forms.utils.ErrorDict()


class SenderMixin(PatientForm):
    """Asks for whom a person sends only when there is a choice."""

    def __init__(self, *args: Any, senders: Sequence[Sender], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.senders = {sender_key(sender): sender for sender in senders}
        if len(senders) > 1:
            self.fields["sender"] = forms.ChoiceField(
                label="For whom do you send this?",
                choices=[
                    (key, f"{sender.agency.name}, to {sender.partnership.name}") for key, sender in self.senders.items()
                ],
                widget=forms.RadioSelect,
                error_messages={"required": "Say for whom you send this"},
            )

    @property
    def sender(self) -> Sender:
        return self.senders[self.cleaned_data.get("sender") or next(iter(self.senders))]


class TimeField(forms.CharField):
    """A time of day as people write it."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = _TIME.fullmatch(text.strip())
        if not found:
            raise forms.ValidationError(f"{self.label} must be a time on the 24-hour clock, like 21:40")
        return dt.time(int(found[1]), int(found[2]))


class IncidentForm(SenderMixin):
    kind = forms.ChoiceField(
        label="What is this about?",
        choices=NotificationKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what this is about"},
    )
    reference = _line(
        "Police reference",
        needed="Enter the police reference",
        longest=parsing.LONGEST_REFERENCE,
        width=20,
        hint="The number of the incident in the police's own system. It must not hold a name.",
    )
    occurred_on = HubDateField(what="Date of the incident", help_text="For example, 27 3 2026")
    occurred_time = TimeField(
        label="Time of the incident",
        widget=_wide(5),
        help_text="On the 24-hour clock, for example 21:40",
        error_messages={"required": "Enter the time of the incident"},
    )
    returned_on = HubDateField(
        what="Date of return", label="Date of return (missing episode, if returned)", required=False
    )
    returned_time = TimeField(label="Time of return (missing episode, if returned)", required=False, widget=_wide(5))
    risk = forms.ChoiceField(
        label="Risk that the police assessed",
        choices=[*Risk.choices, ("", "Not assessed")],
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    family_informed = _yes_no("Was the family told that the setting is informed?")
    victim_consents = _yes_no("Does the victim consent to support?")
    address = forms.CharField(
        label="Address of the incident (if known)", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    postcode = _line("Postcode", longest=16, width=10)
    narrative = forms.CharField(
        label="What happened, in the police's words",
        required=False,
        max_length=parsing.LONGEST_NARRATIVE,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The setting is never shown this. It is deleted once the alerts are sent.",
    )


class ChildForm(PatientForm):
    given_name = _line(
        "First name", needed="Enter the child's first name", hint="Leave it empty only for a child who is not born yet"
    )
    family_name = _line("Last name", needed="Enter the child's last name")
    date_of_birth = HubDateField(
        what="Date of birth",
        label="Date of birth (if known)",
        required=False,
        help_text="For example, 27 3 2016. Leave it empty if nobody knows it or the child is not born yet",
    )
    expected_on = HubDateField(
        what="Day the child is expected",
        label="Day the child is expected (only if not born yet)",
        required=False,
        help_text="For example, 27 3 2027",
    )
    present = _yes_no("Was the child there?")
    home_educated = _yes_no(
        "Is the child educated at home?", "Then the council's home-education officer is told, and no school."
    )
    setting_name = _line("School, nursery or college", hint="As the family or the police call it")
    urn = _line("URN of the setting", hint="Six digits", longest=20, width=10)
    upn = _line("Unique pupil number (UPN)", longest=40, width=20)
    nhs_number = _line("NHS number", longest=40, width=20)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["given_name"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("given_name") and not cleaned.get("expected_on"):
            self.add_error("given_name", "Enter the child's first name")
        return cleaned


class AdultForm(PatientForm):
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, role.label) for role in _ADULT_ROLES],
        widget=forms.RadioSelect,
        error_messages={"required": "Say what role this adult has"},
    )
    given_name = _line("First name")
    family_name = _line("Last name")
    date_of_birth = HubDateField(what="Date of birth", label="Date of birth (if known)", required=False)
    works_with_children = _yes_no("Does this adult work with children or vulnerable adults?")


class UploadForm(SenderMixin):
    file = forms.FileField(
        label="CSV file",
        help_text="One row for each child, up to 100,000 rows and 32 MB.",
        error_messages={
            "required": "Choose a CSV file of up to 32 MB",
            "empty": "The file is empty. Choose another one",
            "missing": "Choose a CSV file of up to 32 MB",
        },
    )

    @property
    def upload(self) -> UploadedFile:
        return self.cleaned_data["file"]


AT_HOME, NOWHERE, NEW_CHILD = "home", "none", "new"


def setting_search() -> forms.CharField:
    return forms.CharField(
        label="Find a setting by name or URN", required=False, max_length=100, help_text="Then choose it below"
    )


def named_settings(settings: Mapping[str, Agency]) -> list[tuple[str, str]]:
    """To choose from, each with the number that tells two of one name apart."""
    return [(slug, f"{each.name}{f', URN {each.urn}' if each.urn else ''}") for slug, each in settings.items()]


class SettingsMixin(PatientForm):
    """Where a child goes to school: at one setting, at two, at home, or nowhere (ALR-03, ALR-06)."""

    def offer(self, settings: Sequence[Agency]) -> None:
        self.settings = {str(setting.slug): setting for setting in settings}
        named = named_settings(self.settings)
        others = [(AT_HOME, "Educated at home"), (NOWHERE, "At no setting: too young, or not born yet")]
        choice_field(self, "setting").choices = [*named, *others]
        self.fields["setting"].choice_hints = {NOWHERE: "Nobody is told of this child."}  # type: ignore[attr-defined]  # read by HubBoundField
        choice_field(self, "second").choices = [("", "No"), *named]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        second = cleaned.get("second")
        if second and cleaned.get("setting") == second:
            self.add_error("second", "The second setting must be another than the first")
        elif second and cleaned.get("setting") in (AT_HOME, NOWHERE):
            self.add_error("second", "Choose the first setting above, or say No here")
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """As the services take it."""
        data = self.cleaned_data
        return {
            "setting": self.settings.get(data["setting"]),
            "second": self.settings.get(data["second"]),
            "nowhere": data["setting"] == NOWHERE,
        }


def _second() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Is the child registered at a second setting as well?",
        widget=forms.RadioSelect,
        required=False,
        help_text="Then both are told, each by an alert of its own.",
        error_messages={"invalid_choice": "Choose one of the settings shown, or find another"},
    )


class ChildSettingsForm(SettingsMixin):
    """Before anything has left: the child goes elsewhere, or to two settings (ALR-03)."""

    search = setting_search()
    setting = forms.ChoiceField(
        label="Where does the child go to school?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say where the child goes to school, or find the setting",
            "invalid_choice": "Choose one of the settings shown, or find another",
        },
    )
    second = _second()

    def __init__(self, *args: Any, settings: Sequence[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer(settings)


class WithdrawForm(forms.Form):
    because = forms.ChoiceField(
        label="Why is it withdrawn?",
        choices=WithdrawnBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say why it is withdrawn"},
    )


class MatchForm(SettingsMixin):
    """Who the child is, where it goes to school, and why we are sure (ALR-03)."""

    same_as = forms.ChoiceField(
        label="Who is this child?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say who this child is", "invalid_choice": "Choose one of the children shown"},
    )
    search = setting_search()
    setting = forms.ChoiceField(
        label="Where does the child go to school?",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the settings shown, or find another"},
    )
    second = _second()
    reason = forms.ChoiceField(
        label="Why are you sure?",
        choices=DecisionReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say why you are sure"},
    )

    def __init__(self, *args: Any, waiting: Waiting, settings: Sequence[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer(settings)
        same_as = choice_field(self, "same_as")
        same_as.choices = [
            *((alike.child.ref, f"The same child as record {alike.number}") for alike in waiting.alike),
            (NEW_CHILD, "Another child: make a new record"),
        ]
        if waiting.row.child_id:
            del self.fields["same_as"]

    def clean_setting(self) -> str:
        value = self.cleaned_data["setting"]
        if not value:
            raise forms.ValidationError("Say where the child goes to school, or find the setting")
        return value
