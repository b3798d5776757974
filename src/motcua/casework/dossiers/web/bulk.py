"""One act on many dossiers: chosen on a list, read and confirmed here, reported dossier by dossier."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from motcua.casework.dossiers import bulk_acts, selectors
from motcua.casework.dossiers.errors import NothingTicked
from motcua.casework.dossiers.forms import heading
from motcua.casework.dossiers.models import BulkAct, BulkActItem, Dossier
from motcua.casework.dossiers.reassigning import list_tasks_of
from motcua.casework.dossiers.services.bulk_acts import (
    AT_ONCE,
    MOST,
    Chosen,
    Confirmed,
    begin_bulk_act,
    run_bulk_act,
)
from motcua.casework.dossiers.web.bulk_form import BulkForm
from motcua.casework.dossiers.web.bulk_lists import choice_text, chosen_row
from motcua.casework.dossiers.web.bulk_words import (
    CHANGED,
    DONE,
    QUESTIONS,
    WHAT_HAPPENS,
    button_words,
)
from motcua.casework.dossiers.web.desk import as_uuid
from motcua.casework.dossiers.web.filters import asked_again
from motcua.casework.dossiers.web.words import language
from motcua.casework.process.services import definition_of
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import DomainError
from motcua.foundation.kernel.ids import new_id
from motcua.registry.access.policies import ActingRequest, officer_required
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.selectors import officer_names

_PAGE = 100
# Whoever left the page open overnight asks no more.
_WATCHED_FOR = timedelta(hours=1)


def _chosen(text: str) -> Chosen:
    """What a box said, as `choice_text` writes it. Raises ValueError."""
    dossier, revision, *task = text.split()
    if not revision.isascii() or not revision.isdecimal() or len(revision) > 9:
        raise ValueError(revision)
    return Chosen(UUID(dossier), int(revision), UUID(task[0]) if task else None)


@officer_required
@never_cache
@require_POST
def check(request: ActingRequest) -> HttpResponse:
    """What will be done, and to which dossiers; what speaks against it already. Nothing is done yet."""
    act = request.POST.get("act", "")
    if act not in WHAT_HAPPENS:
        return _back_to_list(request, _("Choose what is to be done."))
    try:
        chosen = _choice(request)
    except ValueError:
        return _back_to_list(request, _("The page was damaged on its way. Choose the dossiers again."))
    lines = bulk_acts.list_chosen(request.actor, chosen)
    if not lines or len(lines) > MOST:
        problem = NothingTicked() if not lines else _("At most %(limit)d dossiers can be handled at once.")
        return _back_to_list(request, str(problem) % {"limit": MOST})
    initial = {name: request.POST.get(name, "") for name in BulkForm.base_fields}
    form = BulkForm(act, lines, request.actor, initial=initial)
    return _page(request, act, lines, form)


def _choice(request: ActingRequest) -> list[Chosen]:
    """What was ticked; all on the page; all of the list; or what an earlier act was refused. Raises ValueError."""
    sent = request.POST
    if again := as_uuid(sent.get("again", "")):
        earlier = bulk_acts.get_bulk_act(request.actor, again)
        refused = bulk_acts.list_items(earlier, state="refused", limit=MOST)[0]
        return bulk_acts.as_they_are_now(request.actor, refused)
    leaving = as_uuid(sent.get("leaving", ""))
    if sent.get("which") == "all" and leaving:
        theirs = list_tasks_of(request.actor, leaving, limit=MOST)[1]
        return [chosen_row(row) for row in theirs]
    if sent.get("which") == "all" and "query" in sent:
        asked = asked_again(request, sent["query"])
        found = selectors.list_inbox(request.actor, asked.looking, at=timezone.now(), limit=MOST)
        return [chosen_row(row) for row in found.rows]
    if sent.get("which") == "page":
        return [_chosen(text) for text in sent.get("shown", "").split(";") if text]
    return [_chosen(text) for text in sent.getlist("chosen")]


def _back_to_list(request: ActingRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    if request.POST.get("list") == "uncollected":
        return redirect("desk:uncollected")
    if theirs := as_uuid(request.POST.get("leaving", "")):
        return redirect("desk:reassign-officer", theirs)
    return redirect(f"{reverse('desk:inbox')}{_query(request)}")


def _query(request: ActingRequest) -> str:
    """The part of the inbox's address that its form sent along."""
    query = request.POST.get("query", "")[:500]
    return query if query.startswith("?") else ""


def _page(request: ActingRequest, act: str, lines: list[bulk_acts.Line], form: BulkForm) -> HttpResponse:
    rows = [_row(request.actor, act, line) for line in lines]
    against = sum(bool(row["why"]) for row in rows)
    context = {
        "act": act,
        "form": form,
        "rows": rows,
        "against": against,
        "what_happens": WHAT_HAPPENS[act],
        "title": button_words(act, len(rows)),
        "bulk_id": request.POST.get("bulk", "") or new_id(),
        "items": ";".join(choice_text(line.chosen) for line in lines),
        "query": _query(request),
        "list": request.POST.get("list", "")[:20],
        "leaving": request.POST.get("leaving", "")[:36],
        "by_job": len(rows) > AT_ONCE,
    }
    return render(request, "dossiers/desk_bulk_check.html", context, status=422 if form.is_bound else 200)


