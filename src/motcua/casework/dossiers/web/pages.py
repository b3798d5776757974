"""What pages about a dossier show, as plain data for the components. No queries of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers import questions, selectors
from motcua.casework.dossiers.digitised import made_of
from motcua.casework.dossiers.forms import (
    answer_sections,
    case_name,
    form_of,
    heading,
    procedure_of,
    steps_of,
)
from motcua.casework.dossiers.lists import list_beside
from motcua.casework.dossiers.models import Component, Dossier, OfficialDocument
from motcua.casework.dossiers.policies import may_digitise
from motcua.casework.dossiers.selectors import Happened
from motcua.casework.dossiers.services.keeping import can_keep
from motcua.casework.dossiers.services.supplements import row_words
from motcua.casework.dossiers.statuses import STATUSES
from motcua.casework.dossiers.web.clock import clock_context, clock_names_date, steps_shown
from motcua.casework.dossiers.web.inbox import answer_note, entered_note, late_note
from motcua.casework.dossiers.web.law_words import (
    correction_words,
    law_context,
    law_links,
    until_words,
)
from motcua.casework.dossiers.web.prints import document_links
from motcua.casework.dossiers.web.reuse import ended_items, origin_words
from motcua.casework.dossiers.web.signers import expected_signer
from motcua.casework.dossiers.web.tasks import acts_for, opinion_items, task_context, task_shown
from motcua.casework.dossiers.web.words import DOCUMENTS, due_rows, is_internal, told, when
from motcua.casework.dossiers.web.words import language as language
from motcua.casework.process.models import Task
from motcua.casework.process.rules.course import Course, Visit
from motcua.casework.process.selectors import list_tasks
from motcua.casework.process.services import Standing
from motcua.foundation.files.responses import file_response as file_response
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.ui import formats
from motcua.foundation.ui.templatetags.ui import due_state, due_words
from motcua.registry.catalogue.rules.texts import in_language


def status_words(dossier: Dossier, *, to_anybody: bool = False) -> tuple[str, str]:
    """The state of the design system and its words; a result that refuses is told as what it is, but not to anybody."""
    if dossier.is_declined and not to_anybody:
        return "stopped", _("Not granted")
    words, state = STATUSES[dossier.status]
    return state, str(words)


def course_of(dossier: Dossier, tasks: list[Task], history: Iterable[Happened] = ()) -> Course:
    """How far the dossier's process went, for `{% process_picture %}`; `history` gives officers their names."""
    names = {it.entry.person_id: it.by for it in history if it.by}
    steps = steps_of(dossier.version)
    visits = [
        Visit(
            it.step,
            it.opened_at,
            it.completed_at,
            it.outcome,
            names.get(it.completed_by, ""),
            it.step in steps.nodes and it.outcome in {timer.name for timer in steps.nodes[it.step].timers},
        )
        for it in tasks
    ]
    return Course(steps, visits, is_ended=all(it.completed_at for it in tasks))


def timeline_items(dossier: Dossier, history: Iterable[Happened], sealed: set[UUID]) -> list[dict[str, str]]:
    """What happened, in the applicant's words, for components/timeline; with the proof of what is sealed."""
    items = []
    for happened in history:
        kind, facts = happened.entry.kind, happened.entry.facts
        words = told(kind, facts)
        if not words or is_internal(kind, facts):
            continue
        at = when(happened.entry.at)
        meta = f"{at} · {happened.by}" if happened.by else at
        entry = happened.entry
        url = reverse("dossiers:proof", args=[entry.object_id, entry.id]) if entry.id in sealed else ""
        items.append(
            {
                "state": "done",
                "title": str(words[0]),
                "meta": meta,
                "note": correction_words(dossier, entry),
                "url": url,
                "url_text": _("Proof"),
            }
        )
    return items


