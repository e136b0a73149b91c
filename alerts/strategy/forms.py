"""Forms of strategy discussions."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from agreements.decisions.enums import NOT_TOLD, Told
from alerts.intake.content import UNBORN
from alerts.intake.forms import TimeField
from alerts.readers.selectors import Found
from alerts.strategy import policies
from alerts.strategy.enums import OUTCOMES, ActionState, Capacity, DissentKind, InquiryState, Means
from alerts.strategy.models import DiscussionInvitation, StrategyDiscussion
from alerts.strategy.sharing import Telling
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Agency
from safeguarding.children.matching import Details
from safeguarding.web.forms import HubDateField, choice_field

LONGEST = 4000
MOST_CHILDREN = 3
_YES_NO = (("yes", "Yes"), ("no", "No"))


def _text(label: str, missing: str, hint: str = "", rows: int = 3, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing, "max_length": f"Enter {LONGEST:,} characters or fewer"},
    )


def _radios(label: str, choices: Iterable[Any], missing: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=hint,
        choices=list(choices),
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": missing},
    )


def _time(label: str, missing: str) -> TimeField:
    return TimeField(
        label=label,
        help_text="On the 24-hour clock, like 14:30",
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
    )


class MomentForm(forms.Form):
    """A day and a time of day, in England."""

    day: str
    time: str

    def moment(self) -> dt.datetime:
        values = self.cleaned_data
        return dt.datetime.combine(values[self.day], values[self.time], tzinfo=LONDON)


class AskForm(forms.Form):
    reason = _text(
        "Why a strategy discussion is needed",
        "Enter why a strategy discussion is needed",
        "What makes you suspect that a child suffers, or is likely to suffer, significant harm. Whoever is invited reads it.",
        rows=5,
    )
    in_hospital = forms.BooleanField(
        label="A child is in hospital",
        required=False,
        help_text="Then the hospital’s staff take part.",
    )
    told = _radios(
        "Does the family know that agencies share information?",
        Told.choices,
        "Say whether the family knows",
        "Asked once, for everything that is shared in this discussion.",
    )
    told_by = HubDateField(
        what="Day by which they are told", years_ahead=1, help_text="Only if they will be told.", required=False
    )
    told_words = _text(
        "Why they are not told", "", "Only if they are not told. Kept encrypted.", rows=2, required=False
    )

    def __init__(self, *args: Any, authorities: Sequence[Agency], by_hand: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.authorities = {agency.slug: agency for agency in authorities}
        self.by_hand = by_hand
        if len(self.authorities) > 1:
            choices = [(slug, agency.name) for slug, agency in self.authorities.items()]
            self.fields["authority"] = _radios("Local authority", choices, "Select the local authority")
        for number in range(1, MOST_CHILDREN + 1) if by_hand else ():
            self._child(number)
        if by_hand:
            self.order_fields([*(n for n in self.fields if n[-1].isdigit()), *self.fields])

    def _child(self, number: int) -> None:
        which = "Child" if number == 1 else f"Child {number} (if there is another)"
        unborn = f"For a child who is not born yet: {UNBORN}."
        for name, label, hint, missing in (
            (f"given_{number}", f"{which}: first name", unborn, "Enter the child’s first name"),
            (f"family_{number}", f"{which}: last name", "", "Enter the child’s last name"),
        ):
            self.fields[name] = forms.CharField(
                label=label, help_text=hint, required=number == 1, max_length=120, error_messages={"required": missing}
            )
        self.fields[f"born_{number}"] = HubDateField(
            what=f"{which}: date of birth",
            required=False,
            help_text="Leave empty if it is not known or the child is unborn.",
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        told = values.get("told")
        if told == Told.TO_BE_TOLD and "told_by" not in self.errors and not values.get("told_by"):
            self.add_error("told_by", "Enter the day by which they are told")
        if told in NOT_TOLD and not values.get("told_words"):
            self.add_error("told_words", "Enter why they are not told")
        for number in range(2, MOST_CHILDREN + 1) if self.by_hand else ():
            self._check_named(number, values)
        return values

    def _check_named(self, number: int, values: dict[str, Any]) -> None:
        """A child of whom anything is said is named in full, and so left out by nobody's oversight (STR-01)."""
        given, family, born = (f"{part}_{number}" for part in ("given", "family", "born"))
        if not any(values.get(name) or name in self.errors for name in (given, family, born)):
            return
        for name, missing in (
            (given, f"Enter the first name of child {number}, or “{UNBORN}”"),
            (family, f"Enter the last name of child {number}"),
        ):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, missing)

    @property
    def authority(self) -> Agency:
        return self.authorities[self.cleaned_data.get("authority") or next(iter(self.authorities))]

    @property
    def telling(self) -> Telling:
        values = self.cleaned_data
        told = Told(values["told"])
        return Telling(
            told,
            values["told_words"] if told in NOT_TOLD else "",
            values["told_by"] if told == Told.TO_BE_TOLD else None,
        )

    @property
    def asked(self) -> dict[str, Any]:
        """What the service wants to know."""
        values = self.cleaned_data
        return {
            "authority": self.authority,
            "reason": values["reason"],
            "in_hospital": values["in_hospital"],
            "telling": self.telling,
        }

    @property
    def children(self) -> list[Details]:
        values = self.cleaned_data
        return [
            Details(values[f"given_{n}"], values[f"family_{n}"], values[f"born_{n}"], None, None)
            for n in range(1, MOST_CHILDREN + 1)
            if values.get(f"given_{n}") and values.get(f"family_{n}")
        ]


