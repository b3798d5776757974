"""Under what circumstances the pages of a draft are asked."""

from __future__ import annotations

from datetime import date

from motcua.casework.dossiers import forms
from motcua.casework.dossiers.models import Draft, DraftPaper
from motcua.casework.dossiers.services.reusing import in_force
from motcua.casework.forms.django_forms import Asking
from motcua.registry.organisations.selectors import list_places_with_desk


def draft_asking(draft: Draft, papers: list[DraftPaper], today: date) -> Asking:
    """One query. `papers`: all of the draft."""
    held = forms.draft_papers(draft, in_force(papers, draft, on=today))
    return Asking(
        today=today,
        answers=forms.with_papers(draft.answers, held),
        claims=forms.claims_of(draft),
        communes=list_places_with_desk(at=today),
        file_names={str(paper.file_id): paper.file.name for paper in papers},
        places=forms.PlacesOn(today),
    )
