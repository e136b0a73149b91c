"""Forms of letting in, shutting out, and opening in an emergency."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from alerts.readers import policies
from alerts.readers.enums import EmergencyBecause, Finding, Scope, ShutBecause
from alerts.readers.selectors import Subject
from safeguarding.agencies.models import Partnership
from safeguarding.errors import Refused
from safeguarding.web.forms import HubDateField, choice_field

LONGEST_TEXT = 1000
_TOO_LONG = f"Enter {LONGEST_TEXT:,} characters or fewer"


def long_text(label: str, hint: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing, "max_length": _TOO_LONG},
    )


class GiveForm(forms.Form):
    reason = forms.CharField(
        label="Why this person needs to see it",
        help_text="They read this, and so does everybody else who can see the record. Do not name the child.",
        max_length=200,
        error_messages={
            "required": "Enter why this person needs to see it",
            "max_length": "Enter 200 characters or fewer",
        },
    )
    until = HubDateField(what="Last day of access")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        latest = policies.last_day(partnership)
        self.fields["until"].help_text = f"Access ends with this day. At the latest {latest.day} {latest:%B %Y}."

    def clean_until(self) -> Any:
        return checked(policies.check_can_last, self.partnership, self.cleaned_data["until"])


def checked(check: Any, *values: Any) -> Any:
    """The last of `values`, if the rule allows it; its sentence stands at the field otherwise."""
    try:
        check(*values)
    except Refused as refusal:
        raise forms.ValidationError(refusal.sentence) from None
    return values[-1]


class ShutOutForm(forms.Form):
    reach = forms.ChoiceField(
        label="Shut this person out of",
        widget=forms.RadioSelect,
        error_messages={"required": "Select how far it reaches", "invalid_choice": "Select one of these"},
    )
    because = forms.ChoiceField(
        label="Why",
        choices=ShutBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select why", "invalid_choice": "Select one of these"},
    )
    note = long_text("What you know", "Kept encrypted, for those who may lift it.", "Enter what you know")
    review_on = HubDateField(what="Date of the review", help_text="When somebody looks at this again, within a year.")

    def __init__(self, *args: Any, subject: Subject, children: list[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.children = {child.ref: child for child in children}
        whole = [
            (ref, f"Everything about {child.given_name} {child.family_name}") for ref, child in self.children.items()
        ]
        if not whole:
            whole = [(Scope.CHILD.value, Scope.CHILD.label)]
        only = [] if subject.word == "child" else [(Scope.RECORD.value, f"This {subject.word} only")]
        choice_field(self, "reach").choices = [*whole, *only]

    def clean_review_on(self) -> Any:
        return checked(policies.check_can_review_on, self.cleaned_data["review_on"])

    @property
    def decided(self) -> dict[str, Any]:
        """What the service wants to know."""
        values = self.cleaned_data
        return {
            "scope": Scope.RECORD if values["reach"] == Scope.RECORD else Scope.CHILD,
            "child": self.children.get(values["reach"]),
            "because": ShutBecause(values["because"]),
            "note": values["note"],
            "review_on": values["review_on"],
        }


class LiftForm(forms.Form):
    because = long_text("Why this person may see it again", "Kept encrypted beside the exclusion.", "Enter the reason")


class EmergencyForm(forms.Form):
    ref = forms.CharField(
        label="Reference of the record",
        help_text="As it was read to you or stands in an e-mail, like A-7K3M-Q9XD.",
        max_length=20,
        error_messages={"required": "Enter the reference", "max_length": "Enter the reference, like A-7K3M-Q9XD"},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
    )
    because = forms.ChoiceField(
        label="What is the emergency?",
        choices=EmergencyBecause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the emergency is", "invalid_choice": "Select one of these"},
    )
    reason = long_text(
        "What has happened, and why it cannot wait",
        "Who reviews it reads this. It is kept encrypted.",
        "Enter what has happened",
    )

    def not_there(self) -> None:
        """One sentence for absent, out of reach and shut out (NTK-01, NTK-05)."""
        self.add_error(
            "ref",
            "No record that you can open in an emergency has this reference. Nothing was opened, and the attempt was "
            "recorded. Check the reference, or phone the front door.",
        )


class ReviewForm(forms.Form):
    finding = forms.ChoiceField(
        label="What did you find?",
        choices=Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you found", "invalid_choice": "Select one of these"},
    )
    note = long_text(
        "How you came to it", "Whom you asked, and what follows. Kept encrypted.", "Enter how you came to it"
    )


def suggested_day(partnership: Partnership) -> Any:
    """A week, or less where the partnership allows less."""
    return min(timezone.localdate() + dt.timedelta(days=7), policies.last_day(partnership))
