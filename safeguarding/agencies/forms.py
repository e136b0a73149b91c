"""Forms of the members' pages and of accepting an invitation."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from safeguarding.agencies import selectors
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.policies import not_given_here, roles_for
from safeguarding.web.forms import HubDateField, choice_field
from safeguarding.web.passwords import PASSWORD_HINT

# What a role opens, in words, at the point where it is given.
ROLE_HINTS = {
    Role.DSL: "Gets alerts about children here, and reads them.",
    Role.DEPUTY_DSL: "Gets alerts that the lead has not opened in time.",
    Role.HEAD: "Gets alerts that nobody else has opened in time.",
    Role.HOLIDAY_CONTACT: "Gets alerts while the setting is closed.",
    Role.SETTING_STAFF: "Sees nothing by this role alone.",
    Role.EHE_OFFICER: "Gets alerts about children who are educated at home.",
    Role.AUTHORITY_CONTACT: "Gets an alert where nobody at the setting may read it, or is there to.",
    Role.LADO: "Receives what the MASH refers about adults who work with children.",
    Role.MASH_OFFICER: "Screens notifications and decides.",
    Role.MASH_MANAGER: "Screens notifications, and watches what is overdue.",
    Role.POLICE_OFFICER: "Sends notifications, and sees how far they have got.",
    Role.SOCIAL_WORKER: "Asks for strategy discussions, and records return interviews.",
    Role.SOCIAL_CARE_MANAGER: "Convenes and chairs strategy discussions, and records them.",
    Role.IG_LEAD: "Sees who opened what, and no content.",
    Role.AGENCY_ADMIN: "Invites people, changes roles and ends memberships. Sees no records.",
}


def _roles_field(agency: Agency, held: Iterable[Role]) -> forms.MultipleChoiceField:
    lasting = not_given_here(agency, held)
    field = forms.MultipleChoiceField(
        label="Roles",
        choices=[(role.value, role.label) for role in (*roles_for(agency.kind), *lasting)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choose at least one role",
            "invalid_choice": "Choose roles from the list",
        },
    )
    ends = {role.value: f"{agency.name} cannot give this role back once it has ended." for role in lasting}
    field.choice_hints = {role.value: hint for role, hint in ROLE_HINTS.items()} | ends  # type: ignore[attr-defined]  # read by HubBoundField
    return field


class RolesForm(forms.Form):
    def __init__(self, *args: Any, agency: Agency, held: Iterable[Role] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["roles"] = _roles_field(agency, held)


class InviteForm(RolesForm):
    email = forms.EmailField(
        label="E-mail address",
        help_text="At work. The invitation goes there, and this person signs in with it.",
        error_messages={
            "required": "Enter an e-mail address",
            "invalid": "Enter an e-mail address, like name@school.example",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=254,
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        help_text="For the agency's administrators and its IG lead. No name or detail of a child.",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Enter the reason",
            "max_length": "Enter the reason in at most 400 characters",
        },
    )


class TrainingForm(forms.Form):
    course = forms.ChoiceField(
        label="Course",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a course", "invalid_choice": "Choose a course from the list"},
    )
    completed_on = HubDateField(what="Day of completion", help_text="For example, 27 3 2026")
    evidence = forms.CharField(
        label="Evidence",
        help_text="What you have seen: a certificate and its number, a register. No health or personal details.",
        max_length=200,
        error_messages={
            "required": "Enter what you have seen as evidence",
            "max_length": "Enter the evidence in at most 200 characters",
        },
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.courses = {f"{each.partnership.slug}/{each.key}": each for each in selectors.courses_of(agency)}
        choice_field(self, "course").choices = [(key, each.name) for key, each in self.courses.items()]

    @property
    def values(self) -> dict[str, Any]:
        """As the service takes them."""
        return {**self.cleaned_data, "course": self.courses[self.cleaned_data["course"]]}


class JoinForm(forms.Form):
    name = forms.CharField(
        label="Your full name",
        help_text="As colleagues in other agencies should see it.",
        max_length=120,
        error_messages={"required": "Enter your full name", "max_length": "Enter a name of at most 120 characters"},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password",
        help_text=PASSWORD_HINT,
        strip=False,
        error_messages={"required": "Enter a password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            try:
                validate_password(cleaned["password"], User(email=self.email, name=cleaned.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned
