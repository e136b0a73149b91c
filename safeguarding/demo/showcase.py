"""Every component of the interface with invented content, for eyes and for axe."""

import datetime as dt
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from safeguarding.web.forms import HubDateField
from safeguarding.web.paging import KeysetPage


class ShowcaseForm(forms.Form):
    name = forms.CharField(
        label="Name of the <setting>", help_text="As on its sign.", error_messages={"required": "Enter the name"}
    )
    born = HubDateField(what="Date of birth", help_text="For example, 27 3 2016")
    level = forms.ChoiceField(
        label="Level of need",
        choices=[("1", "Universal"), ("2", "Targeted"), ("3", "Specialist")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level of need"},
    )
    level.choice_hints = {"3": "The setting is contacted."}  # type: ignore[attr-defined]  # read by HubBoundField
    kinds = forms.MultipleChoiceField(
        label="Kinds of notification",
        choices=[("domestic_abuse", "Domestic abuse"), ("missing", "Missing")],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind"},
    )
    sure = forms.BooleanField(label="I have checked this", error_messages={"required": "Say that you have checked it"})
    setting = forms.ChoiceField(
        label="Setting",
        choices=[("", "Choose one"), ("a", "Invented Primary School")],
        error_messages={"required": "Choose a setting"},
    )
    reason = forms.CharField(
        label="Reason", widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": "Enter a reason"}
    )
    file = forms.FileField(label="File", required=False, help_text="CSV, at most 32 MB.")


def showcase(data: QueryDict | None) -> dict[str, Any]:
    now = timezone.now()
    long_name = "Ánh-Nguyệt ʻAlohilani " + "Quillfeather-Featherstonehaugh" * 3
    return {
        "form": ShowcaseForm(data) if data is not None else ShowcaseForm(),
        "now": now,
        "later": now + dt.timedelta(hours=2, minutes=5),
        "names": ["Ottilie Quillfeather", "O’Brien-Ó Súilleabháin", "شهد الريّس", "李小龍", long_name],
        "colours": ["grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"],
        "entries": [
            {"title": "Sent", "by": "The hub, by itself", "when": now, "text": ""},
            {"title": "Opened", "by": "شهد الريّس", "when": now, "text": "Purpose: to plan support today."},
        ],
        "people": [
            {"name": "You", "role": "Designated Safeguarding Lead", "agency": "Invented School", "why": "Addressed."},
            {"name": "Robin Vane", "role": "", "agency": "", "why": "Jo Marsh gave access until 3 May."},
        ],
        "items": [
            {"title": "All", "href": "?", "active": True, "count": "1,000+"},
            {"title": "Overdue", "href": "?overdue=1", "active": False, "count": 2},
        ],
        "page": KeysetPage([], "abc", False),
    }
