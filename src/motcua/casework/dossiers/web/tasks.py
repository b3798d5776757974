"""What the officer's dossier page says of its open tasks: whose they are, how they can end, what was asked beside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.models import Dossier, Opinion
from motcua.casework.dossiers.policies import can_act
from motcua.casework.dossiers.rules.outcomes import outcomes_for
from motcua.casework.dossiers.rules.states import ACTS, Act, Status
from motcua.casework.dossiers.services.acting import fits
from motcua.casework.dossiers.services.tasking import can_recall, leads
from motcua.casework.dossiers.web.words import language
from motcua.casework.process.models import Task, Token
from motcua.casework.process.rules.model import Definition, Step
from motcua.casework.process.selectors import can_do
from motcua.casework.process.services import Standing
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.ui.templatetags.ui import due_state, due_words
from motcua.registry.catalogue.rules.texts import in_language
from motcua.registry.organisations.selectors import list_officers_with, officer_names


def task_shown(actor: Actor, dossier: Dossier, standing: Standing | None, asked: str = "") -> Token | None:
    """Of the open tasks the one the page is about: the one asked for, else the actor's own before others."""
    tasks = standing.tasks if standing else []
    named = next((it for it in tasks if str(it.pk) == asked), None)
    return named or min(tasks, key=lambda it: not can_do(actor, it, dossier.procedure_code), default=None)


def acts_for(actor: Actor, dossier: Dossier, standing: Standing | None, task: Token | None) -> list[Act]:
    """Acts the page offers: the state table, the actor's rights and whose the task is together."""
    if not standing or not task:
        return []
    status = Status(dossier.status)
    offered = [act for act in ACTS.values() if act.needs and fits(act, standing, task, status)]
    allowed = [act for act in offered if can_act(actor, act, dossier, task)]
    if can_do(actor, task, dossier.procedure_code):
        hidden = "claim" if task.claimed_at else "" if task.claimed_by else "hand-back"
        return [act for act in allowed if act.code != hidden]
    over = {"assign", "hand-back"} if task.claimed_by else {"assign"}
    return [act for act in allowed if act.code in over and leads(actor, dossier, task)]


def task_context(
    actor: Actor, dossier: Dossier, standing: Standing | None, task: Token | None, now: datetime
) -> dict[str, Any]:
    """Who has the task, the ways it can end, the other open ones, and whether the last act can be taken back."""
    acts = {act.code for act in acts_for(actor, dossier, standing, task)}
    context: dict[str, Any] = {"can_recall": can_recall(actor, dossier)}
    if not standing or not task:
        return context
    names = officer_names({it.claimed_by for it in standing.tasks if it.claimed_by})
    day = timezone.localdate(now)
    context |= {
        "task": task,
        "claimed_by": names.get(task.claimed_by, "") if task.claimed_by else "",
        "is_mine": bool(task.claimed_by) and task.claimed_by == actor.person_id,
        "open_tasks": [
            _open_row(standing, it, names, now) | {"current": it.pk == task.pk} for it in standing.tasks
        ],
        "officers": list_officers_with(task.role, task.agency_path, on=day) if "assign" in acts else [],
    }
    for act in ("complete-task", "return-task", "submit-for-signature", "give-opinion"):
        context[f"{act.replace('-', '_')}_outcomes"] = _outcomes(standing, task, act) if act in acts else []
    return context


def _outcomes(standing: Standing, task: Token, act: str) -> list[dict[str, str]]:
    found = outcomes_for(standing.definition, standing.step(task), act)
    return [
        {"name": it.name, "label": in_language(it.label, language()) if it.label else it.name} for it in found
    ]


def _open_row(standing: Standing, task: Token, names: dict[UUID, str], now: datetime) -> dict[str, Any]:
    step = standing.step(task)
    lane = standing.definition.lanes.get(step.lane)
    place = in_language(lane.names, language()) if lane else ""
    return {
        "title": in_language(step.names, language()),
        "place": place,
        "who": names.get(task.claimed_by, "") if task.claimed_by else "",
        "state": "stopped" if task.paused_at else due_state(task.due_at, now),
        "due": _("waits for the applicant") if task.paused_at else due_words(task.due_at, now),
        "url": f"{reverse('desk:dossier', args=[task.subject])}?task={task.pk}",
    }


def opinion_items(
    opinions: list[Opinion], definition: Definition, tasks: Iterable[Task], now: datetime
) -> list[dict[str, Any]]:
    """Opinions asked for on a dossier, latest first, for its page. `tasks`: those of the dossier.

    A query for the names of who answered, none where nobody did.
    """
    steps = {it.pk: definition.steps[it.step] for it in tasks if it.step in definition.steps}
    names = officer_names({it.answered_by for it in opinions if it.answered_by})
    return [
        {
            "id": it.id,
            "who": it.asked_name,
            "title": _step_title(it, steps.get(it.task_id)),
            "question": it.question,
            "text": it.text,
            "file": it.file_id,
            "by": names.get(it.answered_by, "") if it.answered_by else "",
            "answered_at": it.answered_at,
            "state": "done" if it.answered_at else due_state(it.due_at, now),
            "words": _("answered") if it.answered_at else due_words(it.due_at, now),
        }
        for it in opinions
    ]


def _step_title(opinion: Opinion, step: Step | None) -> str:
    """What a step of the process asks for, in the reader's language; "" of what was asked beside the process."""
    if not step or step.act != "give-opinion" or opinion.question != step.names["vi"]:
        return ""
    return in_language(step.names, language())