def journal_days(dossier: Dossier, history: list[Happened]) -> list[dict[str, Any]]:
    """The journal by day, newest first, for components/journal_days."""
    applicant = dossier.applicant_facts["full_name"]
    days = []
    by_day = groupby(reversed(history), key=lambda happened: timezone.localdate(happened.entry.at))
    for day, happenings in by_day:
        entries: list[dict[str, Any]] = []
        for happened in happenings:
            words = told(happened.entry.kind, happened.entry.facts)
            detail = getattr(happened.entry, "detail", None)
            if _is_same_reading(entries, happened):
                continue
            entries.append(
                {
                    "key": (happened.entry.kind, happened.entry.person_id),
                    "time": formats.format_time(timezone.localtime(happened.entry.at), language()),
                    "who": happened.by
                    or (applicant if happened.entry.actor_kind == "citizen" else _("The system")),
                    "what": str(words[1]) if words else happened.entry.kind,
                    "note": correction_words(dossier, happened.entry)
                    or (detail.values.get("reason", "") if detail else happened.unit),
                }
            )
        days.append({"title": formats.format_date(day, language()), "entries": entries})
    return days


def _is_same_reading(entries: list[dict[str, Any]], happened: Happened) -> bool:
    """One officer who opens a dossier again before anybody does anything is one line; the journal keeps each."""
    key = (happened.entry.kind, happened.entry.person_id)
    return happened.entry.kind in selectors.READINGS and bool(entries) and entries[-1]["key"] == key


def paper_items(papers: list[Component], url_name: str) -> list[dict[str, Any]]:
    """Handed-in papers for components/papers."""
    return [
        {
            "title": paper.name,
            "note": f"{paper.file.name} · {formats.format_size(paper.file.size_bytes, language())}",
            "url": reverse(url_name, args=[paper.dossier_id, paper.pk]),
            **_origin(paper),
        }
        for paper in papers
    ]


def desk_paper_items(actor: Actor, dossier: Dossier, papers: list[Component]) -> list[dict[str, Any]]:
    """The same at the desk, with the way to put a paper into its owner's documents."""
    items: list[dict[str, Any]] = [*paper_items(papers, "desk:paper")]
    for item, paper in zip(items, papers, strict=True):
        if can_keep(actor, dossier, paper):
            url = reverse("desk:keep", args=[dossier.pk, paper.pk])
            item["links"] = [{"url": url, "text": _("Put into their documents")}]
    return items


def _origin(paper: Component) -> dict[str, str]:
    """Where a paper that was used again comes from, with the page that checks it."""
    state, words = origin_words(paper)
    check = f"{reverse('warehouse:verify')}?code={paper.document.verification_code}" if paper.document else ""
    return {"state": state, "state_text": words, "more_url": check, "more_text": _("Check the signature")}


