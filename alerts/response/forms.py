"""Forms of the setting: what it answers, whom it tells, what it does."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from alerts.delivery.enums import AT_THE_SETTING, AlertStatus, SentBack
from alerts.delivery.models import Alert
from alerts.files.enums import ShownItem, StaffRole
from alerts.intake.enums import NotificationKind
from alerts.readers.forms import LONGEST_TEXT, GiveForm, checked, long_text
from alerts.response import policies
from alerts.response.answers import Answer
from alerts.response.enums import ActionKind, ActionState, Concerns, Outcome, Support
from alerts.response.models import Response
from safeguarding.agencies.models import User
from safeguarding.web.forms import HubDateField, choice_field

_INVALID = "Select one of these"


def optional_text(label: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=f"{label} (optional)",
        help_text=hint,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"Enter {LONGEST_TEXT:,} characters or fewer"},
    )


def radios(label: str, choices: Any, missing: str, hint: str = "", *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=choices,
        required=required,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": _INVALID},
    )


class InboxFilter(forms.Form):
    """Names are sealed and cannot be searched; state and kind narrow the list."""

    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *((status.value, AlertStatus(status).label) for status in AT_THE_SETTING)],
    )
    kind = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *NotificationKind.choices])


class QuickAnswerForm(forms.Form):
    """On the alert itself: one choice and one button. Nothing chosen acknowledges, and the rest is said later (ALR-12)."""

    concerns = radios(
        "Do you know of anything else about this child?",
        Concerns.choices,
        "",
        "You can also acknowledge now and say this later.",
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    @property
    def answer(self) -> Answer:
        """What was not among the choices counts as nothing chosen."""
        self.is_valid()
        return Answer(concerns=self.cleaned_data.get("concerns") or "")

    @property
    def seen(self) -> int:
        """Up to which version the writer had seen what was said."""
        self.is_valid()
        return self.cleaned_data.get("version") or 0


class AnswerForm(forms.Form):
    """Everything that there is to consider, on one page that can be left and come back to (ALR-12, ALR-14)."""

    concerns = radios("Where does what you know leave you?", Concerns.choices, "Select where what you know leaves you")
    concerns.choice_hints = {  # type: ignore[attr-defined]  # read by HubBoundField
        Concerns.NONE: "It is logged in the child's file. Tell the staff who need to know, and monitor.",
        Concerns.ALLOCATED: "Liaise with that worker about what this means for the plans for the child.",
        Concerns.OTHER: "Discuss it with whom the alert names for questions. If that is the MASH, it may screen the notification again.",
    }
    known = optional_text(
        "What else is known in your setting", "Attendance, behaviour, what the child has said, earlier worries."
    )
    worker = forms.CharField(
        label="The allocated worker, and their team (optional)",
        required=False,
        max_length=200,
        error_messages={"max_length": "Enter 200 characters or fewer"},
    )
    adult_works = radios(
        "Does an adult who is named in it work with children or vulnerable adults?",
        [("yes", "Yes"), ("no", "No, or not that we know of")],
        "Select yes or no",
        "Tell the MASH and nobody else. Only the MASH decides whether an employer hears of it.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def answer(self) -> Answer:
        values = self.cleaned_data
        return Answer(
            concerns=Concerns(values["concerns"]),
            known=values["known"],
            worker=values["worker"],
            adult_works=values["adult_works"] == "yes",
        )

    @staticmethod
    def said(response: Response | None) -> dict[str, Any]:
        """What stands there now, as the form shows it."""
        if response is None:
            return {"version": 0}
        works = {True: "yes", False: "no"}.get(response.adult_works) if response.adult_works is not None else None
        return {
            "concerns": response.concerns,
            "known": response.known,
            "worker": response.worker,
            "adult_works": works,
            "version": response.version,
        }


class SeveralForm(forms.Form):
    """One answer for several alerts; each is acknowledged and recorded by itself."""

    concerns = radios("For all of these", Concerns.choices, "Select what is true of all of these")
    known = optional_text("What else is known", "It is written in the file of each child. Name no other child.")

    @property
    def answer(self) -> Answer:
        return Answer(concerns=Concerns(self.cleaned_data["concerns"]), known=self.cleaned_data["known"])


class SendBackForm(forms.Form):
    because = radios("Why does it go back?", SentBack.choices, "Select why it goes back")
    note = optional_text("What the hub should know", "Where the child went, if you know, and since when.")


class TellForm(GiveForm):
    """What one colleague needs to know, as what, why, and until when (ALR-16)."""

    as_role = radios("They are told as the child's", StaffRole.choices, "Select as what they are told")
    items = forms.MultipleChoiceField(
        label="What they see beside the child's name",
        help_text="Only what they need. They see nothing else of the alert.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _INVALID},
    )
    words = long_text(
        "What you ask of them", "What to look out for, and what to do. They read this.", "Enter what you ask of them"
    )
    field_order = ["as_role", "items", "words", "reason", "until"]

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any):
        super().__init__(*args, partnership=alert.partnership, **kwargs)
        gone = {
            ShownItem.DATE: alert.incident_on is None,
            ShownItem.BIRTH: alert.child_date_of_birth is None,
            ShownItem.ADULTS: not alert.adults,
        }
        choice_field(self, "items").choices = [(item.value, item.label) for item in ShownItem if not gone.get(item)]
        self.fields["reason"].label = "Why they need to know"
        self.fields["reason"].error_messages["required"] = "Enter why they need to know"
        self.fields["until"].label = "Last day on which they can read it"


class SupportForm(forms.Form):
    support = radios("What kind of support is it?", Support.choices, "Select silent or overt")
    note = optional_text("How", "Who does what, in words that a colleague can act on.")


class ActionForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="What will be done?",
        help_text="Choose all that apply.",
        choices=ActionKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what will be done", "invalid_choice": _INVALID},
    )
    owner = forms.ChoiceField(
        label="Who does it",
        help_text="Those who can see the alert, and colleagues whom you have told.",
        error_messages={"required": "Select who does it", "invalid_choice": "Select one of these people"},
    )
    due_on = HubDateField(what="Day by which it is due")
    note = optional_text("What exactly")

    def __init__(self, *args: Any, owners: Sequence[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.owners = {owner.code: owner for owner in owners}
        people = [("", "Choose a person"), *((code, each.name) for code, each in self.owners.items())]
        choice_field(self, "owner").choices = people

    def clean_due_on(self) -> Any:
        return checked(lambda day: policies.check_day_ahead(day, "day by which it is due"), self.cleaned_data["due_on"])

    def clean_kinds(self) -> list[ActionKind]:
        return [ActionKind(kind) for kind in self.cleaned_data["kinds"]]

    def clean_owner(self) -> User:
        return self.owners[self.cleaned_data["owner"]]


class EndActionForm(forms.Form):
    state = radios(
        "What became of it?",
        [(state.value, state.label) for state in (ActionState.DONE, ActionState.DROPPED)],
        "Select what became of it",
    )
    result = optional_text("What came of it")


class ReviewForm(forms.Form):
    note = optional_text("What the actions have come to", "Leave it empty if you only set the day.")
    next_on = HubDateField(
        what="Day of the next review", required=False, help_text="Leave it empty if there is no need."
    )

    def clean_next_on(self) -> Any:
        day = self.cleaned_data["next_on"]
        return checked(lambda each: policies.check_day_ahead(each, "day of the review"), day) if day else None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("note") and not values.get("next_on"):
            self.add_error("note", "Enter what the actions have come to, or the day of the next review")
        return values


class CloseForm(forms.Form):
    outcome = radios("How did it end?", Outcome.choices, "Select how it ended")
    note = optional_text("In your own words")


def in_two_weeks() -> dt.date:
    """A suggestion that a person can overwrite."""
    return timezone.localdate() + dt.timedelta(days=14)
