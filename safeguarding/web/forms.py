"""How forms look: Django's own renderer with our templates; every label, hint and error is escaped."""

import datetime as dt
from functools import partial
from typing import Any

from dateutil.relativedelta import relativedelta
from django import forms
from django.forms import widgets
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils import timezone

from safeguarding.agencies.enums import Digest

# Grandparents were born, and agreements end, between these.
EARLIEST_YEAR = 1900
YEARS_AHEAD = 20

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (widgets.Textarea, "govuk-textarea"),
    (widgets.Select, "govuk-select"),
    (widgets.FileInput, "govuk-file-upload"),
    (widgets.Input, "govuk-input"),
)


class HubBoundField(BoundField):
    """Draws a field as the design system does; errors come from the server, never from the browser."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        drawn = widget or self.field.widget
        if self.kind != "input" or drawn.is_hidden:
            return attrs
        for widget_class, css in _CLASSES:
            if isinstance(drawn, widget_class):
                names = [css, *([f"{css}--error"] if self.errors else []), drawn.attrs.get("class", "")]
                attrs["class"] = " ".join(filter(None, names))
                break
        return attrs

    @property
    def kind(self) -> str:
        widget = self.field.widget
        # CheckboxSelectMultiple is a RadioSelect to Python: it has to be asked first
        if isinstance(widget, widgets.CheckboxSelectMultiple):
            return "checkboxes"
        if isinstance(widget, widgets.RadioSelect):
            return "radios"
        if isinstance(widget, widgets.CheckboxInput):
            return "checkbox"
        if isinstance(widget, widgets.MultiWidget):
            return "date"
        return "input"

    @property
    def first_id(self) -> str:
        """Where the error summary leads: the first control of the field."""
        return f"{self.auto_id}_0" if self.kind in ("radios", "checkboxes", "date") else str(self.auto_id)

    @property
    def choices_with_hints(self) -> list[dict[str, Any]]:
        """Radios or checkboxes with the hint that `choice_hints` of the field gives for a value."""
        hints = getattr(self.field, "choice_hints", {})
        return [{"option": option, "hint": hints.get(str(option.data["value"]), "")} for option in self.subwidgets]


class HubRenderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = HubBoundField


def check_can_be_meant(day: dt.date, *, what: str, years_ahead: int = YEARS_AHEAD) -> None:
    """A day in living memory, or one that is planned; no other is kept, and none is added to beyond the calendar's end."""
    if day.year < EARLIEST_YEAR:
        raise forms.ValidationError(f"{what} must be in {EARLIEST_YEAR} or later")
    if day > timezone.localdate() + relativedelta(years=years_ahead):
        ahead = "a year" if years_ahead == 1 else f"{years_ahead} years"
        raise forms.ValidationError(f"{what} must not lie more than {ahead} in the future")


class DateInput(forms.MultiWidget):
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__([forms.TextInput(), forms.TextInput(), forms.TextInput()], attrs)

    def decompress(self, value: dt.date | None) -> list[Any]:
        return [value.day, value.month, value.year] if value else ["", "", ""]


class HubDateField(forms.MultiValueField):
    """A day in three boxes, as people write it on paper; `what` names it in the errors ("Date of birth")."""

    widget = DateInput

    def __init__(self, *, what: str, years_ahead: int = YEARS_AHEAD, **kwargs: Any):
        self.what, self.years_ahead = what, years_ahead
        kwargs.setdefault("label", what)
        kwargs.setdefault("error_messages", {"required": f"Enter the {what.lower()}"})
        super().__init__([forms.CharField(), forms.CharField(), forms.CharField()], require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> dt.date | None:
        parts = [str(part or "").strip() for part in (value or ["", "", ""])]
        if any(parts) and not all(parts):
            raise forms.ValidationError(f"{self.what} must include a day, month and year")
        return super().clean(parts if all(parts) else [])

    def compress(self, data_list: list[str]) -> dt.date | None:
        if not data_list:
            return None
        try:
            # Python also reads "1_0" and "+4" as numbers; people do not.
            if not all(part.isdecimal() for part in data_list):
                raise ValueError
            day = dt.date(int(data_list[2]), int(data_list[1]), int(data_list[0]))
        except (ValueError, OverflowError):
            raise forms.ValidationError(f"{self.what} must be a real date, like 27 3 2016") from None
        check_can_be_meant(day, what=self.what, years_ahead=self.years_ahead)
        return day


def day_field(label: str) -> forms.DateField:
    """A day in one box, as filters ask for it."""
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%d/%m/%Y", "%d %m %Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "class": "govuk-input--width-10"}),
        error_messages={"invalid": f"{label} must be a real date, like 27/3/2026"},
        validators=[partial(check_can_be_meant, what=label)],
    )


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """A field whose choices depend on who asks, and are set when the form is made."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field


class DigestForm(forms.Form):
    pace = forms.ChoiceField(
        label="How often do you want it?",
        choices=Digest.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how often", "invalid_choice": "Select one of these"},
    )
