"""Forms of signing in and of one's own account, in our own words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.text import clean_line
from motcua.registry.access.errors import Slow
from motcua.registry.access.models import Account
from motcua.registry.access.services.factors import use_code_once
from motcua.registry.access.services.throttle import FACTOR, Try, count, forget

_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "off",
    "spellcheck": "false",
}
# What a made-up answer of a passkey can break in the parser, which tells us only some of it.
_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, IndexError)


def _limited(account: Account) -> Try:
    tries = Try(FACTOR, str(account.pk))
    try:
        count(tries, at=timezone.now())
    except Slow as slow:
        raise ValidationError(str(slow)) from None
    return tries


class CodeForm(AuthenticateForm):
    """A one-time password or a recovery code, each good once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the app, or a recovery code")
        self.fields["code"].widget.attrs = dict(_CODE)
        self.fields["code"].error_messages["required"] = _("Enter the six digits the app shows.")

    def clean_code(self) -> str:
        tries = _limited(self.user)
        code = super().clean_code()
        is_totp = self.authenticator.type == Authenticator.Type.TOTP
        plain = "".join(char for char in code if char.isalnum())
        if is_totp and not use_code_once(self.user, plain, at=timezone.now()):
            raise get_adapter().validation_error("incorrect_code")
        forget(tries)
        return code


class PasskeyForm(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        tries = _limited(self.user)
        try:
            authenticator = super().clean_credential()
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
        forget(tries)
        return authenticator


class AddCodeAppForm(ActivateTOTPForm):
    """The first code proves that app and server agree; it is used up by that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("The six digits the app shows now")
        self.fields["code"].widget.attrs = dict(_CODE)
        self.fields["code"].error_messages["required"] = _("Enter the six digits the app shows.")

    def clean_code(self) -> str:
        tries = _limited(self.user)
        code = super().clean_code()
        use_code_once(self.user, "".join(char for char in code if char.isalnum()), at=timezone.now())
        forget(tries)
        return code


class AddPasskeyForm(AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of the passkey"), max_length=60, help_text=_("For instance: office computer.")
    )

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None


class InvitationForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the invitation"),
        max_length=40,
        help_text=_("Sixteen letters and digits, as in ABCD-EFGH-JKMN-PQRS."),
        error_messages={"required": _("Enter the code of your invitation.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def _password(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, **options)


class PasswordForm(forms.Form):
    """The password one has."""

    password = _password(
        _("Password"), "current-password", error_messages={"required": _("Enter your password.")}
    )


class NewPasswordForm(forms.Form):
    """A password to be, typed twice. `account`: whose; what is like their name is refused."""

    password = _password(
        _("New password"),
        "new-password",
        help_text=_("At least 12 characters. Several words are easier to keep than signs."),
        error_messages={"required": _("Enter a new password.")},
    )
    again = _password(
        _("New password once more"),
        "new-password",
        error_messages={"required": _("Enter the new password once more.")},
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"password", "again"} <= cleaned.keys() and cleaned["password"] != cleaned["again"]:
            self.add_error("again", _("The two passwords differ. Enter the same twice."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    old = _password(
        _("Password so far"),
        "current-password",
        error_messages={"required": _("Enter the password you have now.")},
    )
    field_order = ["old", "password", "again"]
