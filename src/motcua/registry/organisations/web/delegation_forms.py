"""What is asked of who goes away or lends a right. Days are whole days; the last one is included."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.foundation.kernel.actors import Actor, Authority
from motcua.registry.organisations.delegation.contributions import procedure_choices
from motcua.registry.organisations.delegation.services import NewAbsence, NewDelegation
from motcua.registry.organisations.delegation.words import AUTHORITIES, RIGHTS
from motcua.registry.organisations.models import Holding
from motcua.registry.organisations.rules.delegation import LENDABLE

_WRONG_DAY = gettext_lazy("Enter a day as 31/12/2026 or choose it.")
_DAY_FORMS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
_INPUT = {"class": "ds-input"}
_NOBODY = gettext_lazy("Choose an officer of the list.")


def _day(label: Any, *, required: bool = True, missing: Any = _WRONG_DAY, hint: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=_DAY_FORMS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _WRONG_DAY, "required": missing},
        validators=[
            MinValueValidator(date(1990, 1, 1), message=_WRONG_DAY),
            MaxValueValidator(date(2100, 12, 31), message=_WRONG_DAY),
        ],
    )


def _officers(holdings: Sequence[Holding]) -> list[tuple[str, str]]:
    return [(str(one.officer_id), f"{one.officer.full_name}, {one.post.title}") for one in holdings]


def _ends(last_day: date | None) -> date | None:
    return last_day + timedelta(days=1) if last_day else None


class AbsenceForm(forms.Form):
    """Of the officer themself; who may enter it for others chooses whose it is."""

    officer = forms.ChoiceField(
        label=gettext_lazy("Who is away"),
        error_messages={"invalid_choice": _NOBODY, "required": _NOBODY},
    )
    first_day = _day(gettext_lazy("First day"))
    last_day = _day(gettext_lazy("Last day"), hint=gettext_lazy("The last day away, not the first day back."))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Only you, your leader and the administrator see it."),
    )
    stand_in = forms.ChoiceField(
        label=gettext_lazy("Who signs for you meanwhile"),
        required=False,
        help_text=gettext_lazy("A deputy, with “KT.”. Other authorities: under Delegations."),
        error_messages={"invalid_choice": _NOBODY},
    )

    def __init__(
        self, data: Any, *, actor: Actor, colleagues: Sequence[Holding], deputies: Sequence[Holding]
    ) -> None:
        super().__init__(data, initial={"first_day": timezone.localdate()})
        self._actor = actor
        if colleagues:
            self.fields["officer"].choices = _officers(colleagues)  # type: ignore[attr-defined]
            self.initial["officer"] = str(actor.person)
        else:
            del self.fields["officer"]
        if deputies:
            nobody = ("", _("Nobody yet"))
            self.fields["stand_in"].choices = [nobody, *_officers(deputies)]  # type: ignore[attr-defined]
        else:
            del self.fields["stand_in"]

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("stand_in") and given.get("officer", str(self._actor.person)) != str(self._actor.person):
            self.add_error("stand_in", _("For another officer, delegate under Delegations."))

    def absence(self) -> NewAbsence:
        """Of a valid form."""
        given = self.cleaned_data
        officer = UUID(given["officer"]) if "officer" in given else self._actor.person
        return NewAbsence(officer, given["first_day"], given["last_day"] + timedelta(days=1), given["reason"])

    def delegation(self) -> NewDelegation | None:
        """KT. for the same days; from today when the absence has begun already. None: nobody was chosen."""
        given = self.cleaned_data
        if not given.get("stand_in"):
            return None
        return NewDelegation(
            delegator_id=self._actor.person,
            delegate_id=UUID(given["stand_in"]),
            authority="KT",
            right="leader",
            valid_from=max(given["first_day"], timezone.localdate()),
            valid_to=_ends(given["last_day"]),
        )


class DelegationForm(forms.Form):
    delegator = forms.ChoiceField(
        label=gettext_lazy("Who delegates"), error_messages={"invalid_choice": _NOBODY, "required": _NOBODY}
    )
    delegate = forms.ChoiceField(
        label=gettext_lazy("To whom"), error_messages={"invalid_choice": _NOBODY, "required": _NOBODY}
    )
    authority = forms.ChoiceField(
        label=gettext_lazy("How they sign"),
        widget=forms.RadioSelect(attrs=_INPUT),
        error_messages={
            "required": gettext_lazy("Choose how they sign."),
            "invalid_choice": gettext_lazy("Choose how they sign."),
        },
    )
    right = forms.ChoiceField(
        label=gettext_lazy("What they may do"),
        error_messages={"invalid_choice": gettext_lazy("Choose a right of the list.")},
    )
    first_day = _day(gettext_lazy("First day"))
    last_day = _day(
        gettext_lazy("Last day"),
        required=False,
        hint=gettext_lazy("Empty for a standing delegation. “TUQ.” always has a last day."),
    )
    basis_number = forms.CharField(
        label=gettext_lazy("Number of the document it rests on"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example 12/QĐ-UBND. “KT.” needs none."),
    )
    basis_day = _day(gettext_lazy("Day of that document"), required=False)
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("Only for these procedures"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=_INPUT),
        help_text=gettext_lazy("None ticked: for all."),
        error_messages={"invalid_choice": gettext_lazy("Choose procedures of the list.")},
    )
    # What was previewed; another answer is previewed again.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        heads: Sequence[Holding],
        colleagues: Sequence[Holding],
        is_administrator: bool,
    ) -> None:
        super().__init__(data, initial={"first_day": timezone.localdate(), "right": "leader"})
        wanted: dict[str, list[tuple[Any, Any]]] = {
            "delegator": _officers(heads),
            "delegate": [("", _("Choose…")), *_officers(colleagues)],
            "authority": [pair for pair in AUTHORITIES.items() if pair[0] != "Q" or is_administrator],
            "right": [(right, RIGHTS[right]) for right in LENDABLE],
            "procedures": list(procedure_choices()),
        }
        for name, choices in wanted.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if not wanted["procedures"]:
            del self.fields["procedures"]

    def clean(self) -> None:
        given = self.cleaned_data
        if bool(given.get("basis_number")) != bool(given.get("basis_day")) and "basis_day" in given:
            missing = "basis_day" if given.get("basis_number") else "basis_number"
            self.add_error(missing, _("Enter number and day of the document, or neither."))

    def delegation(self) -> NewDelegation:
        """Of a valid form."""
        given = self.cleaned_data
        return NewDelegation(
            delegator_id=UUID(given["delegator"]),
            delegate_id=UUID(given["delegate"]),
            authority=cast(Authority, given["authority"]),
            right=given["right"],
            valid_from=given["first_day"],
            valid_to=_ends(given["last_day"]),
            basis_number=given["basis_number"],
            basis_day=given["basis_day"],
            procedures=tuple(given.get("procedures", ())),
        )


def mark_of(new: NewDelegation) -> str:
    """Tells a previewed delegation from one that was altered since."""
    return hashlib.sha256(repr(new).encode()).hexdigest()
