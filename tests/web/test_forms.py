"""The form renderer: everything escaped, every error reachable, checkboxes drawn as checkboxes."""

import datetime as dt

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from safeguarding.demo.showcase import ShowcaseForm
from safeguarding.web.forms import HubDateField

NASTY = '<img src=x onerror="alert(1)">'


class NastyForm(forms.Form):
    text = forms.CharField(label=NASTY, help_text=NASTY)
    choice = forms.ChoiceField(label=NASTY, choices=[(NASTY, NASTY)], widget=forms.RadioSelect)
    choice.choice_hints = {NASTY: NASTY}
    tick = forms.BooleanField(label=NASTY)

    def clean_text(self) -> str:
        raise forms.ValidationError(NASTY)


class Meeting(forms.Form):
    held = HubDateField(what="Date of the meeting")


def drawn(form: forms.Form) -> str:
    template = Template("{% load hub %}{% error_summary form %}{{ form }}")
    return template.render(Context({"form": form, "request": RequestFactory().get("/")}))


def test_labels_hints_errors_and_values_are_escaped() -> None:
    html = drawn(NastyForm({"text": NASTY, "choice": NASTY}))
    assert "<img" not in html
    assert html.count("&lt;img src=x") >= 8


def test_an_empty_form_that_was_sent_is_bound_and_says_what_is_missing() -> None:
    html = drawn(ShowcaseForm(QueryDict("")))
    for sentence in ("Enter the name", "Enter the date of birth", "Choose a level of need", "Choose at least one kind"):
        assert html.count(sentence) == 2  # in the summary and at the field
    assert "This field is required" not in html


def test_the_summary_leads_to_the_first_control() -> None:
    html = drawn(ShowcaseForm(QueryDict("")))
    for anchor in ("id_name", "id_born_0", "id_level_0", "id_kinds_0", "id_sure", "id_reason"):
        assert f'href="#{anchor}"' in html
        assert f'id="{anchor}"' in html


def test_checkboxes_are_checkboxes_and_radios_are_radios() -> None:
    html = drawn(ShowcaseForm({"kinds": ["missing"], "level": "2"}))
    assert html.count('type="checkbox"') == 3
    assert html.count('type="radio"') == 3
    assert 'value="missing" id="id_kinds_1" checked' in html
    assert 'value="2" id="id_level_1" checked' in html


def test_a_hint_and_an_error_belong_to_their_control() -> None:
    html = drawn(ShowcaseForm(QueryDict("")))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-describedby="id_level_2_hint"' in html
    assert " required" not in html  # the browser must not answer before we do


@pytest.mark.parametrize(
    ("day", "month", "year", "value", "error"),
    [
        ("27", "3", "2016", dt.date(2016, 3, 27), None),
        (" 27 ", "03", "2016", dt.date(2016, 3, 27), None),
        ("", "", "", None, "Enter the date of the meeting"),
        ("27", "", "2016", None, "Date of the meeting must include a day, month and year"),
        ("30", "2", "2016", None, "Date of the meeting must be a real date, like 27 3 2016"),
        ("a", "b", "c", None, "Date of the meeting must be a real date, like 27 3 2016"),
        ("1", "1", "99999999999999999999", None, "Date of the meeting must be a real date, like 27 3 2016"),
        ("١", "1", "2016", dt.date(2016, 1, 1), None),
    ],
)
def test_a_date_in_three_boxes(day: str, month: str, year: str, value: dt.date | None, error: str | None) -> None:
    form = Meeting({"held_0": day, "held_1": month, "held_2": year})
    assert form.is_valid() is (error is None)
    assert form.errors.get("held", []) == ([error] if error else [])
    assert form.cleaned_data.get("held") == value
    assert f'value="{day}"' in drawn(form) or not day
