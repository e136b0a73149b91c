"""The steps of a referral, one thing a page, and the forms of the hub; each keeps what was typed (MSH-05, MSH-06)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from alerts.intake.content import UNBORN
from alerts.intake.enums import DecisionReason
from alerts.intake.forms import NEW_CHILD, PatientForm
from alerts.referrals import policies
from alerts.referrals.content import ReferredChild
from alerts.referrals.enums import Consent, Outcome, WithoutConsent
from alerts.screening.enums import Rag
from alerts.screening.policies import hours_for
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Partnership
from safeguarding.web.forms import HubDateField, choice_field

LONGEST = 8000
_YES_NO = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]


def _line(label: str, *, needed: str = "", hint: str = "", longest: int = 120, width: int = 0) -> forms.CharField:
    return forms.CharField(
        label=label if needed else f"{label} (if known)",
        required=bool(needed),
        max_length=longest,
        help_text=hint,
        widget=forms.TextInput(attrs={"class": f"govuk-input--width-{width}"} if width else {}),
        error_messages={"required": needed, "max_length": f"{label} must be {longest} characters or fewer"},
    )


def _text(label: str, *, needed: str = "", hint: str = "", rows: int = 8) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(needed),
        max_length=LONGEST,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": needed, "max_length": f"Enter {LONGEST:,} characters or fewer"},
    )


def _radios(label: str, choices: Any, *, needed: str = "", hint: str = "", **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=bool(needed),
        help_text=hint,
        widget=forms.RadioSelect,
        error_messages={"required": needed, "invalid_choice": "Select one of these"},
        **kwargs,
    )


class StepForm(PatientForm):
    """One page of a referral; its title stands on the page and over the answers."""

    title = ""
    intro: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, str]]:
        """What was answered, in words, without the questions that were left empty."""
        found = [(str(field.label), self._words(name)) for name, field in self.fields.items()]
        return [(label.removesuffix(" (if known)"), words) for label, words in found if words]

    def _words(self, name: str) -> str:
        value, field = self.cleaned_data.get(name), self.fields[name]
        if value in (None, ""):
            return ""
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices)[value])  # type: ignore[arg-type]  # flat choices
        return f"{value.day} {value:%B %Y}" if isinstance(value, dt.date) else str(value)


class YouForm(StepForm):
    title = "About you"
    name = _line("Your name", needed="Enter your name")
    post = _line("Your post", needed="Enter your post", hint="For example, health visitor or class teacher")
    phone = _line(
        "Telephone",
        needed="Enter a telephone number",
        hint="Where we reach you today and tomorrow",
        longest=30,
        width=20,
    )
    knows = _line("How you know the child", needed="Enter how you know the child", longest=300)


class ChildForm(StepForm):
    title = "A child"
    intro = (
        "Fill in what you know. A child who is not born yet, or whose date of birth nobody knows, can be referred like any other.",
    )
    born = _radios(
        "Is the child born?",
        [("yes", "Yes"), ("no", "Not yet")],
        needed="Select whether the child is born",
        initial="yes",
    )
    given_name = _line("First name", hint="Leave it empty if the child is not born yet")
    family_name = _line("Last name", hint="The mother’s last name if the child is not born yet")
    date_of_birth = HubDateField(
        what="Date of birth", label="Date of birth (if known)", required=False, help_text="For example, 27 3 2016"
    )
    estimated_age = forms.IntegerField(
        label="About how old, in years (if you do not know the date of birth)",
        required=False,
        min_value=0,
        max_value=17,
        help_text="Your best estimate. 0 is a baby in the first year.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-2", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Enter the age as a number of years, like 7",
            "min_value": "Enter an age from 0 to 17",
            "max_value": "Enter an age from 0 to 17. A worry about an adult goes to adult social care",
        },
    )
    due_on = HubDateField(
        what="Expected date of birth", label="Expected date of birth (if the child is not born yet)", required=False
    )
    setting = _line("School, nursery or college", longest=160)
    nhs_number = _line("NHS number", longest=20, width=20)
    upn = _line("Unique pupil number (UPN)", longest=20, width=20)
    needs = _text("What we should know when we meet the child", hint="Language, disability, faith, safe places", rows=3)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        self._check_unborn(data) if data["born"] == "no" else self._check_born(data)
        return data

    def _check_unborn(self, data: dict[str, Any]) -> None:
        if not data["family_name"]:
            self.add_error("family_name", "Enter the mother’s last name, so that we find the child once it is born")
        if data["date_of_birth"]:
            self.add_error("date_of_birth", "A child with a date of birth is born. Use the expected date below")

    def _check_born(self, data: dict[str, Any]) -> None:
        for name, words in (("given_name", "first name"), ("family_name", "last name")):
            if not data[name]:
                self.add_error(name, f"Enter the child’s {words}, or what people call the child")
        born, today = data["date_of_birth"], timezone.localdate()
        if born is None and data["estimated_age"] is None:
            self.add_error("date_of_birth", "Enter the date of birth, or about how old the child is below")
        if born and born > today:
            self.add_error("date_of_birth", "The date of birth is in the future. Is the child not born yet?")
        elif born and (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) >= 18:
            self.add_error(
                "date_of_birth", "This person is 18 or over. A worry about an adult goes to adult social care"
            )

    @property
    def child(self) -> ReferredChild:
        data = self.cleaned_data
        unborn = data["born"] == "no"
        return ReferredChild(
            given_name=UNBORN if unborn else data["given_name"],
            family_name=data["family_name"],
            date_of_birth=None if unborn else data["date_of_birth"],
            estimated_age=None if unborn or data["date_of_birth"] else data["estimated_age"],
            unborn=unborn,
            due_on=data["due_on"] if unborn else None,
            setting=data["setting"],
            upn=data["upn"] or None,
            nhs_number=data["nhs_number"] or None,
        )

    def rows(self) -> list[tuple[str, str]]:
        """Who the child is, in one line, then the rest."""
        left_out = ("born", "given_name", "family_name", "date_of_birth", "estimated_age", "due_on")
        more = [
            (str(field.label).removesuffix(" (if known)"), words)
            for name, field in self.fields.items()
            if name not in left_out and (words := self._words(name))
        ]
        return [("Name", self.child.name), ("Age", self.child.age), *more]


class AdultForm(StepForm):
    title = "An adult in the child’s life"
    name = _line("Name", needed="Enter the name, or what people call this person")
    relation = _line("Relationship to the child", needed="Enter who this person is to the child")
    date_of_birth = HubDateField(what="Date of birth", label="Date of birth (if known)", required=False)
    lives_with = _radios(
        "Does this person live with the child?", _YES_NO, needed="Select one of these", initial="unknown"
    )


class FamilyForm(StepForm):
    title = "Home and family"
    address = _text("Where the child lives", needed="Enter where the child lives, as far as you know", rows=3)
    household = _text("Who else lives there, and who has parental responsibility", rows=4)


class WorriesForm(StepForm):
    title = "What are you worried about?"
    intro = (
        "What has happened, or may happen, to the child? Say what you saw or heard, when, and who told you. Keep what you "
        "think about it apart from what you know.",
    )
    worries = _text("Your worries", needed="Enter what you are worried about", rows=12)


class WorkingForm(StepForm):
    title = "What is working well?"
    working = _text("What keeps the child safe, and who helps", hint="Leave it empty if you do not know", rows=8)


class NeedsForm(StepForm):
    title = "What must happen?"
    needs = _text("What you think must happen now", needed="Enter what you think must happen", rows=8)


class ScoreForm(StepForm):
    title = "How worried are you?"
    score = _radios(
        "From 1 to 10",
        [
            ("1", "1: not worried"),
            *((str(n), str(n)) for n in range(2, 10)),
            ("10", "10: the child may come to serious harm"),
        ],
        needed="Select how worried you are",
    )
    why = _text("Why this number", rows=3)


class DoneForm(StepForm):
    title = "What has been done so far?"
    done = _text("What you and others have done", needed="Enter what has been done, or “nothing yet”", rows=6)
    others = _text("Who else works with the family", rows=3)


class ConsentForm(StepForm):
    title = "Consent to this referral"
    intro = (
        "Talk with the family first where you can, and ask for consent. Do not ask if it would put the child or somebody "
        "else at more risk, harm the investigation of a serious crime, or cost time that the child does not have.",
    )
    consent = _radios("Was consent asked for?", Consent.choices, needed="Select whether consent was asked for")


class GivenForm(StepForm):
    title = "The consent that was given"
    by_whom = _line("Who gave consent", needed="Enter who gave consent", hint="Name, and who they are to the child")
    given_on = HubDateField(what="Date of the consent", required=True)
    limits = _text("Limits on the consent", hint="With whom it may not be shared, or what may not be said", rows=4)

    def clean_given_on(self) -> Any:
        if self.cleaned_data["given_on"] > timezone.localdate():
            raise forms.ValidationError("The date of the consent is in the future")
        return self.cleaned_data["given_on"]


class WithoutForm(StepForm):
    title = "Why without consent"
    because = _radios("The reason", WithoutConsent.choices, needed="Select why you refer without consent")
    explain = _text("On what you base this", needed="Enter on what you base this", rows=5)
    agreed_by = _line("Who in your organisation agreed", longest=160)
    family_knows = _radios(
        "Does the family know that you refer?", _YES_NO, needed="Select whether the family knows", initial="unknown"
    )


_STEPS: dict[str, type[StepForm]] = {
    "you": YouForm,
    "family": FamilyForm,
    "worries": WorriesForm,
    "working": WorkingForm,
    "needs": NeedsForm,
    "score": ScoreForm,
    "done": DoneForm,
    "consent": ConsentForm,
    "given": GivenForm,
    "without": WithoutForm,
}
NUMBERED: dict[str, tuple[type[StepForm], int]] = {
    "child": (ChildForm, policies.MOST_CHILDREN),
    "adult": (AdultForm, policies.MOST_ADULTS),
}


def form_of(step: str) -> type[StepForm] | None:
    """The form of a step: by its name, or for the third child by "child-3"."""
    kind, _, number = step.rpartition("-")
    if kind in NUMBERED:
        known, most = NUMBERED[kind]
        return known if number.isascii() and number.isdigit() and 1 <= int(number) <= most else None
    return _STEPS.get(step)


class SenderChoice(forms.Form):
    """For which agency, where a person could refer for several."""

    sender = forms.ChoiceField(
        label="For whom do you refer?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select for whom you refer", "invalid_choice": "Select one of these"},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "sender").choices = list(choices)
        if len(choices) == 1:
            del self.fields["sender"]


class AskForm(forms.Form):
    """Who asks for a link: says nothing of a child."""

    area = forms.ChoiceField(
        label="Where does the child live?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select where the child lives", "invalid_choice": "Select one of these"},
    )
    name = _line("Your name", needed="Enter your name")
    organisation = _line("Your organisation", needed="Enter the name of your organisation", longest=160)
    kind = forms.ChoiceField(
        label="What kind of organisation it is",
        choices=[("", "Choose one"), *AgencyKind.choices],
        error_messages={"required": "Choose what kind of organisation it is", "invalid_choice": "Choose one of these"},
    )
    email = forms.EmailField(
        label="Your e-mail address at work",
        help_text="The link and a code go to this address, and nothing about the child ever does.",
        max_length=200,
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address, like name@nursery.example",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, areas: Sequence[Partnership], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.areas = {each.slug: each for each in areas}
        choice_field(self, "area").choices = [(each.slug, each.name) for each in areas]

    @property
    def asked(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return {**data, "partnership": self.areas[data.pop("area")]}


class VersionForm(forms.Form):
    """Carries which version of the record was shown; several stand on one page, so each has ids of its own."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("auto_id", f"{type(self).__name__.removesuffix('Form').lower()}_%s")
        super().__init__(*args, **kwargs)