def _row(actor: Actor, act: str, line: bulk_acts.Line) -> dict[str, Any]:
    task, problem = line.task, bulk_acts.forecast(actor, act, line)
    step = definition_of(task.instance.definition).step(task.step).names if task else {}
    return _shown(line.dossier, task.pk if task else None) | {
        "step": in_language(step, language()) if step else "",
        "why": str(problem) if problem else "",
    }


def _shown(dossier: Dossier, task_id: UUID | None) -> dict[str, Any]:
    url = reverse("desk:dossier", args=[dossier.pk])
    return {
        "url": f"{url}?task={task_id}" if task_id else url,
        "code": dossier.code or dossier.reference,
        "procedure": heading(dossier, language()),
        "applicant": dossier.owner_name,
    }


@officer_required
@require_POST
def start(request: ActingRequest) -> HttpResponse:
    """Do what was confirmed: at once, or by a job where it is much. The same page sent twice does nothing twice."""
    act, bulk_id = request.POST.get("act", ""), as_uuid(request.POST.get("bulk", ""))
    try:
        chosen = [_chosen(text) for text in request.POST.get("items", "").split(";") if text]
    except ValueError:
        chosen = []
    if act not in WHAT_HAPPENS or not bulk_id or not chosen:
        return _back_to_list(request, _("The page was damaged on its way. Choose the dossiers again."))
    lines = bulk_acts.list_chosen(request.actor, chosen[:MOST]) if QUESTIONS.get(act) else []
    form = BulkForm(act, lines, request.actor, request.POST)
    if not form.is_valid():
        return _page(request, act, lines, form)
    inputs = {name: str(value) for name, value in form.cleaned_data.items() if value}
    confirmed = Confirmed(act, chosen, inputs)
    try:
        bulk = begin_bulk_act(actor=request.actor, bulk_id=bulk_id, confirmed=confirmed, at=timezone.now())
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        return _back_to_list(request, str(error))
    if len(chosen) <= AT_ONCE and not bulk.finished_at:
        _run_now(bulk)
    return redirect("desk:bulk", bulk_id)


def _run_now(bulk: BulkAct) -> None:
    try:
        run_bulk_act(bulk.pk, now=timezone.now)
    except OperationalError:
        # The job that looks later goes on where this stopped; the report says what waits.
        return


@officer_required
@never_cache
@require_safe
def report(request: ActingRequest, bulk_id: UUID) -> HttpResponse:
    """What became of each dossier so far; the page asks again by itself until all are done."""
    bulk, state = bulk_acts.get_bulk_act(request.actor, bulk_id), request.GET.get("state", "")
    state = state if state in BulkActItem.State.values else ""
    after = request.GET.get("after", "")
    position = int(after) if after.isascii() and after.isdecimal() and len(after) < 6 else -1
    items, more = bulk_acts.list_items(bulk, state=state, after=position, limit=_PAGE)
    known = bulk_acts.known_dossiers(request.actor, {it.dossier_id for it in items})
    counts = {name: getattr(bulk, name) for name in ("waiting", "done", "refused")}
    total = sum(counts.values())
    context = {
        "bulk": bulk,
        "title": str(DONE[bulk.act]),
        "rows": [_outcome(it, known.get(it.dossier_id)) for it in items],
        "total": total,
        "settled": total - counts["waiting"],
        **counts,
        "more": more,
        "state": state,
        "states": _state_items(counts, state),
        "who": officer_names({UUID(bulk.inputs["officer"])}) if "officer" in bulk.inputs else {},
        "is_watched": counts["waiting"] > 0 and timezone.now() - bulk.made_at < _WATCHED_FOR,
    }
    context["who"] = next(iter(context["who"].values()), "")
    return render(request, "dossiers/desk_bulk.html", context)


def _state_items(counts: dict[str, int], state: str) -> list[dict[str, Any]]:
    """For components/due_filter."""
    names = [
        ("", _("All"), "", sum(counts.values())),
        ("refused", _("Not done"), "overdue", counts["refused"]),
        ("done", _("Done"), "done", counts["done"]),
    ]
    return [
        {"label": label, "count": count, "state": icon, "url": f"?state={name}", "current": name == state}
        for name, label, icon, count in names
    ]


def _outcome(item: BulkActItem, dossier: Dossier | None) -> dict[str, Any]:
    shown = _shown(dossier, None) if dossier else {"code": "", "procedure": _("No longer in your sight")}
    problem = item.problem or {}
    if item.state == BulkActItem.State.REFUSED:
        changed = problem.get("code") in CHANGED
        mark = ("soon", _("changed meanwhile")) if changed else ("overdue", _("not done"))
    else:
        mark = ("done", _("done")) if item.state == BulkActItem.State.DONE else ("open", _("waits"))
    why = problem.get("detail") or (_("It could not be done. Open it and try there.") if problem else "")
    return shown | {"state": mark[0], "words": mark[1], "why": why}
