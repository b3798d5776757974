"""What is asked before a form at the counter, and the lists beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Draft
from motcua.casework.dossiers.services.intake import helpers
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.formats import format_date
from motcua.registry.catalogue.rules.facets import Narrowing
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.catalogue.selectors import search_procedures
from motcua.registry.people.errors import BadCardText
from motcua.registry.people.models import Mandate, Representation
from motcua.registry.people.selectors import card_of

_PLACES = {
    "basis_missing": "basis",
    "mandate_not_held": "mandate",
    "helper_unknown": "helper_number",
    "helper_is_applicant": "helper_number",
    "not_in_this_name": "organisation",
}


class HelperUnknown(DomainError):
    code = "helper_unknown"
    message = gettext_lazy("Nobody is entered under this number. Enter the helper under “People” first.")
    status = 422


class IntakeForm(forms.Form):
    """Who is there, for whom, and what they want in everyday words."""

    NoHelper = HelperUnknown

    seen = forms.BooleanField(
        label=gettext_lazy("I have compared the person before me with the identity card"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
    )
    words = forms.CharField(
        label=gettext_lazy("What is it about?"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("In everyday words, or the code of the procedure."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                # While typing the list below follows; without scripts the button finds.
                "data-suggest": True,
                "hx-get": reverse_lazy("console:intake-procedures"),
                "hx-trigger": "input changed delay:250ms",
                "hx-target": "#fitting",
                "hx-sync": "this:replace",
            }
        ),
    )
    organisation = forms.ChoiceField(label=gettext_lazy("In whose name?"), required=False)
    mandate = forms.ChoiceField(
        label=gettext_lazy("Who came by a mandate that is kept here?"), required=False
    )
    helper = forms.ChoiceField(label=gettext_lazy("Who came instead of the person?"), required=False)
    helper_number = forms.CharField(
        label=gettext_lazy("Card or number of the helper"),
        required=False,
        max_length=3000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    basis = forms.CharField(
        label=gettext_lazy("By which right"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The paper with its number and day, or how they stand to the person."),
    )

    def __init__(self, data: Any = None, *, held: tuple[list[Mandate], list[Representation]]) -> None:
        super().__init__(data)
        self.mandates, self.offices = {str(it.id): it for it in held[0]}, held[1]
        language = _language()
        fields: dict[str, Any] = self.fields
        if data is None:
            # Later the cursor stands at what was found.
            fields["seen"].widget.attrs["autofocus"] = True
        kinds = [(it.code, in_language(it.name, language)) for it in helpers().values()]
        fields["helper"].choices = [("", _("Nobody: the person came themselves")), *kinds]
        fields["mandate"].choices = [("", ""), *((key, _words(it)) for key, it in self.mandates.items())]
        offices = [(str(it.organisation_id), it.organisation.legal_name) for it in self.offices]
        fields["organisation"].choices = [("", _("The person's own")), *offices]
        for name, rows in (("mandate", self.mandates), ("organisation", offices)):
            if not rows:
                del fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if "procedure" in self.data and not given.get("seen"):
            self.add_error("seen", _("Compare the card with the person, and tick this."))
        if "procedure" not in self.data and not given.get("words"):
            self.add_error("words", _("Enter what it is about, for example: birth."))
        return given

    @property
    def person_fields(self) -> list[forms.BoundField]:
        """What is asked only where somebody else came, or an organisation applies."""
        names = ("organisation", "mandate", "helper", "helper_number", "basis")
        return [self[name] for name in names if name in self.fields]

    @property
    def is_for_another(self) -> bool:
        """Whether something of `person_fields` is filled in or wrong."""
        return any(bound.errors or (self.is_bound and bound.value()) for bound in self.person_fields)

    @property
    def mandate_held(self) -> Mandate | None:
        return self.mandates.get(self.cleaned_data.get("mandate", ""))

    @property
    def organisation_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("organisation", "")
        return UUID(chosen) if chosen else None

    @property
    def number_of_helper(self) -> str:
        """Typed, or of the card's text. Raises BadCardText."""
        typed = str(self.cleaned_data["helper_number"]).strip()
        return card_of(typed, today=timezone.localdate()).number if "|" in typed else typed[:40]

    def place_of(self, error: DomainError) -> str | None:
        """The field an error belongs to; None for the whole form."""
        name = "helper_number" if isinstance(error, BadCardText) else _PLACES.get(error.code, "")
        return name if name in self.fields else None


def _words(mandate: Mandate) -> str:
    last = format_date(mandate.valid_to - timedelta(days=1), _language(), weekday=False)
    return _("%(name)s, until %(day)s") % {"name": mandate.agent.full_name, "day": last}


def _language() -> str:
    return (get_language() or "vi").split("-")[0]


def procedure_rows(words: str, *, typing: bool = False) -> list[dict[str, str]]:
    """Procedures that can be taken in here for these words, best first. typing: the last word may be unfinished."""
    found = search_procedures(words, limit=8, typing=typing, narrowing=Narrowing(online="yes")).procedures
    return [{"code": it.code, "name": in_language(it.names, _language())} for it in found]


def draft_rows(drafts: Iterable[Draft]) -> list[dict[str, Any]]:
    """Forms begun at the counter, for components/papers."""
    return [
        {
            "title": in_language(it.version.procedure.names, _language()),
            "note": f"{it.applicant.full_name} · {timezone.localtime(it.updated_at):%d/%m %H:%M}",
            "url": reverse("desk:intake", args=[it.id]),
        }
        for it in drafts
    ]
