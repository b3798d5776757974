"""What officers type about organisations and who represents them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.fields import DayField
from motcua.registry.people.services import NewOrganisation, NewRepresentation

KINDS = [
    ("enterprise", _("an enterprise")),
    ("cooperative", _("a cooperative")),
    ("household_business", _("a household business")),
    ("state_agency", _("a state agency")),
    ("other", _("another organisation")),
]
ROLES = [
    ("legal", _("legal representative")),
    ("authorised", _("authorised representative")),
]


def _radio() -> forms.RadioSelect:
    return forms.RadioSelect(attrs={"class": "ds-input"})


class OrganisationForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("This is"),
        choices=KINDS,
        widget=_radio(),
        error_messages={"required": _("Choose what kind of organisation it is.")},
    )
    legal_name = forms.CharField(
        label=_("Name as registered"),
        max_length=300,
        error_messages={"required": _("Enter the name as it is registered.")},
    )
    tax_code = forms.CharField(
        label=_("Tax code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("10 digits, with -001 and so on for a branch. A household business has its owner's 12."),
    )
    code = forms.CharField(
        label=_("Code, if it has no tax code"),
        required=False,
        max_length=35,
        help_text=_("Only of state agencies and other organisations."),
    )
    short_name = forms.CharField(label=_("Short name"), required=False, max_length=100)
    address = forms.CharField(label=_("Address"), required=False, max_length=500)
    email = forms.EmailField(label=_("E-mail"), required=False)
    telephone = forms.CharField(label=_("Telephone"), required=False, max_length=20)

    def new(self) -> NewOrganisation:
        """Of a valid form."""
        return NewOrganisation(**self.cleaned_data)


class RepresentativeForm(forms.Form):
    """Named by number and name, so that nobody is found out by guessing."""

    number = forms.CharField(
        label=_("Personal or passport number of the representative"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the number of the card or passport.")},
    )
    name = forms.CharField(
        label=_("Their full name"), max_length=300, error_messages={"required": _("Enter the full name.")}
    )
    role = forms.ChoiceField(
        label=_("They are"),
        choices=ROLES,
        widget=_radio(),
        error_messages={"required": _("Choose whether by law or by authorisation.")},
    )
    begins = DayField(label=_("First day"))
    last_day = DayField(label=_("Last day, if the paper names one"), required=False)

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("last_day") and given.get("begins") and given["last_day"] < given["begins"]:
            self.add_error("last_day", _("Enter a last day that is not before the first."))

    def new(self, organisation_id: UUID, person_id: UUID) -> NewRepresentation:
        """Of a valid form."""
        given = self.cleaned_data
        ends = given["last_day"] + timedelta(days=1) if given.get("last_day") else None
        return NewRepresentation(organisation_id, person_id, given["role"], given["begins"], ends)


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it ends"),
        max_length=1000,
        help_text=_("It stands in the journal, beside who ended it and when."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write in one sentence why it ends.")},
    )


def place_of(form: forms.Form, error: DomainError) -> str | None:
    """Which field an error of a service belongs to; None: the whole form."""
    field = str(error.fields.get("field") or {"number_taken": "tax_code"}.get(error.code, ""))
    return field if field in form.fields else None
