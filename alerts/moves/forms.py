"""Forms of transfers and moves."""

from collections.abc import Sequence
from typing import Any

from django import forms

from alerts.intake.forms import PatientForm, named_settings, setting_search
from alerts.moves import policies
from alerts.moves.enums import OF_ONE_CHILD, Destination, EndKind, MoveReason
from alerts.moves.selectors import Alike
from alerts.moves.services import Leaving
from safeguarding.agencies.models import Agency, Partnership
from safeguarding.errors import Refused
from safeguarding.web.forms import HubDateField, choice_field

_INVALID = "Select one of these"


def _text(label: str, missing: str, *, hint: str = "", most: int = 1000, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": missing, "max_length": f"Enter {most:,} characters or fewer"},
    )


def _line(label: str, missing: str, *, most: int = 160, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, error_messages={"required": missing, "max_length": f"Enter {most} characters or fewer"},
        **more,
    )  # fmt: skip


def _choice(label: str, choices: Any, missing: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": missing, "invalid_choice": _INVALID},
        **more,
    )


def _left_on() -> HubDateField:
    return HubDateField(what="Day on which the child left", help_text="The last day on your roll.")


class LeftOnMixin(forms.Form):
    def clean_left_on(self) -> Any:
        day = self.cleaned_data["left_on"]
        try:
            policies.check_left_on(day)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        return day


