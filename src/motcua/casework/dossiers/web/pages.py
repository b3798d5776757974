"""What pages about a dossier show, as plain data for the components. No queries of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.casework.dossiers import questions, selectors
from motcua.casework.dossiers.forms import answer_sections, case_name, heading, procedure_of, steps_of
from motcua.casework.dossiers.models import Component, Dossier, OfficialDocument
from motcua.casework.dossiers.rules.promises import month_weeks
from motcua.casework.dossiers.rules.states import Status
from motcua.casework.dossiers.selectors import Happened
from motcua.casework.dossiers.statuses import STATUSES
from motcua.casework.dossiers.web.prints import document_links
from motcua.casework.dossiers.web.reuse import origin_words
from motcua.casework.dossiers.web.signers import expected_signer
from motcua.casework.dossiers.web.tasks import acts_for, opinion_items, task_context, task_shown
from motcua.casework.dossiers.web.words import DOCUMENTS, ENTRIES, INTERNAL, due_rows
from motcua.casework.forms.rules.summary import Section
from motcua.casework.process.models import Task
from motcua.casework.process.rules.course import Course, Visit
from motcua.casework.process.selectors import DueCounts, Moments, find_public_words, list_tasks
from motcua.casework.process.services import Standing, definition_of
from motcua.casework.warehouse.models import Document
from motcua.foundation.files.responses import file_response as file_response
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.ui import formats
from motcua.foundation.ui.templatetags.ui import due_state, due_words
from motcua.foundation.worktime.deadlines import due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import calendar_of, get_calendar


def language() -> str:
    return (get_language() or "vi").split("-")[0]


def status_words(dossier: Dossier) -> tuple[str, str]:
    """The state of the design system and its words."""
    words, state = STATUSES[dossier.status]
    return state, str(words)


def course_of(dossier: Dossier, tasks: list[Task], history: Iterable[Happened] = ()) -> Course:
    """How far the dossier's process went, for `{% process_picture %}`; `history` gives officers their names."""
    names = {it.entry.person_id: it.by for it in history if it.by}
    visits = [
        Visit(it.step, it.opened_at, it.completed_at, it.outcome, names.get(it.completed_by, ""))
        for it in tasks
    ]
    return Course(steps_of(dossier.version), visits, is_ended=all(it.completed_at for it in tasks))


def timeline_items(history: Iterable[Happened], sealed: set[UUID]) -> list[dict[str, str]]:
    """What happened, in the applicant's words, for components/timeline; with the proof of what is sealed."""
    items = []
    for happened in history:
        words = ENTRIES.get(happened.entry.kind)
        if not words or happened.entry.kind in INTERNAL:
            continue
        when = _when(happened.entry.at)
        meta = f"{when} · {happened.by}" if happened.by else when
        entry = happened.entry
        url = reverse("dossiers:proof", args=[entry.object_id, entry.id]) if entry.id in sealed else ""
        items.append(
            {"state": "done", "title": str(words[0]), "meta": meta, "url": url, "url_text": _("Proof")}
        )
    return items


def journal_days(history: list[Happened], applicant: str) -> list[dict[str, Any]]:
    """The journal by day, newest first, for components/journal_days."""
    days = []
    by_day = groupby(reversed(history), key=lambda happened: timezone.localdate(happened.entry.at))
    for day, happenings in by_day:
        entries: list[dict[str, Any]] = []
        for happened in happenings:
            words = ENTRIES.get(happened.entry.kind)
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
                    "note": detail.values.get("reason", "") if detail else happened.unit,
                }
            )
        days.append({"title": formats.format_date(day, language()), "entries": entries})
    return days


def _is_same_reading(entries: list[dict[str, Any]], happened: Happened) -> bool:
    """One officer who opens a dossier again before anybody does anything is one line; the journal keeps each."""
    key = (happened.entry.kind, happened.entry.person_id)
    return happened.entry.kind in selectors.READINGS and bool(entries) and entries[-1]["key"] == key


