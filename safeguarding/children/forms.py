"""The forms of the children room; each keeps what was typed, and says what is wrong in one sentence."""

import datetime as dt
from typing import Any

from django import forms

from safeguarding.children import identifiers
from safeguarding.children.desk import Comparison
from safeguarding.children.enums import Purpose
from safeguarding.children.search import Criteria
from safeguarding.children.typed import Typed
from safeguarding.refs import normalise_ref
from safeguarding.web.forms import HubDateField, choice_field

LONGEST = 100
_EARLIEST = 1990


class PartlyKnownDateField(HubDateField):
    """A day of which any part may be missing."""

    def clean(self, value: Any) -> Any:
        parts = [str(part or "").strip() for part in (value or ["", "", ""])]
        if all(parts):
            return super().clean(parts)
        if not all(part == "" or (part.isascii() and part.isdecimal()) for part in parts):
            raise forms.ValidationError(f"{self.what} must be in numbers, like 27 3 2016")
        day, month, year = (int(part) if part else None for part in parts)
        if (day is not None and not 1 <= day <= 31) or (month is not None and not 1 <= month <= 12):
            raise forms.ValidationError(f"{self.what} must have a day from 1 to 31 and a month from 1 to 12")
        if year is not None and not _EARLIEST <= year <= dt.date.max.year:
            raise forms.ValidationError(f"{self.what} must have a year of four digits, like 2016")
        return day, month, year


def purpose_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Why do you look?",
        choices=Purpose.choices,
        widget=forms.RadioSelect,
        help_text="This is recorded. What you type is not.",
        error_messages={"required": "Say why you look", "invalid_choice": "Choose one of the reasons"},
    )


def _line(label: str, *, hint: str = "", width: int = 20) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST,
        help_text=hint,
        widget=forms.TextInput(
            attrs={"class": f"govuk-input--width-{width}", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"max_length": f"{label} must be {LONGEST} characters or fewer"},
    )


class SearchForm(forms.Form):
    """Names, a date of birth of which parts may be missing, or a number; and why (ALR-03, AUD-01)."""

    given_name = _line("First name")
    family_name = _line("Last name")
    born = PartlyKnownDateField(
        what="Date of birth", required=False, help_text="For example, 27 3 2016. Leave out what you do not know."
    )
    upn = _line("Unique pupil number (UPN)", hint="A letter and 12 characters")
    nhs_number = _line("NHS number", hint="10 digits")
    ref = _line("Reference of the child", hint="Like C-7K3M-Q9XD", width=10)
    purpose = purpose_field()

    def clean_upn(self) -> str:
        upn = identifiers.tidy(self.cleaned_data["upn"])
        if upn and not identifiers.is_upn_form(upn):
            raise forms.ValidationError("UPN must be a letter and 12 characters, like B801200005001")
        return upn

    def clean_nhs_number(self) -> str:
        number = identifiers.tidy(self.cleaned_data["nhs_number"])
        if number and not identifiers.is_nhs_number_form(number):
            raise forms.ValidationError("NHS number must be 10 digits, like 943 476 5919")
        return number

    def clean_ref(self) -> str:
        text = self.cleaned_data["ref"]
        ref = normalise_ref(text) if text else ""
        if text and (not ref or not ref.startswith("C-")):
            raise forms.ValidationError("The reference of a child starts with C. Check each character")
        return ref or ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self._says_enough():
            self.add_error("given_name", "Enter a name, a whole date of birth, or a number")
        return cleaned

    def _says_enough(self) -> bool:
        criteria = self.criteria
        return bool(criteria.has_number or criteria.names or criteria.born)

    @property
    def criteria(self) -> Criteria:
        data = self.cleaned_data
        born = data.get("born")
        day, month, year = (born.day, born.month, born.year) if isinstance(born, dt.date) else (born or (None,) * 3)
        names = {name: data.get(name, "").strip() for name in ("given_name", "family_name")}
        return Criteria(
            **names, day=day, month=month, year=year, upn=data["upn"], nhs_number=data["nhs_number"], ref=data["ref"]
        )

    def typed(self, *, widen: bool) -> Typed:
        return Typed(self.criteria, Purpose(self.cleaned_data["purpose"]), widen)


def as_initial(typed: Typed) -> dict[str, Any]:
    """What was typed, in the form again."""
    criteria = typed.criteria
    return {
        "given_name": criteria.given_name,
        "family_name": criteria.family_name,
        "born": [criteria.day or "", criteria.month or "", criteria.year or ""],
        "upn": criteria.upn,
        "nhs_number": criteria.nhs_number,
        "ref": criteria.ref,
        "purpose": typed.purpose.value,
    }


class PurposeForm(forms.Form):
    purpose = purpose_field()


class DecisionForm(forms.Form):
    """One child or two; and if one, under which record (ALR-03)."""

    decision = forms.ChoiceField(
        label="Are these one child?",
        choices=[("same", "They are one child"), ("different", "They are two children")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether these are one child or two"},
    )
    keep = forms.ChoiceField(
        label="If they are one child, which record shows first?",
        required=False,
        widget=forms.RadioSelect,
        help_text="The other record stays and is shown with it. You can separate them again.",
        error_messages={"invalid_choice": "Choose one of the two records"},
    )

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any):
        super().__init__(*args, **kwargs)
        keep, decision = choice_field(self, "keep"), self.fields["decision"]
        keep.choices = [(ref, f"Record {number}: {ref}") for number, ref in enumerate(comparison.refs, start=1)]
        decision.choice_hints = {  # type: ignore[attr-defined]  # read by HubBoundField
            "same": "Notifications, alerts and settings of both are shown together.",
            "different": "This is remembered, and nobody is asked again.",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "same" and "keep" in cleaned and not cleaned["keep"]:
            self.add_error("keep", "Say which record shows first")
        return cleaned


class SeparateForm(forms.Form):
    ask_again = forms.TypedChoiceField(
        label="What do you know now?",
        choices=[("no", "They are two children"), ("yes", "I am not sure: somebody should look at both again")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you know now"},
    )
