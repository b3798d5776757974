"""The desk's page that puts a paper of a dossier into its owner's documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motcua.casework.dossiers.models import Component
from motcua.casework.dossiers.services.keeping import Keeping, find_paper, keep_paper
from motcua.casework.dossiers.services.reusing import accepted_kinds
from motcua.casework.dossiers.web.words import language
from motcua.casework.warehouse.kinds import known_kinds
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.ui.fields import DayField
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.catalogue.rules.texts import in_language

_FIELD_OF = {"kept_before": "number", "bad_result_code": "kind"}


class KeepForm(forms.Form):
    """What stands on the paper."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of document"),
        error_messages={
            "required": gettext_lazy("Choose what kind of document it is."),
            "invalid_choice": gettext_lazy(
                "%(value)s is no kind of result that is known here. Choose one of the list."
            ),
        },
    )
    number = forms.CharField(
        label=gettext_lazy("Number and symbol"),
        max_length=60,
        error_messages={"required": gettext_lazy("Enter the number that stands on the paper.")},
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issued by"),
        max_length=300,
        help_text=gettext_lazy("As the paper says, for example “UBND xã Hy Cương”."),
        error_messages={"required": gettext_lazy("Enter who issued the paper, as it says.")},
    )
    issued_on = DayField(label=gettext_lazy("Issued on"))
    valid_to = DayField(
        label=gettext_lazy("Not good any more from"),
        required=False,
        help_text=gettext_lazy("Left empty: it stays good."),
    )
    about = forms.CharField(
        label=gettext_lazy("Whom it is about"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only where that is somebody else than its owner, for example their child."),
    )
    certified = forms.BooleanField(
        label=gettext_lazy("I compared it with the original and certify that they agree"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "ds-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [
            (code, f"{in_language(names, language())} · {code}") for code, names in known_kinds().items()
        ]
        self.fields["kind"].choices = [("", _("Choose")), *kinds]  # type: ignore[attr-defined]


@officer_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: ActingRequest, dossier_id: UUID, paper_id: int) -> HttpResponse:
    """Asks what the paper is; what was typed stays when that is refused."""
    paper = find_paper(request.actor, dossier_id, paper_id)
    form = KeepForm(request.POST if request.method == "POST" else None, initial={"kind": _likely(paper)})
    if form.is_valid():
        keeping = Keeping(**form.cleaned_data)
        try:
            keep_paper(
                actor=request.actor,
                dossier_id=dossier_id,
                paper_id=paper_id,
                keeping=keeping,
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(error.fields.get("field") or _FIELD_OF.get(error.code), str(error))
        else:
            messages.success(request, _("The paper lies in their documents now, and they are told so."))
            return redirect("desk:dossier", dossier_id)
    context = {"dossier": paper.dossier, "paper": paper, "form": form}
    return render(request, "dossiers/desk_keep.html", context, status=422 if form.is_bound else 200)


def _likely(paper: Component) -> str:
    """The kind that the procedure would take for this paper."""
    return next(iter(accepted_kinds(paper.dossier.version).get(paper.code, ())), "")