def digitised_items(papers: list[Component], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Papers with links to what was made of them; one query, none without papers."""
    made = made_of(papers[0].dossier_id, {paper.code for paper in papers}) if papers else {}
    for paper, item in zip(papers, items, strict=True):
        if (found := made.get(paper.code)) and not paper.is_reused:
            item["links"] = [*item.get("links", []), *_made_links(paper, found["number"])]
    return items


def _made_links(paper: Component, number: str) -> list[dict[str, str]]:
    args = [paper.dossier_id, paper.code]
    links = [{"url": reverse("desk:digitising-searchable", args=args), "text": _("Searchable document")}]
    if number:
        words = _("Electronic copy %(number)s") % {"number": number}
        links.append({"url": reverse("desk:digitising-copied", args=args), "text": words})
    return links


def document_items(documents: list[OfficialDocument], url_name: str) -> list[dict[str, Any]]:
    """Official documents for components/papers."""
    return [
        {
            "title": str(DOCUMENTS[document.kind])
            + (f" {document.edition}" if document.kind in {"draft", "supplement", "control"} else ""),
            "note": f"{document.number} · {formats.format_datetime(timezone.localtime(document.made_at), language())}",
            "url": reverse(url_name, args=[document.dossier_id, document.pk]),
            "links": document_links(document, url_name),
            "document": document,
        }
        for document in documents
    ]


def _paper_names(papers: list[Component]) -> dict[str, str]:
    return {str(paper.file_id): paper.file.name for paper in papers}


def answer_groups(dossier: Dossier, papers: list[Component]) -> list[dict[str, Any]]:
    """Answers with their source, numbers masked, for components/answers."""
    known, declared = {"source": _("eID"), "state": "done"}, {"source": _("as declared"), "state": ""}
    return [
        {
            "title": section.title,
            "rows": [
                {"label": row.label, "value": row.value, **(known if row.known else declared)}
                for row in section.rows
            ],
        }
        for section in answer_sections(dossier, language(), _paper_names(papers))
    ]


def limit_words(dossier: Dossier) -> str:
    return in_language(procedure_of(dossier)["limit"]["text"], language())


def case_words(dossier: Dossier) -> str:
    """The case of its procedure that the dossier is, "" when it has none."""
    return case_name(dossier.version.definition["procedure"], dossier.case, language())


def desk_dossier_context(actor: Actor, dossier: Dossier, now: datetime, asked: str = "") -> dict[str, Any]:
    """Everything the officer's dossier page shows; `asked`: which of its open tasks it is about."""
    tasks = list_tasks(dossier.id)
    waiting = [task for task in tasks if not task.completed_at]
    standing = Standing(waiting[0].instance, list(waiting)) if waiting else None
    task = task_shown(actor, dossier, standing, asked)
    definition = steps_of(dossier.version)
    documents = selectors.list_documents(dossier)
    drafts = [document for document in documents if document.kind == OfficialDocument.Kind.DRAFT]
    state, words = status_words(dossier)
    papers, history = (
        selectors.papers_for(actor, dossier),
        selectors.list_history(dossier, with_readings=True),
    )
    acts, checks = acts_for(actor, dossier, standing, task), definition.step(task.step).checks if task else ()
    codes, beside = {act.code for act in acts}, list_beside(actor, dossier, at=now)
    supplement = questions.find_supplement(dossier)
    return {
        **law_context(dossier),
        "law_links": law_links(dossier, codes | {*beside}, task),
        "until": until_words(supplement),
        "dossier": dossier,
        "heading": heading(dossier, language()),
        "task": task,
        "step_name": in_language(definition.step(task.step).names, language()) if task else "",
        "acts": {act.code.replace("-", "_"): act for act in acts},
        "signer": expected_signer(dossier, acts, now),
        "checks": [in_language(check, language()) for check in checks],
        "has_template": bool(dossier.version.result_template),
        "draft": drafts[-1] if drafts else None,
        "draft_is_current": bool(drafts and task) and _is_current(history),
        "course": course_of(dossier, tasks, history),
        "sections": answer_groups(dossier, papers),
        **_papers_context(actor, dossier, papers),
        "documents": document_items(documents, "desk:document"),
        "due_rows": due_rows(steps_shown(dossier), language()),
        "clock": clock_context(dossier, now),
        "limit_words": limit_words(dossier),
        "may_extend": "extend" in beside,
        "answer_note": answer_note(dossier, now),
        "late_note": next(filter(None, (late_note(dossier, it, now) for it in waiting)), None),
        "entered_note": entered_note(dossier),
        "case": case_words(dossier),
        "returned_reason": _returned_reason(history),
        "journal": journal_days(dossier, history),
        "is_due": clock_names_date(dossier),
        "due_state": due_state(dossier.due_at, now),
        "due_words": due_words(dossier.due_at, now),
        "status_state": state,
        "status_words": words,
        "now": now,
        "opinions": opinion_items(questions.list_opinions(dossier), definition, tasks, now),
        "supplement": supplement,
        "asked_for": [
            {"title": row_words(form_of(dossier.version), it)}
            for it in (supplement.items if supplement else ())
        ],
        **task_context(actor, dossier, standing, task, now),
    }


def _papers_context(actor: Actor, dossier: Dossier, papers: list[Component]) -> dict[str, Any]:
    return {
        "papers": digitised_items(papers, desk_paper_items(actor, dossier, papers)),
        "ended_papers": ended_items(papers),
        "may_digitise": bool(papers) and may_digitise(actor, dossier),
    }


def _is_current(history: list[Happened]) -> bool:
    """Whether a draft still stands: nobody sent the dossier back and nothing was brought since. A review keeps it."""
    for happened in reversed(history):
        if happened.entry.kind in {"dossier.task_returned", "dossier.supplemented", "dossier.data_corrected"}:
            return False
        if happened.entry.kind in {"dossier.result_drafted", "dossier.refusal_drafted"}:
            return True
    return True


def _returned_reason(history: list[Happened]) -> str:
    """What the signer asked for, while nothing was drafted since."""
    for happened in reversed(history):
        if happened.entry.kind in {"dossier.result_drafted", "dossier.refusal_drafted"}:
            return ""
        if happened.entry.kind == "dossier.task_returned":
            detail = getattr(happened.entry, "detail", None)
            return str(detail.values.get("reason", "")) if detail else ""
    return ""
