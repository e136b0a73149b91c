"""What a guest types before anything is shown."""

from django import forms


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        help_text="Six digits, in the e-mail that has just been sent.",
        max_length=10,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-5"}
        ),
        error_messages={"required": "Enter the code"},
    )
