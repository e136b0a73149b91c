from typing import Any

from django import forms

from alerts.intake.enums import NotificationKind, Risk, Route
from alerts.screening import policies
from alerts.screening.enums import AT_SCREENING, Decision
from safeguarding.agencies.models import Partnership
from safeguarding.errors import Refused

LONGEST_REASON = 2000


class QueueFilter(forms.Form):
    kind = forms.ChoiceField(label="About", required=False, choices=[("", "Anything"), *NotificationKind.choices])
    risk = forms.ChoiceField(
        label="Risk",
        required=False,
        choices=[("", "Any"), *reversed(Risk.choices), ("none", "Not given")],
    )


def _level_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Level of need",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select the level of need",
            "invalid_choice": "Select a level of the partnership's continuum",
        },
    )


class ScreenForm(forms.Form):
    """Level of need by the partnership's own continuum, decision, reason (MSH-01, ALR-11)."""

    level = _level_field()
    decision = forms.ChoiceField(
        label="Decision",
        choices=[(each.value, each.label) for each in AT_SCREENING],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select what is to happen",
            "invalid_choice": "Select one of the decisions offered",
        },
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Why this level and this decision. Do not repeat what the police wrote: that is deleted, this is kept.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter the reason",
            "max_length": f"The reason must be {LONGEST_REASON:,} characters or fewer",
        },
    )
    version = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Look at the notification again, then decide"}
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        decision = self.fields["decision"]
        _offer_levels(self.fields["level"], partnership)
        decision.choice_hints = {  # type: ignore[attr-defined]  # read by HubBoundField
            choice.value: _levels_with(choice, partnership) for choice in AT_SCREENING
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "level" in cleaned and "decision" in cleaned:
            try:
                policies.check_can_decide(self.partnership, cleaned["level"], Decision(cleaned["decision"]))
            except Refused as refusal:
                self.add_error("decision", refusal.sentence)
        return cleaned


class RouteForm(forms.Form):
    to = forms.ChoiceField(
        label="Who is told of this child?",
        choices=Route.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who is told", "invalid_choice": "Select one of these"},
    )
    to.choice_hints = {  # type: ignore[attr-defined]  # read by HubBoundField
        Route.HEAD: "Neither the DSL nor a deputy sees the alert. If nobody is head there, it goes to the local authority.",
        Route.AUTHORITY: "Nobody at the setting sees the alert. The local authority's safeguarding contact gets it.",
    }


class RescreenForm(forms.Form):
    """The level of need as it looks after talking with the setting; the earlier screening stays (ALR-13)."""

    level = _level_field()
    reason = forms.CharField(
        label="Reason",
        help_text="What you learnt that changes it. The police content is deleted: rest it on what was said since.",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter the reason",
            "max_length": f"The reason must be {LONGEST_REASON:,} characters or fewer",
        },
    )
    seen = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": "Look at the screenings again, then decide"}
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _offer_levels(self.fields["level"], partnership)


def _offer_levels(field: Any, partnership: Partnership) -> None:
    """The partnership's own continuum, in its own words (MSH-01)."""
    levels = partnership.continuum
    field.choices = [(each["level"], f"Level {each['level']}: {each['name']}") for each in levels]
    field.choice_hints = {str(each["level"]): each["description"] for each in levels}


def _levels_with(decision: Decision, partnership: Partnership) -> str:
    names = [each["name"] for each in partnership.continuum if decision in policies.decisions_at(each)]
    return f"At {', '.join(names)}" if names and len(names) < len(partnership.continuum) else ""