def due_picture(dossier: Dossier) -> dict[str, Any]:
    """The due date as a month and its legend, for components/due_picture."""
    weeks = month_weeks(dossier.due_steps)
    said = {
        "counted": _("counted"),
        "due": _("due"),
        "off": _("not counted"),
        "stopped": _("clock stopped"),
        "early": _("before the clock started"),
    }
    for week in weeks:
        for day in week:
            day["said"] = said.get(day["state"], "")
    present = {day["state"] for week in weeks for day in week}
    legend = [{"state": state, "text": capfirst(words)} for state, words in said.items() if state in present]
    weekdays = [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")]
    return {
        "weeks": weeks,
        "legend": legend,
        "weekdays": weekdays,
        "caption": _("How the due date was counted"),
    }


def paper_items(papers: list[Component], url_name: str) -> list[dict[str, str]]:
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


def _origin(paper: Component) -> dict[str, str]:
    """Where a paper that was used again comes from, with the page that checks it."""
    state, words = origin_words(paper)
    check = f"{reverse('warehouse:verify')}?code={paper.document.verification_code}" if paper.document else ""
    return {"state": state, "state_text": words, "more_url": check, "more_text": _("Check the signature")}


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


def inbox_groups(inbox: selectors.Inbox, now: datetime, times: Moments) -> list[dict[str, Any]]:
    """The inbox in groups by due date, for components/inbox_table."""
    titles = {
        "overdue": _("Overdue"),
        "today": _("Today"),
        "soon": _("Within 2 working days"),
        "later": _("Later"),
    }
    counts = inbox.counts
    groups: dict[str, dict[str, Any]] = {}
    for row in inbox.rows:
        name = _due_group(row.task.due, times)
        group = groups.setdefault(
            name, {"title": titles[name], "count": getattr(counts, name), "note": "", "rows": []}
        )
        group["rows"].append(inbox_row(row, now))
    return list(groups.values())


def _due_group(due_at: datetime, times: Moments) -> str:
    if due_at < times.now:
        return "overdue"
    if due_at <= times.today_ends:
        return "today"
    return "soon" if due_at <= times.soon_ends else "later"


def inbox_row(row: selectors.InboxRow, now: datetime) -> dict[str, Any]:
    """A row for components/inbox_table."""
    task, dossier = row.task, row.dossier
    definition = definition_of(task.instance.definition)
    return dossier_row(dossier, now) | {
        "url": f"{reverse('desk:dossier', args=[dossier.id])}?task={task.pk}",
        "state": due_state(task.due_at, now),
        "due": due_words(task.due_at, now),
        "task": in_language(definition.step(task.step).names, language()),
    }


def dossier_row(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """A row for components/inbox_table of a dossier as a whole, whoever has it."""
    channels = {1: _("Counter"), 2: _("Online"), 3: _("Post")}
    return {
        "id": dossier.id,
        "url": reverse("desk:dossier", args=[dossier.id]),
        "state": due_state(dossier.due_at, now),
        "due": due_words(dossier.due_at, now),
        "procedure": heading(dossier, language()),
        "applicant": dossier.owner_name,
        "task": "",
        "code": dossier.code or dossier.reference,
        "source": channels[dossier.channel],
    }


def view_items(view: str) -> list[dict[str, Any]]:
    """Whose tasks are shown, for components/tabs."""
    words = {
        "": _("For me"),
        "mine": _("Taken by me"),
        "unit": _("My unit's"),
        "waiting": _("Waiting for applicants"),
    }
    return [{"text": text, "url": f"?view={name}", "current": name == view} for name, text in words.items()]


def segments(counts: DueCounts, due_in: str, view: str = "") -> list[dict[str, Any]]:
    """The due filter, for components/due_filter."""
    parts = [
        ("", _("All"), "", counts.everything),
        ("overdue", _("Overdue"), "overdue", counts.overdue),
        ("today", _("Today"), "soon", counts.today),
        ("soon", _("Within 2 working days"), "", counts.soon),
        ("later", _("Later"), "", counts.later),
    ]
    return [
        {
            "label": label,
            "count": count,
            "state": state,
            "url": f"?view={view}&due={name}" if view else f"?due={name}",
            "current": name == due_in,
        }
        for name, label, state, count in parts
    ]


def _when(moment: datetime) -> str:
    return formats.format_datetime(timezone.localtime(moment), language())


def limit_words(dossier: Dossier) -> str:
    return in_language(procedure_of(dossier)["limit"]["text"], language())


def case_words(dossier: Dossier) -> str:
    """The case of its procedure that the dossier is, "" when it has none."""
    return case_name(dossier.version.definition["procedure"], dossier.case, language())


def own_row(dossier: Dossier) -> dict[str, Any]:
    """A row of "My dossiers"."""
    state, words = status_words(dossier)
    return {
        "url": reverse("dossiers:dossier", args=[dossier.id]),
        "heading": heading(dossier, language()),
        "state": state,
        "words": words,
        "code": dossier.code or dossier.reference,
        "agency": dossier.agency.name,
        "note": what_next(dossier),
    }


def what_next(dossier: Dossier) -> str:
    """One sentence: when something happens next, or when it did."""
    if dossier.returned_at:
        return _when(dossier.returned_at)
    if dossier.finished_at:
        return _("Finished %(when)s") % {"when": _when(dossier.finished_at)}
    if dossier.status == Status.SUPPLEMENT_REQUESTED:
        return _("Waiting for you; no time is counted")
    if dossier.due_at:
        return _("Due by %(when)s") % {"when": _when(dossier.due_at)}
    calendar = calendar_of(dossier.agency, on=timezone.localdate(dossier.submitted_at))
    answer_by = due(dossier.submitted_at, parse_limit("8wh"), calendar).at
    return _("The counter answers by %(when)s") % {"when": _when(answer_by)}


def public_words(dossier: Dossier) -> str:
    """The citizen's words for where the dossier stands, the same through all levels of review; empty without any."""
    if dossier.status != Status.IN_PROCESS:
        return ""
    said = find_public_words(dossier.id)
    return in_language(said, language()) if said else ""


def promise_now(procedure: Mapping[str, Any], agency: Agency | None, now: datetime) -> str:
    """When the result would be due if the agency accepted the dossier now; None: not chosen yet."""
    calendar = calendar_of(agency, on=timezone.localdate(now)) if agency else get_calendar()
    return _when(due(now, parse_limit(procedure["limit"]["value"]), calendar).at)


def summary_sections(sections: list[Section], base: str) -> list[dict[str, Any]]:
    """Answers read back, for components/summary_list: every row leads back to its page."""
    return [
        {
            "title": section.title,
            "note": _("Known from your eID") if any(row.known for row in section.rows) else "",
            "rows": [
                {
                    "label": row.label,
                    "value": row.value,
                    "change_url": ""
                    if row.known or row.computed or not row.field
                    else f"{base}/{section.page}/?check",
                }
                for row in section.rows
            ],
        }
        for section in sections
    ]


def signed_words(issued: Document) -> str:
    """Who signed the result and when."""
    return _("%(name)s, %(title)s, signed %(when)s") % {
        "name": issued.signer_name,
        "title": issued.signer_title,
        "when": _when(issued.issued_at),
    }


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
    return {
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
        "papers": paper_items(papers, "desk:paper"),
        "documents": document_items(documents, "desk:document"),
        "due_rows": due_rows(dossier.due_steps, language()),
        "limit_words": limit_words(dossier),
        "case": case_words(dossier),
        "returned_reason": _returned_reason(history),
        "journal": journal_days(history, dossier.applicant_facts["full_name"]),
        "due_state": due_state(dossier.due_at, now),
        "due_words": due_words(dossier.due_at, now),
        "status_state": state,
        "status_words": words,
        "now": now,
        "opinions": opinion_items(questions.list_opinions(dossier), now),
        "supplement": questions.find_supplement(dossier),
        **task_context(actor, dossier, standing, task, now),
    }


def _is_current(history: list[Happened]) -> bool:
    """Whether a draft still stands: nobody sent the dossier back and nothing was brought since. A review keeps it."""
    for happened in reversed(history):
        if happened.entry.kind in {"dossier.task_returned", "dossier.supplemented"}:
            return False
        if happened.entry.kind == "dossier.result_drafted":
            return True
    return True


def _returned_reason(history: list[Happened]) -> str:
    """What the signer asked for, while nothing was drafted since."""
    for happened in reversed(history):
        if happened.entry.kind == "dossier.result_drafted":
            return ""
        if happened.entry.kind == "dossier.task_returned":
            detail = getattr(happened.entry, "detail", None)
            return str(detail.values.get("reason", "")) if detail else ""
    return ""


def checks_of(dossier: Dossier) -> list[str]:
    """What the drafter ticked: all checks of the process, as a draft is made with all of them only."""
    definition = steps_of(dossier.version)
    return [in_language(check, language()) for step in definition.steps.values() for check in step.checks]


def queue_items(
    queue: list[selectors.InboxRow], chosen: Dossier | None, now: datetime
) -> list[dict[str, Any]]:
    """The sign queue, for components/queue."""
    return [
        {
            "title": row.dossier.version.definition["procedure"]["results"][0]["name"]["vi"],
            "who": heading(row.dossier, language()),
            "by": row.dossier.code,
            "state": due_state(row.task.due_at, now),
            "due": due_words(row.task.due_at, now),
            "url": f"{reverse('desk:signing')}?dossier={row.dossier.id}",
            "current": chosen is not None and row.dossier.id == chosen.id,
        }
        for row in queue
    ]


def signing_context(dossier: Dossier, draft: OfficialDocument, place: tuple[float, ...]) -> dict[str, Any]:
    """The page to be signed with the place of the signature, and what stands beside it."""
    (x0, y0, x1, y1) = place
    width, height = draft.content.get("signature", {}).get("size", (595.28, 841.89))
    page = {
        "src": reverse("desk:page", args=[dossier.id, draft.id]),
        "width": width,
        "height": height,
        "alt": _("The page that will be signed"),
        "place": {"x": x0, "y": height - y1, "width": x1 - x0, "height": y1 - y0},
    }
    facts = [
        {
            "label": _("Dossier"),
            "value": dossier.code,
            "url": reverse("desk:dossier", args=[dossier.id]),
            "url_text": _("Open"),
        },
        {"label": _("Applicant"), "value": dossier.owner_name},
        *(
            [{"label": _("Authorised person"), "value": dossier.applicant_facts["full_name"]}]
            if dossier.owner_facts
            else []
        ),
        {"label": _("Accepted"), "value": _when(dossier.accepted_at) if dossier.accepted_at else ""},
        {"label": _("Due"), "value": _when(dossier.due_at) if dossier.due_at else ""},
    ]
    return {
        "pages": [page],
        "preview_note": _("PDF/A, %(size)s")
        % {"size": formats.format_size(draft.stored.size_bytes, language())},
        "place_text": _("Your signature will stand exactly here"),
        "facts": facts,
    }


def own_document_url(dossier_id: UUID, document: OfficialDocument) -> str:
    return reverse("dossiers:document", args=[dossier_id, document.pk])