class ArrangeForm(MomentForm):
    day, time = "starts_on", "starts_time"
    starts_on = HubDateField(what="Day of the discussion")
    starts_time = _time("Time of the discussion", "Enter the time of the discussion")
    means = _radios("How it is held", Means.choices, "Select how it is held")
    where = _text(
        "Where, or how to join",
        "Enter where it is, or how to join",
        "A room, a number to dial, a link. Only people who are invited see it.",
        rows=2,
    )


class InviteForm(forms.Form):
    capacity = _radios("This person takes part for", (), "Select for whom this person takes part")
    can_decide = forms.BooleanField(
        label="They are senior enough to decide for their agency",
        error_messages={"required": "Make sure that they can decide for their agency, or choose somebody who can"},
    )

    def __init__(self, *args: Any, found: Found, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(each.value, each.label) for each in policies.capacities_for(found.agency)]
        choice_field(self, "capacity").choices = choices
        self.fields["capacity"].initial = choices[0][0]

    @property
    def chosen(self) -> Capacity:
        return Capacity(self.cleaned_data["capacity"])


class DeputyForm(forms.Form):
    can_decide = forms.BooleanField(
        label="They are senior enough to decide for your agency",
        error_messages={"required": "Make sure that they can decide for your agency, or choose somebody who can"},
    )


