"""What the pages of an intake say, as plain data. The queries are those of the form's own data."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from motcua.casework.dossiers import forms, selectors
from motcua.casework.dossiers.models import Dossier, Draft, PaperSort
from motcua.casework.dossiers.services.clock import ONLINE
from motcua.casework.dossiers.services.intake import helpers
from motcua.casework.dossiers.services.reusing import in_force, is_usable
from motcua.casework.dossiers.web.applying import file_names
from motcua.casework.dossiers.web.checking import promise_now
from motcua.casework.dossiers.web.fee_words import fee_rows, fee_total
from motcua.casework.dossiers.web.linked_words import check_context
from motcua.casework.dossiers.web.reuse import ended_words
from motcua.casework.dossiers.web.words import language
from motcua.casework.fees.rules.lines import CHANNELS, fee_lines
from motcua.casework.forms.rules.answers import is_visible, visible_answers
from motcua.casework.forms.rules.definition import in_language
from motcua.casework.forms.rules.summary import Section, visible_pages

AT_COUNTER = CHANNELS[1]
SORTS = {
    PaperSort.ORIGINAL: gettext_lazy("Originals"),
    PaperSort.CERTIFIED: gettext_lazy("Certified copies"),
    PaperSort.COPY: gettext_lazy("Copies"),
}


def whose(draft: Draft) -> dict[str, str]:
    """For whom it is filled in, and who brought it: names, the number masked."""
    organisation = draft.owner_organisation
    return {
        "name": organisation.legal_name if organisation else draft.applicant.full_name,
        "number": draft.applicant.masked_number,
        "by": draft.brought_by.full_name if draft.brought_by else "",
        "as": _helper(draft.brought),
    }


def whom(dossier: Dossier) -> dict[str, str]:
    """The same of what was taken in."""
    by = dossier.brought_by
    return {"name": dossier.owner_name, "by": by.full_name if by else "", "as": _helper(dossier.brought)}


def on_paper(dossier: Dossier) -> list[dict[str, str]]:
    """What lies in the paper file, for components/papers. A query only for what came to a counter or by post."""
    if dossier.channel == ONLINE:
        return []
    rows = dossier.handed_in.order_by("id")
    return [{"title": it.name, "note": f"{SORTS[PaperSort(it.sort)]}: {it.count}"} for it in rows]


def _helper(brought: dict[str, Any]) -> str:
    helper = helpers().get(brought.get("as", ""))
    words = in_language(helper.name, language()) if helper else ""
    return ": ".join(filter(None, (words, brought.get("basis", ""))))


def missing_papers(draft: Draft) -> list[str]:
    """Names of the papers that are asked for by the answers so far and were not handed in; Vietnamese, as form 02."""
    form, today = forms.form_of(draft.version), timezone.localdate()
    papers = selectors.list_draft_papers(draft)
    held = forms.draft_papers(draft, in_force(papers, draft, on=today))
    names = forms.component_names(draft.version)
    asked = [it for it in form.fields.values() if it.kind == "file" and it.required is not None]
    shown = visible_answers(form, draft.answers)
    return [names[it.name] for it in asked if is_visible(form, it, shown) and it.name not in held]


def check_words(draft: Draft) -> dict[str, Any]:
    """What the clerk looks at before it is taken in."""
    sheet, papers = getattr(draft, "sheet", None), selectors.list_draft_papers(draft)
    # What lay on paper counts from when it came in.
    now = sheet.came_at if sheet else timezone.now()
    today, definition = timezone.localdate(now), forms.form_of(draft.version)
    counted = in_force(papers, draft, on=today)
    held = forms.draft_papers(draft, counted)
    answers = forms.with_papers(draft.answers, held)
    procedure, case = forms.procedure_for(draft.version, answers, on=today)
    agency = forms.deciding_agency(answers, on=today, procedure=procedure)
    procedure, not_offered = forms.offered_at(draft.version, procedure, agency, on=today)
    fees = fee_lines(procedure, answers, on=today, channel=AT_COUNTER)
    url = reverse("desk:intake", args=[draft.id])
    titles = {page.name: in_language(page.title, language()) for page in visible_pages(definition, answers)}
    missing = [{"href": url, "text": titles[name]} for name in forms.open_pages(draft, held, at=now)]
    missing += [{"href": url, "text": not_offered}] if not_offered else []
    ended = [{"href": url, "text": ended_words(it)} for it in papers if not is_usable(it, draft, on=today)]
    return {
        "draft": draft,
        "sheet": sheet,
        "whose": whose(draft),
        "agency": agency,
        "is_elsewhere": agency is not None and agency.pk != draft.counter_id,
        "procedure": in_language(draft.version.procedure.names, language()),
        "case": forms.case_name(procedure, case, language()),
        "summaries": _sections(forms.draft_sections(draft, held, file_names(papers), language()), url),
        "open_pages": ended + missing,
        "fees": fee_rows(fees, language()),
        "fee_total": fee_total(fees, language()),
        "promise": promise_now(procedure, agency, now),
        "declaration": in_language(definition.declaration, language()),
        "back_url": url,
    } | check_context(draft, counted, now, channel=AT_COUNTER)


def _sections(sections: list[Section], url: str) -> list[dict[str, Any]]:
    """For components/summary_list: every answer leads back to its question."""
    return [
        {
            "title": section.title,
            "rows": [
                {
                    "label": row.label,
                    "value": row.value,
                    "change_url": ""
                    if row.known or row.computed or not row.field
                    else f"{url}#id_{row.field}",
                }
                for row in section.rows
            ],
        }
        for section in sections
    ]
