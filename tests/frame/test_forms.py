"""The form renderer: what is drawn for every kind of field, and that nothing typed or named gets through unescaped."""

import datetime as dt
import re
from html import escape, unescape
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from safeguarding.web.forms import HubDateField, day_field

NASTY = "<b onclick=x>&\"'"


class EveryKind(forms.Form):
    name = forms.CharField(label=f"Name {NASTY}", help_text=f"Hint {NASTY}", error_messages={"required": f"No {NASTY}"})
    email = forms.EmailField(error_messages={"required": "Enter an e-mail address"})
    born = HubDateField(what="Date of birth", help_text="For example, 27 3 2016")
    level = forms.ChoiceField(
        label=f"Level {NASTY}",
        choices=[("1", f"One {NASTY}"), ("2", "Two")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level", "invalid_choice": "Choose a level from the list"},
    )
    level.choice_hints = {"2": f"Two means {NASTY}"}  # type: ignore[attr-defined]  # read by HubBoundField
    kinds = forms.MultipleChoiceField(
        choices=[("a", "Kind a"), ("b", "Kind b")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose a kind"},
    )
    sure = forms.BooleanField(label=f"Sure {NASTY}", error_messages={"required": "Say that you are sure"})
    setting = forms.ChoiceField(
        choices=[("", "Choose one"), ("x", f"Setting {NASTY}")], error_messages={"required": "Choose a setting"}
    )
    reason = forms.CharField(widget=forms.Textarea, error_messages={"required": "Enter a reason"})
    secret = forms.CharField(widget=forms.PasswordInput, error_messages={"required": "Enter a password"})
    file = forms.FileField(error_messages={"required": "Choose a file"})
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


FILLED = {
    "name": NASTY,
    "email": "no-address",
    "born_0": "31",
    "born_1": "2",
    "born_2": "2016",
    "level": "2",
    "kinds": ["b"],
    "sure": "on",
    "setting": "x",
    "reason": NASTY,
    "secret": "do not repeat",
    "version": "7",
}


def bound(data: dict[str, Any] | None = None) -> EveryKind:
    values = MultiValueDict({key: value if isinstance(value, list) else [value] for key, value in (data or {}).items()})
    return EveryKind(values, MultiValueDict())


def draw(form: forms.Form) -> str:
    page = Template("{% load hub %}{% error_summary form %}{{ form }}").render(Context({"form": form}))
    return re.sub(r"\s+", " ", page)


def controls(page: str) -> dict[str, str]:
    """Each control that has an id, with its whole tag."""
    tags = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    return {found[1]: tag for tag in tags if (found := re.search(r'\bid="([^"]+)"', tag))}


@pytest.mark.parametrize("form", [EveryKind(), bound(), bound(FILLED)], ids=["new", "empty", "filled"])
def test_nothing_that_was_named_or_typed_becomes_markup(form: forms.Form) -> None:
    page = draw(form)
    assert "<b " not in page
    assert page.count("&lt;b onclick=x&gt;&amp;&quot;&#x27;") >= 5


@pytest.mark.parametrize("form", [EveryKind(), bound(), bound(FILLED)], ids=["new", "empty", "filled"])
def test_the_browser_checks_nothing_by_itself(form: forms.Form) -> None:
    assert not re.search(r"\b(required|pattern)\b(=|>)", re.sub(r">[^<]*<", "><", draw(form)))


@pytest.mark.parametrize("form", [EveryKind(), bound(), bound(FILLED)], ids=["new", "empty", "filled"])
def test_every_control_has_a_label_or_a_legend_of_its_own(form: forms.Form) -> None:
    page = draw(form)
    ids = controls(page)
    visible = {name for name, tag in ids.items() if 'type="hidden"' not in tag}
    assert visible == set(re.findall(r'<label [^>]*for="([^"]+)"', page))
    assert page.count("<fieldset") == page.count("<legend") == 3


@pytest.mark.parametrize("form", [EveryKind(), bound(), bound(FILLED)], ids=["new", "empty", "filled"])
def test_hints_and_errors_are_tied_to_their_controls_and_ids_are_used_once(form: forms.Form) -> None:
    page = draw(form)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for described in re.findall(r'aria-describedby="([^"]+)"', page):
        assert set(described.split()) <= set(ids)
    for message in re.findall(r'<p id="([^"]+_error)"', page):
        assert re.search(rf'aria-describedby="[^"]*{message}', page), message


def test_the_summary_says_each_error_once_and_leads_to_the_first_control() -> None:
    form = bound()
    page = draw(form)
    summary = page[: page.index("</ul>")]
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)
    assert [unescape(words) for _, words in links] == [
        f"No {NASTY}",
        "Enter an e-mail address",
        "Enter the date of birth",
        "Choose a level",
        "Choose a kind",
        "Say that you are sure",
        "Choose a setting",
        "Enter a reason",
        "Enter a password",
        "Choose a file",
    ]
    ids = controls(page)
    assert [name for name, _ in links if name not in ids] == []
    assert ids["id_born_0"]
    assert links[2][0] == "id_born_0"


def test_errors_of_the_whole_form_stand_in_the_summary_too() -> None:
    form = bound(FILLED)
    form.add_error(None, f"Both cannot be {NASTY}")
    assert "<li>Both cannot be &lt;b onclick=x&gt;" in draw(form)


def test_a_form_without_errors_has_no_summary() -> None:
    assert "There is a problem" not in draw(EveryKind())


def test_checkboxes_are_checkboxes_and_radios_are_radios() -> None:
    ids = controls(draw(bound(FILLED)))
    assert 'type="checkbox"' in ids["id_kinds_0"]
    assert "govuk-checkboxes__input" in ids["id_kinds_0"]
    assert 'type="radio"' in ids["id_level_0"]
    assert "govuk-radios__input" in ids["id_level_0"]
    assert 'type="checkbox"' in ids["id_sure"]
    assert [name for name, tag in ids.items() if re.search(r"\bchecked\b", tag)] == [
        "id_level_1",
        "id_kinds_1",
        "id_sure",
    ]


def test_what_was_typed_comes_back_but_never_a_password() -> None:
    page = draw(bound(FILLED))
    assert "do not repeat" not in page
    for kept in (
        'value="no-address"',
        'value="31"',
        'value="2"',
        'value="2016"',
        'value="7"',
        '<option value="x" selected',
    ):
        assert kept in page


def test_a_hint_of_one_choice_is_tied_to_it() -> None:
    ids = controls(draw(EveryKind()))
    assert 'aria-describedby="id_level_1_hint"' in ids["id_level_1"]
    assert "aria-describedby" not in ids["id_level_0"]


def test_a_file_field_keeps_its_button_and_takes_a_file() -> None:
    form = EveryKind(MultiValueDict(), MultiValueDict({"file": [SimpleUploadedFile("x.csv", b"x")]}))
    assert "file" not in form.errors
    assert "govuk-file-upload" in controls(draw(form))["id_file"]


# ------------------------------------------------------------ a day in three boxes
class Dated(forms.Form):
    born = HubDateField(what="Date of birth")
    seen = HubDateField(what="Day seen", required=False)


def born(day: str, month: str, year: str) -> Dated:
    return Dated({"born_0": day, "born_1": month, "born_2": year})


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (("4", "5", "2016"), dt.date(2016, 5, 4)),
        ((" 04 ", "05", "2016"), dt.date(2016, 5, 4)),
        (("29", "2", "2024"), dt.date(2024, 2, 29)),
        (("31", "12", "1999"), dt.date(1999, 12, 31)),
    ],
)
def test_a_real_day_is_taken(typed: tuple[str, str, str], day: dt.date) -> None:
    form = born(*typed)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"born": day, "seen": None}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("", "", ""), "Enter the date of birth"),
        ((" ", "\t", ""), "Enter the date of birth"),
        (("4", "", "2016"), "Date of birth must include a day, month and year"),
        (("", "5", ""), "Date of birth must include a day, month and year"),
        (("30", "2", "2016"), "Date of birth must be a real date, like 27 3 2016"),
        (("29", "2", "2023"), "Date of birth must be a real date, like 27 3 2016"),
        (("four", "5", "2016"), "Date of birth must be a real date, like 27 3 2016"),
        (("4", "5", "-2016"), "Date of birth must be a real date, like 27 3 2016"),
        (("4", "5", "0"), "Date of birth must be a real date, like 27 3 2016"),
        (("4", "5", "99999"), "Date of birth must be a real date, like 27 3 2016"),
        (("4", "5", "9" * 5000), "Date of birth must be a real date, like 27 3 2016"),
        (("4", "5", "20\x0016"), "Null characters are not allowed."),
        (("4.0", "5", "2016"), "Date of birth must be a real date, like 27 3 2016"),
        (("+4", "5", "2016"), "Date of birth must be a real date, like 27 3 2016"),
        (("1_0", "5", "2016"), "Date of birth must be a real date, like 27 3 2016"),
    ],
)
def test_any_other_day_is_refused_with_one_sentence_and_stays_as_typed(typed: tuple[str, str, str], words: str) -> None:
    form = born(*typed)
    assert form.errors == {"born": [words]}
    assert [part["attrs"]["id"] for part in _values(form)] == ["id_born_0", "id_born_1", "id_born_2"]
    assert [part["value"] or "" for part in _values(form)] == list(typed)


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (1, "Date of birth must be in 1900 or later"),
        (1899, "Date of birth must be in 1900 or later"),
        (1900, None),
        (9999, "Date of birth must not lie more than 20 years in the future"),
    ],
)
def test_a_day_that_nobody_can_mean_is_a_slip_and_never_reckoned_with(year: int, words: str | None) -> None:
    form = born("31", "12", f"{year:04}")
    assert form.errors == ({"born": [words]} if words else {})


