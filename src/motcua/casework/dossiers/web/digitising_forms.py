"""What a clerk types about a digitised paper: its values, and what it is a copy of."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.casework.dossiers.digitising_errors import WrongValues
from motcua.casework.dossiers.models import Digitisation
from motcua.casework.dossiers.rules.extracting import LONGEST, Field, Proposal
from motcua.casework.dossiers.services.extracted import Confirmation, confirm_values, look_for, seen_mark
from motcua.casework.dossiers.web.words import language
from motcua.foundation.kernel.errors import DomainError
from motcua.registry.access.policies import ActingRequest
from motcua.registry.catalogue.rules.texts import in_language

FAULTS = {
    "number_form": gettext_lazy("Enter the personal number with its 12 digits, as it stands on the paper."),
    "number_made_up": gettext_lazy(
        "There is no such personal number: its first three digits name no province. Compare it with the paper."
    ),
    "date": gettext_lazy("Enter the date with day, month and year, for example 02/03/2026."),
    "long": gettext_lazy("Enter at most 300 characters."),
}


class ValuesForm(forms.Form):
    """A question for each value that the pack looks for; all may stay empty."""

    no_optional = True
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, row: Digitisation, sent: QueryDict | None = None) -> None:
        super().__init__(sent, initial={"seen": seen_mark(row)})
        found = look_for(row)
        self.kind_name = in_language(found.kind.name, language()) if found.kind else ""
        for field in found.kind.fields if found.kind else ():
            proposal = found.proposals.get(field.name)
            confirmed = (row.values or {}).get(field.name, "")
            self.fields[field.name] = _question(
                field, proposal, confirmed, is_confirmed=row.values is not None
            )

    @property
    def questions(self) -> list[forms.BoundField]:
        return self.visible_fields()


def _question(
    field: Field, proposal: Proposal | None, confirmed: str, *, is_confirmed: bool
) -> forms.CharField:
    attrs = {"lang": "vi", "autocomplete": "off", "maxlength": str(LONGEST)}
    if field.form == "personal_number":
        attrs["inputmode"] = "numeric"
    return forms.CharField(
        label=in_language(field.label, language()),
        required=False,
        max_length=LONGEST,
        initial=confirmed if is_confirmed else proposal.value if proposal else "",
        help_text=_line_words(proposal),
        widget=forms.TextInput(attrs=attrs),
    )


def _line_words(proposal: Proposal | None) -> str:
    if not proposal:
        return _("Not found on the paper. Enter it if it stands there.")
    words = _("Read on page %(page)s:") % {"page": proposal.page}
    return format_html('{} <q lang="vi">{}</q>', words, proposal.line[:LONGEST])


def values_sent(request: ActingRequest, subject: UUID, component: str, form: ValuesForm) -> bool:
    """Whether the values that were sent are confirmed now; else the form says at each what is wrong."""
    if not form.is_valid():
        return False
    sent = dict(form.cleaned_data)
    confirmation = Confirmation(seen=sent.pop("seen"), values=sent)
    try:
        confirm_values(
            actor=request.actor,
            subject=subject,
            component=component,
            confirmation=confirmation,
            at=timezone.now(),
        )
    except WrongValues as error:
        for name, code in error.fields["faults"].items():
            form.add_error(name, str(FAULTS[code]))
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        form.add_error(None, str(error))
        # Who was told that a colleague confirmed meanwhile confirms again knowingly.
        data = request.POST.copy()
        data["seen"] = form.initial["seen"]
        form.data = data
    return not form.errors


class CopyForm(forms.Form):
    """What the officer certifies."""

    copied_from = forms.ChoiceField(
        label=gettext_lazy("The paper before you is"),
        choices=[
            (Digitisation.CopiedFrom.ORIGINAL.value, gettext_lazy("the original")),
            (Digitisation.CopiedFrom.CERTIFIED.value, gettext_lazy("a certified copy")),
        ],
        widget=forms.RadioSelect(attrs={"class": "ds-input"}),
        error_messages={
            "required": gettext_lazy(
                "Choose whether the paper before you is the original or a certified copy."
            )
        },
    )
    compared = forms.BooleanField(
        label=gettext_lazy(
            "I have compared every page with the paper: nothing is missing, added or unreadable."
        ),
        error_messages={
            "required": gettext_lazy("Compare every page with the paper, then tick that you have done so.")
        },
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