class HeldForm(MomentForm):
    day, time = "held_on", "held_time"
    held_on = HubDateField(what="Day on which it was held")
    held_time = _time("Time at which it was held", "Enter the time at which it was held")
    means = _radios("How it was held", Means.choices, "Select how it was held")
    attended = forms.MultipleChoiceField(
        label="Who took part, besides you",
        help_text="Only who can see the discussion stands here. Invite others first.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    out_of_hours = forms.BooleanField(
        label="It was held out of hours", required=False, help_text="By telephone; the day team is told."
    )
    emergency = forms.BooleanField(
        label="It was an emergency, held on what was known",
        required=False,
        help_text="Only where the police or health could not take part in time.",
    )
    because = _text("Why it could not wait", "", "Only in an emergency. Kept encrypted.", required=False)
    follow_up_on = HubDateField(
        what="Day on which those who were missing are brought in", help_text="Only in an emergency.", required=False
    )

    def __init__(self, *args: Any, invitations: Sequence[DiscussionInvitation], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "attended").choices = [
            (each.code, f"{each.user.name}, {each.agency.name} ({Capacity(each.capacity).label})")
            for each in invitations
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("emergency"):
            if not values.get("because"):
                self.add_error("because", "Enter why it could not wait")
            if not values.get("follow_up_on") and "follow_up_on" not in self.errors:
                self.add_error("follow_up_on", "Enter the day on which those who were missing are brought in")
        return values


class ReasonForm(forms.Form):
    because = _text("Why it is not held", "Enter why it is not held", "Who asked and who was invited reads it.")


class RecordForm(forms.Form):
    """The decisions that a record says something of; none is left out by oversight (STR-04)."""

    inquiry_starts = _radios("Does a section 47 enquiry start?", _YES_NO, "Say whether a section 47 enquiry starts")
    investigation = _radios(
        "Is there a criminal investigation?", _YES_NO, "Say whether there is a criminal investigation"
    )
    timing = _text(
        "Its timing, and how evidence is gathered",
        "Enter the timing, or that there is none",
        "Led by the police.",
        rows=2,
    )
    child = _text(
        "What the child is told",
        "Enter what the child is told, or why nothing",
        "Nothing that endangers the child or an investigation.",
        rows=2,
    )
    family = _text("What the family is told", "Enter what the family is told, or why nothing", rows=2)
    immediate = _text(
        "Immediate action to keep the child safe", "Enter the immediate action, or that none is needed", rows=3
    )
    legal = _text("Legal action", "Enter the legal action, or that none is needed", rows=2)
    minutes = _text(
        "What was said and why it was decided",
        "Enter what was said",
        "Say which of it is fact and which is opinion, and from whom it comes.",
        rows=8,
    )

    DECISIONS = ("timing", "child", "family", "immediate", "legal")

    @property
    def decided(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "inquiry_starts": values["inquiry_starts"] == "yes",
            "investigation": values["investigation"] == "yes",
            "decisions": {name: values[name] for name in self.DECISIONS},
            "minutes": values["minutes"],
        }


class ActionForm(forms.Form):
    owner = _radios("Who does it", (), "Select who does it")
    what = _text("What they do", "Enter what they do", rows=2)
    due_on = HubDateField(what="Day by which it is done")

    def __init__(
        self, *args: Any, discussion: StrategyDiscussion, there: Sequence[DiscussionInvitation], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.owners = {"authority": (discussion.controller, None)} | {
            each.code: (each.agency, each.user) for each in there
        }
        choices = [("authority", discussion.controller.name)]
        choices += [(each.code, f"{each.user.name}, {each.agency.name}") for each in there]
        choice_field(self, "owner").choices = choices

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("The day by which it is done must be today or later")
        return day

    @property
    def chosen(self) -> dict[str, Any]:
        agency, owner = self.owners[self.cleaned_data["owner"]]
        return {
            "agency": agency,
            "owner": owner,
            "what": self.cleaned_data["what"],
            "due_on": self.cleaned_data["due_on"],
        }


class ReportForm(forms.Form):
    state = _radios(
        "What has become of it",
        [(each.value, each.label) for each in (ActionState.DONE, ActionState.NOT_DONE)],
        "Say what has become of it",
    )
    note = _text("In a sentence", "Enter a sentence", "Everybody who has the record reads it.", rows=2)


class ConferenceForm(MomentForm):
    day, time = "conference_on", "conference_time"
    conference_on = HubDateField(what="Day of the conference")
    conference_time = _time("Time of the conference", "Enter the time of the conference")


class OutcomeForm(forms.Form):
    outcome = _radios(
        "Outcome of the section 47 enquiry", [(each.value, each.label) for each in OUTCOMES], "Select the outcome"
    )
    feedback = _text(
        "What partners are told",
        "Enter what partners are told",
        "Everybody who was invited, and who asked, reads it.",
        rows=4,
    )

    @property
    def chosen(self) -> InquiryState:
        return InquiryState(self.cleaned_data["outcome"])


class DissentForm(forms.Form):
    kind = _radios("What do you want to say?", DissentKind.choices, "Select what you want to say")
    reason = _text("Your reason", "Enter your reason", "The chair reads it. Kept encrypted.", rows=5)


class AnswerForm(forms.Form):
    answer = _text("Your answer", "Enter your answer", "Who raised it reads it.", rows=4)
