"""The questions on the way to a decision, in plain words (SHR-01 to SHR-07, SHR-13)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from agreements.decisions.enums import (
    SCHEDULE_1,
    Basis,
    CapacityState,
    ConsentBy,
    ConsentState,
    Currency,
    Duty,
    Ended,
    GillickFactor,
    Nation,
    Nature,
    NotSought,
    Outcome,
    Purpose,
    Told,
    WhyNot,
)
from agreements.decisions.fields import line, radios, text
from agreements.register.enums import Article6, Article9, Item, Part3, Schedule1
from safeguarding.agencies.models import Agency
from safeguarding.errors import Refused
from safeguarding.notifications.addresses import check_may_carry_content
from safeguarding.web.forms import HubDateField, choice_field, day_field

NO_PURPOSE, NO_BASIS, OUTSIDE = "none", "none", "outside"
YES_NO = [("yes", "Yes"), ("no", "No")]


class QuestionsForm(forms.Form):
    """The path: purpose, who is told apart, consent, another lawful reason, and what is decided (SHR-01)."""

    to = radios("To whom?", [], missing="Say to whom it would go")
    outside_name = line("Name of the body", "Only for a body that is not in the Hub.")
    nation = forms.ChoiceField(
        label="Where the body is",
        required=False,
        choices=[("", "Choose a place"), *Nation.choices],
        help_text="Only for a body that is not in the Hub. Information stays in the United Kingdom.",
    )
    address = forms.EmailField(
        label="E-mail address there",
        required=False,
        help_text="Only if it would be sent by e-mail.",
        error_messages={"invalid": "Enter an e-mail address like name@example.gov.uk"},
    )
    address_override = line(
        "Why it may go to an address that is not secure",
        "Only if the address is not of a secure domain and the encrypted link cannot be used.",
    )
    purpose = radios(
        "What is it for?",
        [*Purpose.choices, (NO_PURPOSE, "None of these: there is no clear and legitimate purpose")],
        missing="Say what it is for",
    )
    items = forms.MultipleChoiceField(
        label="What would be shared?",
        help_text="Only what they need for that purpose.",
        required=False,
        choices=Item.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list"},
    )
    identifies = radios("Would it tell who somebody is?", YES_NO, missing="Say whether it tells who somebody is")
    consent = radios(
        "Is there consent?",
        ConsentState.choices,
        missing="Say whether there is consent",
        not_sought="It would raise a risk, prejudice an investigation, or delay what cannot wait.",
        not_relied_on="An agreement, a duty or a court lets us share it, whether or not they agree.",
    )
    basis = radios(
        "What is the lawful reason?",
        [*Basis.choices, (NO_BASIS, "There is none")],
        missing="Say what the lawful reason is",
        vital="It is necessary to protect somebody's life.",
        law_enforcement="Only for police, probation and others who enforce the law.",
    )
    outcome = radios("What do you decide?", Outcome.choices, missing="Say what you decide")

    def __init__(self, *args: Any, to: Agency | None, recipients: Iterable[Agency], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if to is not None:
            for name in ("to", "outside_name", "nation", "address", "address_override"):
                del self.fields[name]
        else:
            known = [(agency.slug, agency.name) for agency in recipients]
            choice_field(self, "to").choices = [*known, (OUTSIDE, "A body that is not in the Hub")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        sharing = cleaned.get("outcome") == Outcome.SHARE
        if cleaned.get("to") == OUTSIDE:
            self._check_outside(cleaned)
        if sharing and not cleaned.get("items"):
            self.add_error("items", "Choose what would be shared")
        if sharing and cleaned.get("purpose") == NO_PURPOSE:
            self.add_error("outcome", "Without a legitimate purpose it is not shared. Choose another answer")
        elif sharing and cleaned.get("identifies") == "yes" and cleaned.get("basis") == NO_BASIS:
            self.add_error("outcome", "Without a lawful reason it is not shared. Choose another answer")
        if sharing and cleaned.get("basis") == Basis.CONSENT and cleaned.get("consent") != ConsentState.GIVEN:
            self.add_error("basis", "Consent is a lawful reason only where it was given")
        return cleaned

    def _check_outside(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("address"):
            self._check_address(cleaned["address"], cleaned.get("address_override", ""))
        if not cleaned.get("outside_name"):
            self.add_error("outside_name", "Enter the name of the body")
        if not cleaned.get("nation"):
            self.add_error("nation", "Say where the body is")
        elif cleaned["nation"] == Nation.ELSEWHERE:
            self.add_error("nation", "Information is not sent outside the United Kingdom. Nothing was sent")

    def _check_address(self, address: str, override: str) -> None:
        try:
            check_may_carry_content(address, override=override)
        except Refused as refusal:
            self.add_error("address", refusal.sentence)


class SharingForm(forms.Form):
    """Why, what they may do with it, and whether the person is told (SHR-02, SHR-13)."""

    advice_given = text("What was advised?", missing="Enter what was advised")
    reason = text("Why do you share it?", "Two sentences are enough. Kept encrypted.", missing="Enter why you share it")
    use = text("What may they use it for?", missing="Enter what they may use it for", rows=2)
    duty = radios("Which duty?", Duty.choices, missing="Say which duty in law it is")
    told = radios("Is the person told that it is shared?", Told.choices, missing="Say whether the person is told")
    told_by = HubDateField(
        what="Day by which they are told", years_ahead=1, required=False, help_text="Only if they will be told."
    )
    told_words = text("Why they are not told", "Only if they are not told.", rows=2)
    article_6 = forms.ChoiceField(
        label="Article 6", required=False, choices=[("", "None: Part 3 is used"), *Article6.choices]
    )
    article_9 = forms.ChoiceField(
        label="Article 9",
        required=False,
        choices=[("", "None: no special category"), *Article9.choices],
    )
    schedule_1 = forms.ChoiceField(
        label="Schedule 1 of the Data Protection Act 2018",
        required=False,
        help_text="Needed with Article 9(2)(g).",
        choices=[("", "None"), *[(each.value, Schedule1(each).label) for each in SCHEDULE_1]],
    )
    part_3 = forms.ChoiceField(label="Part 3, law enforcement", required=False, choices=Part3.choices)

    LAW = ("article_6", "article_9", "schedule_1", "part_3")

    def __init__(self, *args: Any, identifies: bool, duty: bool, advised: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        unneeded = [
            *(() if advised else ("advice_given",)),
            *(() if duty else ("duty",)),
            *(() if identifies else ("told", "told_by", "told_words", *self.LAW)),
        ]
        for name in unneeded:
            del self.fields[name]

    def plain(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in self.LAW]

    def law(self) -> list[Any]:
        return [self[name] for name in self.fields if name in self.LAW]

    def law_is_wrong(self) -> bool:
        return any(name in self.errors for name in self.LAW)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        told = cleaned.get("told")
        if told == Told.TO_BE_TOLD and "told_by" not in self.errors and not cleaned.get("told_by"):
            self.add_error("told_by", "Enter the day by which they are told")
        if told in (Told.RISK, Told.PREJUDICE, Told.UNREACHABLE) and not cleaned.get("told_words"):
            self.add_error("told_words", "Enter in a sentence why they are not told")
        if cleaned.get("article_9") == Article9.PUBLIC_INTEREST and not cleaned.get("schedule_1"):
            self.add_error("schedule_1", "Article 9(2)(g) needs condition 10, 11 or 18. Choose one")
        return cleaned


class NotSharingForm(forms.Form):
    """Why it is not shared (SHR-01, s16LA Children Act 2004)."""

    advice_given = text("What was advised?", missing="Enter what was advised")
    why_not = radios(
        "Why is it not shared?",
        WhyNot.choices,
        missing="Say why it is not shared",
        detriment="Where information is relevant to a child's welfare, this is the reason the law knows.",
    )
    reason = text("What makes it so?", "Two sentences are enough. Kept encrypted.", missing="Enter what makes it so")

    def __init__(self, *args: Any, advised: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not advised:
            del self.fields["advice_given"]


class AdviceForm(forms.Form):
    """Whom to ask, and what (SHR-01)."""

    advice_from = line(
        "Whom do you ask?",
        "Your information-governance lead, Caldicott Guardian, legal adviser or a named professional.",
        missing="Enter whom you ask",
    )
    advice_question = text(
        "What do you ask?", "Where you can, without saying who it is about.", missing="Enter what you ask"
    )


class SafeguardsForm(forms.Form):
    """What has to stand beside a decision that rests on consent, or goes ahead without it (SHR-04 to SHR-07)."""

    by = radios("Who gave consent?", ConsentBy.choices, missing="Say who gave consent")
    name = line("Their name", "Kept encrypted.", missing="Enter their name")
    on = HubDateField(what="Day on which consent was given")
    explicit = forms.BooleanField(
        label="They said so themselves, in words or in writing",
        error_messages={"required": "Consent that was not explicit cannot be relied on"},
    )
    informed = forms.BooleanField(
        label="They know what is shared, with whom and why, and that they can withdraw at any time",
        error_messages={"required": "Consent that was not informed cannot be relied on"},
    )
    limits = text(
        "Does it have limits?", "What they do not want shared, or with whom. Leave empty if it has none.", rows=2
    )
    assessed_by = line("Who found that the child can decide this?", "Only for a child under 16 who decides alone.")
    factors = forms.MultipleChoiceField(
        label="What did they look at?",
        required=False,
        choices=GillickFactor.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Only for a child under 16 who decides alone.",
    )
    able = forms.ChoiceField(
        label="What did they find?",
        required=False,
        choices=[
            ("", "Choose an answer"),
            ("yes", "The child can decide this"),
            ("no", "The child cannot decide this"),
        ],
        help_text="Only for a child under 16 who decides alone.",
    )
    decision = line("For which decision?", "Only for a child under 16 who decides alone. The next one is asked anew.")
    not_sought = radios("Why is consent not asked for?", NotSought.choices, missing="Say why consent is not asked for")
    authorised_by = line(
        "Who authorised sharing without consent?",
        "Name and post.",
        missing="Enter who authorised sharing without consent",
    )
    authorised_because = text("Why?", missing="Enter why sharing without consent was authorised", rows=2)
    proportionate = text(
        "Is it proportionate to what you want to achieve?", missing="Enter whether it is proportionate", rows=2
    )
    vulnerability = text("Who is at risk, and how vulnerable are they?", missing="Enter who is at risk", rows=2)
    impact = text(
        "What will it do to the person whom it is about?", missing="Enter what it will do to the person", rows=2
    )
    other_means = text("Is there another way that works as well?", missing="Enter whether there is another way", rows=2)
    necessary = text(
        "Is it necessary to prevent or detect crime, or to protect others?", missing="Enter why it is necessary", rows=2
    )
    capacity = radios(
        "Was an adult's capacity to decide this assessed?",
        CapacityState.choices,
        missing="Say whether an adult's capacity was assessed",
    )
    capacity_words = text("By whom and when, or why not", "Not needed where no adult's consent is in question.", rows=2)

    OF_CONSENT = ("by", "name", "on", "explicit", "informed", "limits")
    OF_GILLICK = ("assessed_by", "factors", "able", "decision")
    OF_NONE = ("authorised_by", "authorised_because")
    OF_PUBLIC_INTEREST = ("proportionate", "vulnerability", "impact", "other_means", "necessary")
    OF_CAPACITY = ("capacity", "capacity_words")

    def __init__(self, *args: Any, consent: str, basis: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        without = consent in (ConsentState.REFUSED, ConsentState.NOT_SOUGHT)
        wanted = [
            *((*self.OF_CONSENT, *self.OF_GILLICK) if consent == ConsentState.GIVEN else ()),
            *(("not_sought",) if consent == ConsentState.NOT_SOUGHT else ()),
            *(self.OF_NONE if without else ()),
            *(self.OF_PUBLIC_INTEREST if basis == Basis.PUBLIC_INTEREST else ()),
            *(self.OF_CAPACITY if without or basis in (Basis.PUBLIC_INTEREST, Basis.VITAL) else ()),
        ]
        for name in set(self.fields) - set(wanted):
            del self.fields[name]

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] > timezone.localdate():
            raise forms.ValidationError("Day on which consent was given must be today or earlier")
        return self.cleaned_data["on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("by") == ConsentBy.CHILD:
            for name, sentence in (
                ("assessed_by", "Enter who found that the child can decide this"),
                ("factors", "Choose what they looked at"),
                ("decision", "Enter for which decision the child was assessed"),
            ):
                if not cleaned.get(name):
                    self.add_error(name, sentence)
            if cleaned.get("able") != "yes":
                self.add_error("able", "A child who was not found able to decide this cannot consent alone")
        if cleaned.get("capacity", CapacityState.NO_ADULT) != CapacityState.NO_ADULT and not cleaned["capacity_words"]:
            self.add_error("capacity_words", "Enter who assessed capacity and when, or why nobody did")
        return cleaned


class WithdrawForm(forms.Form):
    words = text("What they said, to whom and when", "Kept encrypted.", missing="Enter what they said")


class EndForm(forms.Form):
    because = radios(
        "Why does it end?",
        [(each.value, each.label) for each in (Ended.NOT_NEEDED, Ended.MISTAKE)],
        missing="Say why it ends",
    )


class TellForm(forms.Form):
    told = radios("Was the person told?", [], missing="Say whether the person was told")
    words = text("Why they are not told", "Only if they are not told.", rows=2)

    def __init__(self, *args: Any, possible: Iterable[Told], **kwargs: Any):
        super().__init__(*args, **kwargs)
        words = {Told.TOLD: "Yes, they have been told"}
        choice_field(self, "told").choices = [(each.value, words.get(each, each.label)) for each in possible]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("told") not in (None, Told.TOLD) and not cleaned.get("words"):
            self.add_error("words", "Enter in a sentence why they are not told")
        return cleaned


class RegisterFilter(forms.Form):
    """Which decisions to show; nothing of it is needed."""

    outcome = forms.ChoiceField(label="Outcome", required=False, choices=[("", "Any"), *Outcome.choices])
    basis = forms.ChoiceField(label="Lawful reason", required=False, choices=[("", "Any"), *Basis.choices])
    told = forms.ChoiceField(label="Is the person told?", required=False, choices=[("", "Any"), *Told.choices])
    to = forms.CharField(label="To whom", required=False, max_length=120, help_text="Part of the name of the agency")
    since = day_field("From")
    until = day_field("To")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", "To must be the same day as From, or later")
        return cleaned


class ProvenanceForm(forms.Form):
    """Asked of every item that is passed on; a room's form adds what the item says (SHR-08)."""

    nature = radios("Is it fact or opinion?", Nature.choices, missing="Say whether it is fact, opinion or both")
    currency = radios("Is it current?", Currency.choices, missing="Say whether it is current or historical")
    originator = line(
        "Whose information is it?", "The body or person it comes from.", missing="Enter whose information it is"
    )
    originated_on = HubDateField(
        what="Day from which it is", required=False, help_text="Leave empty if it is not known."
    )
