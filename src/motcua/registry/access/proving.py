"""The second factor once more, on a page of another room, before something that one click does many times."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest

from motcua.registry.access.services.factors import list_factors
from motcua.registry.access.web.forms import CodeForm, PasskeyForm
from motcua.registry.access.web.guards import account_of


class SecondFactorProof:
    """What a page asks for and what came back: a code from the app or a recovery code, or a passkey's answer.

    Who has no second factor, which the installation then allows, is asked for none. Tries are limited as at sign-in.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._account = account_of(request)
        factors = {factor.type for factor in list_factors(self._account)}
        sent = request.POST if request.method == "POST" else None
        by_passkey = sent is not None and bool(sent.get("credential"))
        self.is_asked = bool(factors)
        self.code_form = CodeForm(None if by_passkey else sent, user=self._account)
        self.passkey_form = (
            PasskeyForm(sent if by_passkey else None, user=self._account)
            if Authenticator.Type.WEBAUTHN in factors
            else None
        )

    def is_given(self) -> bool:
        """Whether it was proved, or need not be. Uses the code up: to be asked once, when all else is right."""
        if not self.is_asked:
            return True
        form = self.passkey_form if self.passkey_form and self.passkey_form.is_bound else self.code_form
        if not form.is_valid():
            return False
        form.save()
        return True

    def context(self) -> dict[str, Any]:
        """For the page: `factor_form`, and where there is a passkey `passkey_form` and `passkey_data`."""
        if not self.is_asked:
            return {}
        passkey = (
            {
                "passkey_form": self.passkey_form,
                "passkey_data": {"request_options": begin_authentication(self._account)},
            }
            if self.passkey_form
            else {}
        )
        return {"factor_form": self.code_form, **passkey}
