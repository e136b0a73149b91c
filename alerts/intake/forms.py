"""The forms of intake; each keeps what was typed, and says what is wrong in one sentence."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from alerts.intake import parsing
from alerts.intake.enums import DecisionReason, NotificationKind, PersonRole, Risk
from alerts.intake.selectors import Sender, Waiting
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Agency
from safeguarding.web.forms import HubDateField

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_YES_NO = [("yes", "Yes"), ("no", "No"), ("", "Not known")]
_YES_NO_VALUES = {"yes": True, "no": False}
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
    given_name = _line("First name", needed="Enter the child's first name")
    family_name = _line("Last name", needed="Enter the child's last name")
    date_of_birth = HubDateField(
        what="Date of birth", label="Date of birth (if known)", required=False, help_text="For example, 27 3 2016"
    )
    present = _yes_no("Was the child there?")
    home_educated = _yes_no(
        "Is the child educated at home?", "Then the council's home-education officer is told, and no school."
    )
    setting_name = _line("School, nursery or college", hint="As the family or the police call it")
    urn = _line("URN of the setting", hint="Six digits", longest=20, width=10)
    upn = _line("Unique pupil number (UPN)", longest=40, width=20)
    nhs_number = _line("NHS number", longest=40, width=20)


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


AT_HOME, NEW_CHILD = "home", "new"


class MatchForm(PatientForm):
    """Who the child is, where it goes to school, and why we are sure (ALR-03)."""

    same_as = forms.ChoiceField(
        label="Who is this child?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say who this child is", "invalid_choice": "Choose one of the children shown"},
    )
    search = forms.CharField(
        label="Find a setting by name or URN", required=False, max_length=100, help_text="Then choose it below"
    )
    setting = forms.ChoiceField(
        label="Where does the child go to school?",
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the settings shown, or find another"},
    )
    reason = forms.ChoiceField(
        label="Why are you sure?",
        choices=DecisionReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say why you are sure"},
    )

    def __init__(self, *args: Any, waiting: Waiting, settings: Sequence[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.settings = {str(setting.slug): setting for setting in settings}
        same_as, setting = self.fields["same_as"], self.fields["setting"]
        same_as.choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *((alike.child.ref, f"The same child as record {alike.number}") for alike in waiting.alike),
            (NEW_CHILD, "Another child: make a new record"),
        ]
        if waiting.row.child_id:
            del self.fields["same_as"]
        setting.choices = [  # type: ignore[attr-defined]  # a ChoiceField
            *(
                (slug, f"{agency.name}{f', URN {agency.urn}' if agency.urn else ''}")
                for slug, agency in self.settings.items()
            ),
            (AT_HOME, "Educated at home"),
        ]

    def clean_setting(self) -> str:
        value = self.cleaned_data["setting"]
        if not value:
            raise forms.ValidationError("Say where the child goes to school, or find the setting")
        return value


class Entry:
    """The whole page of a notification typed in by hand: the incident, its children, its adults."""

    MOST = 20

    def __init__(self, data: Mapping[str, str] | None, *, senders: Sequence[Sender]):
        self.data = data
        self.child_ids = self._ids("child_ids", "0")
        self.adult_ids = self._ids("adult_ids", "0,1")
        self._act(str(data.get("action", "")) if data else "")
        self.incident = IncidentForm(data, senders=senders)
        self.children = [ChildForm(data, prefix=f"child-{number}") for number in self.child_ids]
        self.adults = [AdultForm(data, prefix=f"adult-{number}") for number in self.adult_ids]
        for form, role in zip(self.adults, ("victim", "perpetrator"), strict=False):
            form.initial = {"role": role} if data is None else {}

    def _ids(self, name: str, default: str) -> list[int]:
        text = (self.data.get(name) if self.data else None) or default
        found = [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 4]
        return list(dict.fromkeys(found))[: self.MOST]

    def _act(self, action: str) -> None:
        verb, _, what = action.partition("-")
        kind, _, number = what.partition("-")
        ids = {"child": self.child_ids, "adult": self.adult_ids}.get(kind)
        if ids is None:
            return
        if verb == "add" and len(ids) < self.MOST:
            ids.append(max(ids, default=-1) + 1)
        elif verb == "remove" and number.isdigit() and int(number) in ids and (kind == "adult" or len(ids) > 1):
            ids.remove(int(number))

    @property
    def parts(self) -> list[PatientForm]:
        return [self.incident, *self.children, *self.adults]

    @property
    def numbered_children(self) -> list[dict[str, Any]]:
        return [{"number": number, "form": form} for number, form in zip(self.child_ids, self.children, strict=True)]

    @property
    def numbered_adults(self) -> list[dict[str, Any]]:
        return [{"number": number, "form": form} for number, form in zip(self.adult_ids, self.adults, strict=True)]

    def forget_errors(self) -> None:
        """A person who adds a child has not finished: nothing is wrong yet."""
        for form in self.parts:
            form.forget_errors()

    def is_valid(self, *, now: dt.datetime) -> bool:
        """Each form for itself, then all of it as the API would read it: one set of rules for both ways in (ALR-01)."""
        if not all([form.is_valid() for form in self.parts]):  # noqa: C419  # every form says what is wrong, not the first
            return False
        try:
            self.content = parsing.parse(self._body(), now=now)
        except parsing.Invalid as error:
            for remark in error.remarks:
                form, name = self._place(remark.pointer.split("/")[1:])
                form.add_error(name, remark.detail)
            return False
        return True

    def _body(self) -> dict[str, Any]:
        data = self.incident.cleaned_data
        missing = data["kind"] == NotificationKind.MISSING_EPISODE
        return {
            "reference": data["reference"],
            "kind": data["kind"],
            "occurred_at": _moment(data["occurred_on"], data["occurred_time"]),
            "returned_at": _moment(data["returned_on"], data["returned_time"]),
            "risk": data["risk"] or None,
            "family_informed": _YES_NO_VALUES.get(data["family_informed"]),
            "victim_consents": _YES_NO_VALUES.get(data["victim_consents"]),
            "location": {
                "lines": [line.strip() for line in data["address"].splitlines() if line.strip()],
                "postcode": data["postcode"] or None,
            },
            "narrative": data["narrative"],
            "people": [
                *(_adult(form.cleaned_data) for form in self._named_adults()),
                *(_child(form.cleaned_data, missing=missing) for form in self.children),
            ],
        }

    def _named_adults(self) -> list[AdultForm]:
        """A form that nobody filled in is no adult."""
        names = ("given_name", "family_name", "date_of_birth")
        return [form for form in self.adults if any(form.cleaned_data[name] for name in names)]

    def _place(self, parts: list[str]) -> tuple[PatientForm, str | None]:
        """The form and field that a pointer of the API speaks of."""
        if parts[:1] == ["people"] and len(parts) > 1:
            form = [*self._named_adults(), *self.children][int(parts[1])]
            name = (
                {"setting": parts[-1] if parts[-1] == "urn" else "setting_name"}.get(parts[2], parts[2])
                if parts[2:]
                else None
            )
            return form, name if name in form.fields else None
        name = {"occurred_at": "occurred_on", "returned_at": "returned_on", "location": "address"}.get(
            parts[0] if parts else "", parts[0] if parts else ""
        )
        return self.incident, name if name in self.incident.fields else None

    # what the error summary and the page's title ask
    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.parts)

    def non_field_errors(self) -> list[str]:
        return [str(error) for form in self.parts for error in form.non_field_errors()]

    def visible_fields(self) -> list[Any]:
        return [field for form in self.parts for field in form.visible_fields()]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Everything that was typed, to carry it over the page that shows it again; never in the session."""
        kept = [(field.html_name, field) for form in self.parts for field in form.visible_fields()]
        values: list[tuple[str, str]] = []
        for name, field in kept:
            value = field.value()
            if isinstance(value, (list, tuple)):
                values += [(f"{name}_{place}", str(part or "")) for place, part in enumerate(value)]
            else:
                values.append((name, "" if value is None else str(value)))
        return [
            *values,
            ("child_ids", ",".join(map(str, self.child_ids))),
            ("adult_ids", ",".join(map(str, self.adult_ids))),
        ]


def _moment(day: dt.date | None, time: dt.time | None) -> str | None:
    if day is None:
        return None
    return dt.datetime.combine(day, time or dt.time(0, 0), tzinfo=LONDON).isoformat()


def _person(data: dict[str, Any]) -> dict[str, Any]:
    born = data["date_of_birth"]
    return {
        "given_name": data["given_name"],
        "family_name": data["family_name"],
        "date_of_birth": born.isoformat() if born else None,
    }


def _adult(data: dict[str, Any]) -> dict[str, Any]:
    works = _YES_NO_VALUES.get(data["works_with_children"])
    return {**_person(data), "role": data["role"], "works_with_children": works}


def _child(data: dict[str, Any], *, missing: bool) -> dict[str, Any]:
    return {
        **_person(data),
        "role": "missing_child" if missing else "child",
        "present": _YES_NO_VALUES.get(data["present"]),
        "home_educated": _YES_NO_VALUES.get(data["home_educated"]),
        "upn": data["upn"] or None,
        "nhs_number": data["nhs_number"] or None,
        "setting": {"urn": data["urn"] or None, "name": data["setting_name"] or None},
    }
