"""What is asked of somebody who wants to be called, and of who called."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.community.helpdesk.models import CallRequest
from motcua.community.helpdesk.services import MAX_ABOUT, MAX_OUTCOME
from motcua.foundation.kernel.ids import new_id
from motcua.registry.organisations.models import Agency

# A person needs longer than this to type a name and a number; a program does not. A page may lie open for a day.
FASTEST, LONGEST = timedelta(seconds=2), timedelta(days=1)
_SIGNER = TimestampSigner(salt="motcua.helpdesk.ask")
_NUMBER_LIKE = re.compile(r"\d{12}")

WISHES = [
    (CallRequest.Wish.ANY, gettext_lazy("At any time in office hours")),
    (CallRequest.Wish.MORNING, gettext_lazy("In a morning")),
    (CallRequest.Wish.AFTERNOON, gettext_lazy("In an afternoon")),
]


def stamp() -> str:
    """Says, signed, when the page was made."""
    return _SIGNER.sign("page")


class AskForm(forms.Form):
    """`website` is hidden: only programs fill it in. `stamp`: when the page was made, signed by us."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    procedure = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)
    dossier = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "name", "autocapitalize": "words", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Enter the name to ask for.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=30,
        help_text=gettext_lazy("A number at which you can be reached in office hours, such as 0912 345 678."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("Enter a telephone number such as 0912 345 678.")},
    )
    desk = forms.ChoiceField(
        label=gettext_lazy("Commune or ward"),
        required=False,
        help_text=gettext_lazy("The counter of this commune or ward calls you."),
    )
    wish = forms.ChoiceField(
        label=gettext_lazy("When we may call"),
        choices=WISHES,
        initial=CallRequest.Wish.ANY,
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
    )
    about = forms.CharField(
        label=gettext_lazy("What you need help with"),
        required=False,
        max_length=MAX_ABOUT,
        help_text=gettext_lazy("A few words. Leave out personal numbers, passwords and codes."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )

    def __init__(self, *args: Any, desks: list[Agency], needs_desk: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_desk = needs_desk
        fields: dict[str, Any] = self.fields
        fields["desk"].choices = [("", ""), *((str(it.id), it.place_name) for it in desks)]
        fields["desk"].required = needs_desk and len(desks) > 1
        fields["desk"].error_messages["required"] = _(
            "Choose the commune or ward whose counter is to call you."
        )
        if not needs_desk or len(desks) == 1:
            fields["desk"].widget = forms.HiddenInput()
            fields["desk"].initial = str(desks[0].id) if needs_desk and desks else ""

    def clean_about(self) -> str:
        about: str = self.cleaned_data["about"]
        if _NUMBER_LIKE.search(re.sub(r"[\s.-]", "", about)):
            raise forms.ValidationError(
                _("Leave out personal numbers; the officer asks where one is needed.")
            )
        return about

    def clean(self) -> dict[str, Any]:
        """A program is answered as somebody who was too quick: sending again helps a person."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and (cleaned.get("website") or not _is_by_hand(cleaned.get("stamp", ""))):
            anew: Any = self.data
            self.data = anew = anew.copy()
            anew["stamp"] = stamp()
            raise forms.ValidationError(_("This page was sent too quickly or is too old. Send it again."))
        return cleaned

    @property
    def shown(self) -> list[forms.BoundField]:
        """What is asked, in order; the trap and what is hidden stand apart."""
        return [self[name] for name in ("name", "phone", "desk", "wish", "about") if not self[name].is_hidden]

    @property
    def kept(self) -> list[forms.BoundField]:
        return self.hidden_fields()


def _is_by_hand(signed: str) -> bool:
    try:
        _SIGNER.unsign(signed, max_age=LONGEST)
    except (BadSignature, SignatureExpired):
        return False
    try:
        _SIGNER.unsign(signed, max_age=FASTEST)
    except SignatureExpired:
        return True
    return False


def first_values() -> dict[str, Any]:
    return {"key": new_id(), "stamp": stamp()}


class OutcomeForm(forms.Form):
    """What came of a call. `act`: which button was pressed."""

    words = forms.CharField(
        label=gettext_lazy("What was said or done"),
        required=False,
        max_length=MAX_OUTCOME,
        help_text=gettext_lazy("The person can read it in their own data. Leave out what is not needed."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PassOnForm(forms.Form):
    to = forms.ChoiceField(
        label=gettext_lazy("Agency that can answer"),
        error_messages={"required": gettext_lazy("Choose the agency that can answer.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MAX_OUTCOME,
        widget=forms.TextInput(),
        error_messages={"required": gettext_lazy("Write in a few words why.")},
    )

    def __init__(self, *args: Any, agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["to"].choices = [("", ""), *((str(it.id), it.name) for it in agencies)]
