"""Forms of the register: one for each section of a draft, and those of signing and leaving."""

from typing import Any

from django import forms

from agreements.register.enums import (
    Article6,
    Article9,
    Capacity,
    Controllership,
    Item,
    Part3,
    PartyRole,
    ReturnState,
    Schedule1,
    TransferMethod,
)
from agreements.register.models import Agreement
from safeguarding.web.forms import HubDateField

KINDS = (("domestic_abuse", "Domestic-abuse alerts"), ("missing_episode", "Missing-child notifications"))


class LinesField(forms.CharField):
    """A list, one entry on each line."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


def _choices(label: str, choices: Any, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Choose from the list"},
        **kwargs,
    )


def _words(label: str, longest: int, *, rows: int = 0, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    messages = {"max_length": f"{label} must be {longest} characters or fewer", "required": f"Enter: {label.lower()}"}
    kwargs.setdefault("required", False)
    return forms.CharField(label=label, max_length=longest, widget=widget, error_messages=messages, **kwargs)


def _number(label: str, most: int, **kwargs: Any) -> forms.IntegerField:
    said = f"{label} must be a whole number from 0 to {most}"
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        error_messages={"invalid": said, "min_value": said, "max_value": said, "required": said},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        **kwargs,
    )


class NewForm(forms.Form):
    title = _words(
        "Title",
        160,
        required=True,
        help_text="As it will stand in the register, for example: Telling education settings.",
    )
    version = _words("Version", 20, required=True, initial="1")


class VersionForm(forms.Form):
    version = _words("Number of the new version", 20, required=True)


class SectionForm(forms.Form):
    """A part of a draft; everything may be left open until it is opened for signature."""

    title = ""

    @classmethod
    def initial_of(cls, agreement: Agreement) -> dict[str, Any]:
        return {name: getattr(agreement, name) for name in cls.base_fields}


class AboutForm(SectionForm):
    title = "Purposes and what it lets leave"
    purposes = LinesField(label="Purposes", required=False, help_text="One on each line.")
    kinds = _choices("Alerts that it lets leave", KINDS)
    starts_on = HubDateField(
        what="First day",
        label="First day",
        help_text="Each party takes part from its own signature on.",
    )
    ends_on = HubDateField(what="Last day", label="Last day, if it has one", required=False)
    marking = _words("Protective marking", 40)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day must not be before the first day")
        return cleaned


class StatusForm(SectionForm):
    title = "Type of data, DPIA and privacy notice"
    identifies_people = forms.BooleanField(label="The data identifies people", required=False)
    dpia_reference = _words("Reference of the data protection impact assessment", 60)
    no_dpia_because = _words("If there is none, why not", 300, rows=2)
    privacy_notice_given = forms.BooleanField(label="People have been given a privacy notice", required=False)
    people_are_aware = forms.BooleanField(label="People are aware that sharing takes place", required=False)
    privacy_words = _words("How they are told", 300, rows=2)


class BasesForm(SectionForm):
    title = "Lawful bases"
    article_6 = _choices("Personal data: Article 6", Article6.choices)
    article_9 = _choices("Special categories: Article 9", Article9.choices)
    schedule_1 = _choices("Schedule 1, Part 2", Schedule1.choices, help_text="Needed with Article 9(2)(g).")
    part_3 = forms.ChoiceField(
        label="Law-enforcement processing: Part 3", choices=Part3.choices, widget=forms.RadioSelect, required=False
    )
    article_10_identified = forms.BooleanField(
        label="Conditions for criminal-conviction data have been identified and recorded", required=False
    )
    legislation = LinesField(
        label="Acts that allow or require it", required=False, help_text="One on each line, with the section."
    )


class TransferForm(SectionForm):
    title = "Transfer and its risks"
    transfer_methods = _choices("How data is transferred", TransferMethod.choices)
    transfer_frequency = _words("How often", 160)
    transfer_measures = _words("Security measures", 1000, rows=4)
    transfer_risks = _words("Risks that were found", 1000, rows=4)
    transfer_assessed_on = HubDateField(
        what="Day of the assessment", label="The risks were assessed on", required=False
    )


class KeepingForm(SectionForm):
    title = "Retention, incidents, access requests, and members"
    retention = _words("How long data is kept", 1000, rows=3)
    disposal = _words("How it is disposed of", 1000, rows=3)
    incidents_to = _words(
        "Incidents are reported to", 160, help_text="A post or a team. The copy for the public leaves it out."
    )
    access_requests_to = _words(
        "Subject access requests are answered by",
        160,
        help_text="A post or a team. The copy for the public leaves it out.",
    )
    undertaking = _words(
        "What each member acknowledges before first access",
        1000,
        rows=4,
        help_text="Leave empty if nothing is asked of single people. When the agreement is opened it becomes a part of the terms "
        "of the partnership, and content stays shut to whoever has not acknowledged them.",
    )


class LifeForm(SectionForm):
    title = "Review and notice"
    first_review_months = _number("Months until the first review", 60)
    review_months = _number("Months between later reviews", 60)
    notice_months = _number("Notice in months", 24)
    notice_weeks = _number(
        "Notice in weeks", 104, help_text="Months or weeks, not both. Both 0: written notice without a period."
    )
    old_holds_until = HubDateField(
        what="Day until which the old version holds",
        label="The old version holds until",
        required=False,
        help_text="Only for a new version: so long it holds for those who have not signed this one.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("notice_months") and cleaned.get("notice_weeks"):
            self.add_error("notice_weeks", "Give the notice in months or in weeks, not in both")
        if cleaned.get("review_months") == 0:
            self.add_error("review_months", "Months between later reviews must be at least 1")
        return cleaned


SECTIONS: dict[str, type[SectionForm]] = {
    "about": AboutForm,
    "status": StatusForm,
    "bases": BasesForm,
    "transfer": TransferForm,
    "keeping": KeepingForm,
    "life": LifeForm,
}


class ItemsForm(forms.Form):
    """Each data item with its reason; an item without a reason is not listed (AGR-01)."""

    title = "Data items"

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for item in Item:
            self.fields[item.value] = _words(
                f"{item.label}: why it is needed", 300, help_text="Leave empty if it is not shared."
            )
            self.fields[f"{item.value}_special"] = forms.BooleanField(
                label=f"{item.label} is special-category data", required=False
            )

    @staticmethod
    def initial_of(agreement: Agreement) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for item in agreement.items.all():
            values |= {item.key: item.justification, f"{item.key}_special": item.special_category}
        return values

    @property
    def items(self) -> dict[str, tuple[str, bool]]:
        said = self.cleaned_data
        return {item.value: (said[item.value], said[f"{item.value}_special"]) for item in Item if said[item.value]}


class PartyForm(forms.Form):
    agency = _words("Name or URN of the agency", 160, required=True)
    role = forms.ChoiceField(
        label="Its part", choices=PartyRole.choices, widget=forms.RadioSelect, initial=PartyRole.RECIPIENT
    )
    controllership = forms.ChoiceField(
        label="Who answers for the data there", choices=Controllership.choices, widget=forms.RadioSelect,
        initial=Controllership.CONTROLLER,
    )  # fmt: skip
    responsible = _words("Responsible post", 120)


class SignForm(forms.Form):
    post = _words("Your post", 120, required=True)
    capacity = forms.ChoiceField(
        label="In what capacity you sign",
        choices=Capacity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose in what capacity you sign"},
    )
    ico_registration = _words(
        "ICO registration of your organisation", 20, required=True, help_text="For example ZA123456."
    )
    digest = forms.CharField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label="I have read this version and sign it for my organisation",
        error_messages={"required": "Say that you have read it and sign it"},
    )


class GuestSignForm(SignForm):
    name = _words("Your full name", 120, required=True)
    field_order = ["name", "post", "capacity", "ico_registration", "digest", "agreed"]


class GuestForm(forms.Form):
    name = _words("Name of the person who signs", 120, required=True)
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={
            "required": "Enter an e-mail address",
            "invalid": "Enter an e-mail address, like name@nursery.example",
        },
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Give the reason", "max_length": "The reason must be 300 characters or fewer"},
    )


class ReturnForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What became of the data",
        choices=[(each.value, each.label) for each in ReturnState if each != ReturnState.OPEN],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of the data"},
    )
    note = _words("How, or by which law it is kept", 300, rows=3)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == ReturnState.KEPT and not (cleaned.get("note") or "").strip():
            self.add_error("note", "Say which law makes you keep it")
        return cleaned
