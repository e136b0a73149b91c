"""Forms of a safeguarding file."""

from typing import Any

from django import forms
from django.utils import timezone

from alerts.files import policies
from alerts.files.enums import WRITTEN_BY_HAND, ChildsPart, EntryKind, Link, PersonsPart, Relation
from alerts.files.selectors import Filters, Linked
from alerts.files.services import Note
from safeguarding.errors import Refused
from safeguarding.refs import normalise_ref
from safeguarding.web.forms import HubDateField

# A note of a long phone call; whoever writes more adds another entry.
LONGEST_NOTE = 8000
_INVALID = "Select one of these"
_ALSO = "also_"
_NOT_LINKED_NOW = (
    "A file that you chose is not linked to this one now. Nothing was saved, and what you wrote is still here. "
    "Check below into whose files the note goes, then save again."
)


def _note(label: str, missing: str, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": missing, "max_length": f"Enter {LONGEST_NOTE:,} characters or fewer"},
    )


def _choice(label: str, choices: Any, missing: str, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, error_messages={"required": missing, "invalid_choice": _INVALID}, **more
    )


class ChronologyFilter(forms.Form):
    """What narrows the chronology; nothing of it is needed."""

    kind = forms.ChoiceField(label="Kind of entry", required=False, choices=[("", "Anything"), *EntryKind.choices])
    since = HubDateField(what="From this day", required=False)
    until = HubDateField(what="Until this day", required=False)

    def filters(self, cursor: str) -> Filters:
        chosen = self.cleaned_data if self.is_valid() else {}
        return Filters(kind=chosen.get("kind", ""), since=chosen.get("since"), until=chosen.get("until"), cursor=cursor)


class NoteForm(forms.Form):
    """One note, in this child's file and in those of linked children; for each child its own part."""

    kind = _choice(
        "What kind of note is it?",
        [(kind.value, kind.label) for kind in WRITTEN_BY_HAND],
        "Select what kind of note it is",
        widget=forms.RadioSelect,
    )
    happened_on = HubDateField(what="Day on which it happened", help_text="Not the day on which you write it down.")
    text = _note("What happened", "Enter what happened", "Say what was seen and heard, and what is only thought.")

    def __init__(self, *args: Any, child: str, linked: list[Linked], **kwargs: Any):
        super().__init__(*args, **kwargs)
        parts = [("", "Not said"), *ChildsPart.choices]
        self.fields["part"] = forms.ChoiceField(label=f"What {child} had to do with it", choices=parts, required=False)
        # By the file and not by its place in the list, which may be another when the note is saved.
        self.linked = {f"{_ALSO}{each.file.ref}": each for each in linked}
        for name, each in self.linked.items():
            whose = f"{each.file.child_given_name} {each.file.child_family_name}"
            self.fields[name] = forms.ChoiceField(
                label=f"Write it in the file of {whose} too?",
                help_text=each.kind.label,
                choices=[("", "No"), *((value, f"Yes: {label.lower()}") for value, label in ChildsPart.choices)],
                required=False,
            )

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        try:
            policies.check_can_have_happened(day)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from None
        return day

    def clean(self) -> dict[str, Any] | None:
        """A file that was chosen and is not offered any more: the writer looks again, for no note can be taken back (ALR-15)."""
        chosen = {name for name, value in self.data.items() if name.startswith(_ALSO) and value}
        if chosen - self.linked.keys():
            raise forms.ValidationError(_NOT_LINKED_NOW)
        return super().clean()

    @property
    def note(self) -> Note:
        values = self.cleaned_data
        return Note(EntryKind(values["kind"]), values["happened_on"], values["text"], values["part"])

    @property
    def also(self) -> dict[str, str]:
        """By reference of a linked file, the part of that child."""
        chosen = {each.file.ref: self.cleaned_data[name] for name, each in self.linked.items()}
        return {ref: part for ref, part in chosen.items() if part}


class AddendumForm(forms.Form):
    text = _note("What you add", "Enter what you add", "It stands below the entry, with your name and the time.")


class PersonForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=160,
        error_messages={"required": "Enter the name", "max_length": "Enter 160 characters or fewer"},
    )
    relation = _choice("Who they are to the child", Relation.choices, "Select who they are", widget=forms.RadioSelect)
    part = _choice(
        "Their part, as far as you know it", PersonsPart.choices, "Select their part", widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Anything else (optional)",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "Enter 1,000 characters or fewer"},
    )


class LinkForm(forms.Form):
    ref = forms.CharField(
        label="Reference of the other child's file",
        help_text="It stands in your list of files, like F-7K3M-Q9XD.",
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter the reference of the other file",
            "max_length": "Enter the reference, like F-7K3M-Q9XD",
        },
    )
    kind = _choice(
        "How they belong together", Link.choices, "Select how they belong together", widget=forms.RadioSelect
    )

    def clean_ref(self) -> str:
        ref = normalise_ref(self.cleaned_data["ref"])
        if ref is None:
            raise forms.ValidationError("Check the reference: a character in it is wrong")
        return ref


def today() -> Any:
    """A suggestion that a person can overwrite."""
    return timezone.localdate()