def _reason(label: str, hint: str = "") -> forms.CharField:
    return _text(label, needed="Enter the reason", hint=hint, rows=5)


class TriageForm(VersionForm):
    rag = _radios("How urgent is it?", Rag.choices, needed="Select red, amber or green")
    reason = _reason("Why", "Kept encrypted, for the hub alone.")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any):
        super().__init__(*args, **kwargs)
        hints = {rag.value: f"Within {hours_for(partnership, rag)} hours of receipt" for rag in Rag}
        self.fields["rag"].choice_hints = hints  # type: ignore[attr-defined]  # read by HubBoundField


class DecideForm(VersionForm):
    outcome = _radios("What do you decide?", Outcome.choices, needed="Select what you decide")
    reason = _reason("Your reasons", "Kept encrypted, for the hub alone.")
    feedback = _text(
        "What the referrer is told",
        hint="Leave it empty to send the usual words for this decision. The referrer reads this behind a link; no e-mail carries it.",
        rows=5,
    )
    tell = _radios(
        "Tell the referrer",
        [("now", "Now"), ("later", "Later: the clock goes on until they are told")],
        needed="Select when the referrer is told",
        initial="now",
    )


class TellForm(VersionForm):
    feedback = _text("What the referrer is told", needed="Enter what the referrer is told", rows=6)


class SameChildForm(forms.Form):
    """Whether a child of a referral is one on record, and why a person is sure (ALR-03)."""

    same_as = forms.ChoiceField(
        label="Who is this child?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say who this child is", "invalid_choice": "Choose one of the children shown"},
    )
    reason = _radios("Why are you sure?", DecisionReason.choices, needed="Say why you are sure")

    def __init__(self, *args: Any, refs: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choice_field(self, "same_as").choices = [
            *((ref, f"The same child as record {number}") for number, ref in enumerate(refs, 1)),
            (NEW_CHILD, "Another child: make a new record"),
        ]


class FoundForm(forms.Form):
    """What the weekly meeting found (MSH-07)."""

    found = _text("What you found", needed="Enter what you found", hint="Kept encrypted. Do not name a child.", rows=6)
