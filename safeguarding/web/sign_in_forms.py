"""allauth's forms in our words: sentences for errors, no placeholders, hints that are text and not markup."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms

from safeguarding.web.passwords import PASSWORD_HINT


def _reword(form: forms.Form, name: str, label: str, *, missing: str, hint: str = "") -> None:
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)


def _code(form: forms.Form, hint: str) -> None:
    _reword(form, "code", "Code", missing="Enter the code", hint=hint)
    form.fields["code"].widget.attrs.update({"inputmode": "numeric", "class": "govuk-input--width-10"})


class SignInForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _reword(self, "login", "E-mail address", missing="Enter your e-mail address")
        self.fields["login"].error_messages["invalid"] = "Enter an e-mail address, like name@school.example"
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "spellcheck": "false"})
        _reword(self, "password", "Password", missing="Enter your password")


class ConfirmPasswordForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _reword(self, "password", "Password", missing="Enter your password")


class AskForLinkForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _reword(self, "email", "E-mail address", missing="Enter your e-mail address")
        self.fields["email"].error_messages["invalid"] = "Enter an e-mail address, like name@school.example"


def _new_passwords(form: forms.Form) -> None:
    _reword(form, "password1", "New password", missing="Enter a new password", hint=PASSWORD_HINT)
    _reword(form, "password2", "New password again", missing="Enter the new password again")


class NewPasswordForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _new_passwords(self)


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _reword(self, "oldpassword", "Current password", missing="Enter your current password")
        _new_passwords(self)


class CodeForm(codes.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _code(self, "Six digits from your authenticator app, or one of your recovery codes.")


class ConfirmCodeForm(codes.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _code(self, "Six digits from your authenticator app, or one of your recovery codes.")


class SetUpAppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _code(self, "The six digits that the app shows now.")


_NAME_HINT = "So that you know it again, such as the device that it is on."


class AddPasskeyForm(passkeys.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _reword(self, "name", "Name of the passkey", missing="Enter a name", hint=_NAME_HINT)
        self.fields["passwordless"].label = "Sign in with this passkey alone, without a password"
        self.fields["passwordless"].help_text = "Your device asks for your fingerprint, face or PIN instead."
        self.fields["credential"].error_messages["required"] = "Your device did not make a passkey. Try again."


class RenamePasskeyForm(passkeys.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _reword(self, "name", "Name of the passkey", missing="Enter a name", hint=_NAME_HINT)