@pytest.mark.parametrize(
    ("ahead", "words"), [(19, None), (21, "Date of birth must not lie more than 20 years in the future")]
)
def test_nobody_means_a_day_more_than_twenty_years_ahead(ahead: int, words: str | None) -> None:
    form = born("31", "12", f"{timezone.localdate().year + ahead}")
    assert form.errors == ({"born": [words]} if words else {})


def test_a_day_in_one_box_has_the_same_bounds() -> None:
    class Days(forms.Form):
        since, until = day_field("From"), day_field("To")

    wrong = Days({"since": "1/1/0001", "until": "31/12/9999"})
    assert wrong.errors == {
        "since": ["From must be in 1900 or later"],
        "until": ["To must not lie more than 20 years in the future"],
    }
    assert Days({"since": "1/1/1900", "until": ""}).is_valid()


def test_a_room_can_ask_for_a_nearer_day() -> None:
    class Soon(forms.Form):
        by = HubDateField(what="Day by which it is done", years_ahead=1)

    far = timezone.localdate() + dt.timedelta(days=380)
    typed = {"by_0": str(far.day), "by_1": str(far.month), "by_2": str(far.year)}
    assert Soon(typed).errors == {"by": ["Day by which it is done must not lie more than a year in the future"]}


def test_a_day_on_record_is_shown_in_its_boxes() -> None:
    form = Dated(initial={"born": dt.date(2016, 5, 4)})
    assert [part["value"] for part in _values(form)] == ["4", "5", "2016"]


def test_an_optional_day_is_checked_once_it_is_begun() -> None:
    form = Dated({"born_0": "4", "born_1": "5", "born_2": "2016", "seen_0": "1"})
    assert form.errors == {"seen": ["Day seen must include a day, month and year"]}


def _values(form: Dated) -> list[dict[str, Any]]:
    return form["born"].subwidgets[0].data["subwidgets"]


def test_a_drop_down_keeps_its_groups_and_what_was_chosen() -> None:
    class Grouped(forms.Form):
        place = forms.ChoiceField(choices=[("", "Anywhere"), (f"Schools {NASTY}", [("1", "Larch"), ("2", "Alder")])])

    drawn = str(Grouped({"place": "2"})["place"])
    assert re.findall(r"<optgroup label=\"(.*?)\">", drawn) == [escape(f"Schools {NASTY}")]
    assert re.findall(r"<option value=\"(.*?)\"( selected)?>(.*?)</option>", drawn) == [
        ("", "", "Anywhere"),
        ("1", "", "Larch"),
        ("2", " selected", "Alder"),
    ]
    assert drawn.index("Anywhere") < drawn.index("<optgroup") < drawn.index("Larch") < drawn.index("</optgroup>")