class LeavingForm(LeftOnMixin, PatientForm):
    """When the child left, why, and where the child goes as far as it is known (ALR-28)."""

    left_on = _left_on()
    reason = _choice("Why does the child leave?", [(each.value, each.label) for each in OF_ONE_CHILD], "Select why")
    destination = _choice("Where does the child go?", Destination.choices, "Select where the child goes")
    search = setting_search()
    setting = forms.ChoiceField(
        label="Which setting in the Hub?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the settings shown, or find another"},
    )
    outside_setting = _line("Name of the setting outside of the Hub", "", required=False)
    outside_name = _line("Name of its safeguarding lead", "", most=120, required=False)
    outside_email = forms.EmailField(
        label="E-mail address of its safeguarding lead",
        required=False,
        help_text="Phone the setting and ask for it. A link and a code go there, and whoever has both reads the file.",
        error_messages={"invalid": "Enter an e-mail address, like name@school.example"},
    )

    def __init__(self, *args: Any, settings: Sequence[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.settings = {str(setting.slug): setting for setting in settings}
        choice_field(self, "setting").choices = named_settings(self.settings)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        match cleaned.get("destination"):
            case Destination.HUB:
                self._needs("setting", "Find the setting, then choose it")
            case Destination.OUTSIDE:
                self._needs("outside_setting", "Enter the name of the setting")
                self._needs("outside_name", "Enter the name of its safeguarding lead")
                self._needs("outside_email", "Enter the e-mail address of its safeguarding lead")
        return cleaned

    def _needs(self, name: str, sentence: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    @property
    def leaving(self) -> Leaving:
        said = self.cleaned_data
        outside = {"setting": said["outside_setting"], "name": said["outside_name"], "email": said["outside_email"]}
        return Leaving(
            left_on=said["left_on"],
            reason=MoveReason(said["reason"]),
            destination=Destination(said["destination"]),
            setting=self.settings.get(said["setting"]),
            outside=outside,
        )


class RefuseForm(forms.Form):
    why = _text("Why do you send it back?", "Say why you send it back", hint="The sending setting reads it.", most=500)


class ReceiveForm(forms.Form):
    ours = forms.BooleanField(
        label="I have checked that this child is on our roll",
        error_messages={"required": "Check that the child is on your roll, and say so"},
    )


class GuestForm(forms.Form):
    """Receipt of somebody without an account, or back to the sender (ALR-28)."""

    answer = _choice(
        "Is this child yours?",
        [("ours", "Yes: the child is on our roll, and I have the file"), ("not_ours", "No: this is not our child")],
        "Select whether the child is yours",
    )
    name = _line("Your full name", "Enter your name", most=120)
    post = _line("Your post", "Enter your post", most=120)
    why = _text("If it is not your child: what do you know?", "", most=500, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("answer") == "not_ours" and not cleaned.get("why"):
            self.add_error("why", "Say why the child is not yours")
        return cleaned


def _partnership_choice(partnerships: Sequence[Partnership]) -> forms.ChoiceField:
    return _choice(
        "Which area does the child move to?", [(each.slug, each.name) for each in partnerships], "Select the area"
    )


class FlagForm(forms.Form):
    """Passing a child on to the next hub is a person's decision (MSH-09)."""

    decision = _choice(
        "What do you decide?",
        [("flag", "The other hub has to know: pass it on"), ("keep", "Do not pass it on")],
        "Select what you decide",
    )
    note = _text(
        "What the other hub has to know, or why it is not passed on",
        "Say what the other hub has to know, or why it is not passed on",
        hint="They read who the child is and what you write here, and nothing else of your record.",
        most=2000,
    )

    def __init__(self, *args: Any, partnerships: Sequence[Partnership], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.partnerships = {each.slug: each for each in partnerships}
        self.fields["to"] = _partnership_choice(partnerships)
        self.fields["to"].required = False
        self.order_fields(["decision", "to", "note"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("decision") == "flag" and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", "Select the area that the child moves to")
        return cleaned


class TakeUpForm(forms.Form):
    """Who the child is on the receiving hub's record; somebody new, or not in this area at all (ALR-03, MSH-09)."""

    NEW, NOT_HERE = "new", "not_here"
    who = forms.ChoiceField(
        label="Who is this child on your record?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select who the child is", "invalid_choice": _INVALID},
    )
    answer = _text("If the child is not in your area: what do you know?", "", most=1000, required=False)

    def __init__(self, *args: Any, alike: Sequence[Alike], **kwargs: Any):
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [
            *(
                (each.child.ref, f"{each.child.given_name} {each.child.family_name}, {each.child.ref}")
                for each in alike
            ),
            (self.NEW, "Nobody yet: put the child on record"),
            (self.NOT_HERE, "The child is not in our area"),
        ]
        who.choice_hints = {each.child.ref: ", ".join(each.likeness.reasons) for each in alike}  # type: ignore[attr-defined]  # read by HubBoundField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") == self.NOT_HERE and not cleaned.get("answer"):
            self.add_error("answer", "Say what you know of where the child is")
        return cleaned

    @property
    def child_ref(self) -> str:
        """Empty for a child who is not on record yet."""
        who = str(self.cleaned_data["who"])
        return "" if who == self.NEW else who


class MovedForm(LeftOnMixin):
    """The hub heard by itself that a child has moved away (MSH-09)."""

    left_on = HubDateField(what="Day on which the child moved", help_text="As far as you know.")

    def __init__(self, *args: Any, partnerships: Sequence[Partnership], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.partnerships = {each.slug: each for each in partnerships}
        self.fields["to"] = _partnership_choice(partnerships)


class EndForm(PatientForm):
    """A setting closes on a day, or merges into another (ALR-28)."""

    kind = _choice("What happens?", EndKind.choices, "Select what happens")
    ends_on = HubDateField(what="Last day", help_text="From that day on files and alerts can be handed over.")
    search = setting_search()
    successor = forms.ChoiceField(
        label="Into which setting does it merge?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the settings shown, or find another"},
    )

    def __init__(self, *args: Any, settings: Sequence[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.settings = {str(setting.slug): setting for setting in settings}
        choice_field(self, "successor").choices = named_settings(self.settings)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        merges = cleaned.get("kind") == EndKind.MERGES
        if merges and not cleaned.get("successor") and "successor" not in self.errors:
            self.add_error("successor", "Find the setting, then choose it")
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "kind": EndKind(values["kind"]),
            "ends_on": values["ends_on"],
            "successor": self.settings.get(values["successor"]),
        }
