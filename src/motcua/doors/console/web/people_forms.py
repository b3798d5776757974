"""What officers type about people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.fields import DayField
from motcua.registry.people.rules.cards import Card
from motcua.registry.people.services import LostContact, NewPaper, NewPerson, Offer, Purpose

KINDS = [
    ("citizen", _("a citizen with a personal number")),
    ("foreigner", _("a foreigner")),
    ("newborn", _("a newborn child without a number")),
]
SEXES = [("male", _("male")), ("female", _("female"))]


def _radio() -> forms.RadioSelect:
    return forms.RadioSelect(attrs={"class": "ds-input"})


def _numeric() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class NameForm(forms.Form):
    """Somebody looked for without a number: name and date of birth together, so that nobody leafs through people."""

    name = forms.CharField(
        label=_("Full name"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the full name.")},
    )
    born = DayField(label=_("Date of birth"))


class PersonForm(forms.Form):
    kind = forms.ChoiceField(label=_("This is"), choices=KINDS, widget=_radio())
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the full name.")},
    )
    birth_date = DayField(label=_("Date of birth"))
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=SEXES,
        widget=_radio(),
        error_messages={"required": _("Choose the sex as the paper says it.")},
    )
    personal_number = forms.CharField(
        label=_("Personal number"),
        required=False,
        max_length=20,
        widget=_numeric(),
        help_text=_("12 digits. A newborn child gets it later, a foreigner may have none."),
    )
    paper_country = forms.CharField(
        label=_("Passport: country"),
        required=False,
        max_length=3,
        help_text=_("As printed in it: D, FRA, JPN."),
    )
    paper_number = forms.CharField(label=_("Passport: number"), required=False, max_length=30)
    nationality = forms.CharField(label=_("Nationality"), required=False, max_length=50)
    residence = forms.CharField(label=_("Residence"), required=False, max_length=500)
    telephone = forms.CharField(label=_("Telephone"), required=False, max_length=20)
    is_another = forms.BooleanField(
        label=_("I looked: it is somebody else"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
    )

    def __init__(self, data: Any = None, *, asks: bool = False, **options: Any) -> None:
        """`asks`: somebody looks the same, so the officer says whether it is them."""
        super().__init__(data, **options)
        if not asks:
            self.fields["is_another"].widget = forms.HiddenInput()

    @classmethod
    def of_card(cls, card: Card) -> PersonForm:
        """With what the card says, to be looked through."""
        return cls(
            initial={
                "kind": "citizen",
                "full_name": card.full_name,
                "birth_date": card.birth_date,
                "sex": card.sex,
                "personal_number": card.number,
                "residence": card.residence,
            }
        )

    def new(self) -> NewPerson:
        """Of a valid form."""
        given = self.cleaned_data
        has_paper = given["kind"] == "foreigner" and given["paper_number"]
        return NewPerson(
            **{name: given[name] for name in ("kind", "full_name", "birth_date", "sex", "personal_number")},
            **{name: given[name] for name in ("nationality", "residence", "telephone")},
            paper=NewPaper(number=given["paper_number"], country=given["paper_country"])
            if has_paper
            else None,
        )


class PaperMandateForm(forms.Form):
    """A mandate on paper, signed by both, brought to the counter."""

    agent_number = forms.CharField(
        label=_("Personal number of the person who acts"),
        max_length=20,
        widget=_numeric(),
        error_messages={"required": _("Enter the 12 digits of the personal number.")},
    )
    agent_name = forms.CharField(
        label=_("Their full name"),
        max_length=300,
        error_messages={"required": _("Enter the full name.")},
    )
    powers = forms.MultipleChoiceField(
        label=_("They may"),
        choices=[
            ("apply", _("apply")),
            ("see", _("see dossiers")),
            ("receive", _("receive results")),
        ],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "ds-input"}),
        error_messages={"required": _("Choose at least one thing that the other may do.")},
    )
    procedure_code = forms.CharField(
        label=_("Code of the procedure"),
        required=False,
        max_length=100,
        help_text=_("Leave empty when the paper says: for everything."),
    )
    last_day = DayField(label=_("Last day"))
    paper = forms.FileField(
        label=_("The paper, signed by both"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        error_messages={
            "required": _("Add the signed paper as PDF, JPEG or PNG."),
            "empty": _("Add the signed paper as PDF, JPEG or PNG."),
        },
    )

    def clean_procedure_code(self) -> str:
        code: str = self.cleaned_data["procedure_code"].strip()
        if code and not (len(code) == 8 and code[1] == "." and code.replace(".", "", 1).isdecimal()):
            raise forms.ValidationError(_("Enter a code such as 1.001193."))
        return code

    def offer(self, today: date) -> Offer:
        """Of a valid form."""
        given = self.cleaned_data
        return Offer(
            agent_number=given["agent_number"],
            agent_name=given["agent_name"],
            purpose=Purpose(given["procedure_code"]),
            powers=frozenset(given["powers"]),
            valid_from=today,
            valid_to=given["last_day"] + timedelta(days=1),
        )


class MergeForm(forms.Form):
    other = forms.UUIDField(
        label=_("Address or identifier of the other entry"),
        help_text=_("From the address of its page. It stays as an alias; everything of it moves here."),
        error_messages={
            "required": _("Enter the identifier of the other entry."),
            "invalid": _("Enter the identifier from the address of the other entry's page."),
        },
    )
    reason = forms.CharField(
        label=_("Why both are the same person"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write in one sentence why both are the same person.")},
    )
    certain = forms.BooleanField(
        label=_("I have compared both entries and their papers. This cannot be undone."),
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
        error_messages={"required": _("Compare both entries and tick this before you merge them.")},
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        if data is not None:
            # The whole address of the page may be pasted.
            data = data.copy()
            data["other"] = data.get("other", "").rstrip("/ ").rsplit("/", 1)[-1]
        super().__init__(data, **options)

    @property
    def gone(self) -> UUID:
        """Of a valid form."""
        found: UUID = self.cleaned_data["other"]
        return found


class LostContactForm(forms.Form):
    """Somebody at the counter cannot reach the old telephone or address any more."""

    kind = forms.ChoiceField(
        label=_("What is changed?"),
        choices=[("phone", _("the telephone number")), ("email", _("the e-mail address"))],
        widget=_radio(),
        error_messages={"required": _("Choose what is changed.")},
    )
    value = forms.CharField(
        label=_("New number or address"),
        max_length=254,
        help_text=_(
            "A mobile number that takes SMS, or an e-mail address. The person can read it here and now."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the new number or address.")},
    )
    reason = forms.CharField(
        label=_("Why the old one cannot be reached"),
        max_length=1000,
        help_text=_(
            "What the person says, and which identity paper you saw. No numbers: it is kept in the journal."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Enter why the old one cannot be reached.")},
    )
    shown = forms.BooleanField(
        label=_(
            "The person stands before me. I compared them with their identity paper and with this entry."
        ),
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
        error_messages={"required": _("Compare the person with the identity paper and tick this.")},
    )

    @property
    def lost(self) -> LostContact:
        """Of a valid form."""
        given = self.cleaned_data
        return LostContact(given["kind"], given["value"], given["reason"])


PLACES = {
    "bad_contact": "value",
    "same_contact": "value",
    "channel_missing": "kind",
    "too_many_changes": "value",
    "number_taken": "personal_number",
    "no_such_agent": "agent_number",
    "mandate_to_oneself": "agent_number",
    "mandate_not_whole": "last_day",
}


def place_of(form: forms.Form, error: DomainError) -> str | None:
    """The field an error belongs to; None for the whole form."""
    place = str(error.fields.get("field") or PLACES.get(error.code, ""))
    return place if place in form.fields else None
