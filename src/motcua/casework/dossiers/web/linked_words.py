"""What pages say of a linked case and its parts, as plain data for the components."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.casework.dossiers.forms import deciding_agency, offered_at, procedure_for
from motcua.casework.dossiers.linking import Whole
from motcua.casework.dossiers.models import Draft, DraftPaper, LinkedPart, PartState
from motcua.casework.dossiers.rules.states import ENDED, Status
from motcua.casework.dossiers.services.linked_cases import linked_members, parts_of
from motcua.casework.dossiers.web.fee_words import fee_rows, fee_total
from motcua.casework.dossiers.web.own import what_next
from motcua.casework.dossiers.web.pages import status_words
from motcua.casework.dossiers.web.words import language, when
from motcua.casework.fees.rules.lines import ONLINE, FeeLine, fee_lines
from motcua.casework.forms.rules.definition import in_language
from motcua.registry.organisations.models import Agency

_FOR_THE_PERSON = {Status.SUPPLEMENT_REQUESTED, Status.FINANCIAL_OBLIGATION}


def whole_heading(whole: Whole) -> str:
    """What the case is called: "Birth, residence and health card of Trần Minh Khôi"."""
    words = in_language(whole.case.titles, language())
    return f"{_('Test')} · {words}" if whole.case.is_test else words


def whole_state(whole: Whole) -> tuple[str, str]:
    """Where the whole stands: the state of the design system and its words."""
    dossiers = [it.dossier for it in whole.parts if it.dossier]
    is_yours = any(it.status in _FOR_THE_PERSON for it in dossiers)
    if is_yours or any(it.state == PartState.YOURS for it in whole.parts):
        return "stopped", _("Waiting for you")
    finished = [it for it in dossiers if it.finished_at]
    open_parts = [it for it in whole.parts if it.state == PartState.WAITING]
    running = [it for it in dossiers if not it.finished_at and Status(it.status) not in ENDED]
    if running or open_parts:
        words = {"done": len(finished), "all": len(whole.parts)}
        return "open", _("%(done)s of %(all)s parts ready") % words
    return ("done", _("All parts are finished")) if finished else ("stopped", _("Ended without a result"))


def whole_due(whole: Whole) -> datetime | None:
    """When the whole is due: by its own limit, or later where a part waited for the person; none before acceptance."""
    due = [it.dossier.due_at for it in whole.parts if it.dossier and it.dossier.due_at]
    return max([whole.case.due_at, *due]) if whole.case.due_at else None


def own_case_row(whole: Whole) -> dict[str, Any]:
    """A row of "My dossiers": the whole as one."""
    state, words = whole_state(whole)
    due = whole_due(whole)
    return {
        "url": reverse("dossiers:linked", args=[whole.case.pk]),
        "heading": whole_heading(whole),
        "state": state,
        "words": words,
        "code": whole.case.code,
        "agency": ", ".join(in_language(whole.title_of(it), language()) for it in whole.parts),
        "note": _("Due by %(when)s") % {"when": when(due)} if due and state == "open" else "",
    }


def part_rows(whole: Whole, revoked: Collection[UUID] = (), *, to_owner: bool = True) -> list[dict[str, Any]]:
    """A row a part: what it is, who handles it, where it stands, what comes next."""
    return [_part_row(whole, it, revoked, to_owner) for it in whole.parts]


def _part_row(whole: Whole, part: LinkedPart, revoked: Collection[UUID], to_owner: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"title": in_language(whole.title_of(part), language()), "member": part.member}
    if part.dossier:
        state, words = status_words(part.dossier, to_anybody=not to_owner)
        return row | {
            "state": state,
            "words": words,
            "agency": part.dossier.agency.name,
            "code": part.dossier.code or part.dossier.reference,
            "note": what_next(part.dossier),
            "warning": _("The result that was passed on was revoked since.")
            if part.dossier.pk in revoked
            else "",
            "url": reverse("dossiers:dossier", args=[part.dossier.pk]) if to_owner else "",
        }
    state, words, note = _not_yet(whole, part)
    row |= {"state": state, "words": words, "note": note, "may_leave_out": part.state != PartState.STOPPED}
    if part.state == PartState.YOURS and hasattr(part, "draft") and part.draft.counter_id is None:
        row |= {"draft_url": reverse("dossiers:resume", args=[part.draft.pk])}
    return row


def _not_yet(whole: Whole, part: LinkedPart) -> tuple[str, str, str]:
    if part.state == PartState.WAITING:
        before = [it for it in whole.parts if it.member in whole.members[part.member].after]
        names = ", ".join(in_language(whole.title_of(it), language()) for it in before)
        note = _("Submitted for you as soon as this is there: %(what)s. You need not do anything.")
        return "open", _("Follows"), note % {"what": names}
    return {
        PartState.YOURS: ("stopped", _("Waiting for you"), _("Something is missing: complete it yourself.")),
        PartState.STOPPED: ("stopped", _("Not submitted"), stop_words(part.reason)),
    }[PartState(part.state)]


def stop_words(reason: str) -> str:
    """Why a part is not submitted, in plain words, and what the person can do."""
    anew = _("You can apply for it on its own.")
    why = {
        "refused": _("What it waited for was not granted."),
        "withdrawn": _("What it waited for was withdrawn."),
        "stopped": _("The agency stopped what it waited for."),
        "revoked": _("The result it waited for was revoked."),
        "left_out": _("You left it out."),
    }.get(reason, _("Its data are not there any more."))
    return f"{why} {anew}"


def others_line(whole: Whole, dossier_id: UUID) -> list[str]:
    """For the officers of one part: the state of the others, and nothing else of them."""
    rows = zip(whole.parts, part_rows(whole, to_owner=False), strict=True)
    return [f"{row['title']}: {row['words']}" for part, row in rows if part.dossier_id != dossier_id]


def check_context(
    draft: Draft, papers: list[DraftPaper], now: datetime, *, channel: str = ONLINE
) -> dict[str, Any]:
    """What the last page of an application for linked procedures shows beside the answers; empty for any other.

    channel: by which it comes, as procedures name it; fees may differ by it.
    """
    if not linked_members(draft.version):
        return {}
    today = timezone.localdate(now)
    _answers, parts = parts_of(draft, papers, at=now)
    titles = {it.member.name: in_language(it.member.title, language()) for it in parts}
    fees, rows = [], []
    for part in parts:
        agency = deciding_agency(part.draft.answers, on=today)
        fees += _fees(part.draft, agency, today, channel)
        waits = [titles[name] for name in part.member.after if name in titles]
        after = _("after: %(what)s") % {"what": ", ".join(waits)} if waits else _("at once")
        rows.append(
            {"label": titles[part.member.name], "value": agency.name if agency else "", "note": after}
        )
    return {
        "parts": rows,
        "fees": fee_rows(fees, language()),
        "fee_total": fee_total(fees, language()),
        "has_to_pay": any(line.amount_vnd != 0 for line in fees),
    }


def _fees(draft: Draft, agency: Agency | None, today: date, channel: str) -> list[FeeLine]:
    """As form 01 of the part will charge them: in its case and as its agency offers it."""
    procedure, _case = procedure_for(draft.version, draft.answers, on=today)
    procedure, _problem = offered_at(draft.version, procedure, agency, on=today)
    return fee_lines(procedure, draft.answers, on=today, channel=channel)


def taken_words(whole: Whole) -> dict[str, Any]:
    """What the counter tells of the whole once it took it in: name, code, due date, and each part with its own.

    For who handles its first dossier, whose form 01 says the same.
    """
    return {
        "code": whole.case.code,
        "heading": whole_heading(whole),
        "due_at": whole_due(whole),
        "parts": [_taken_row(whole, it) for it in whole.parts],
    }


def _taken_row(whole: Whole, part: LinkedPart) -> dict[str, Any]:
    row = {"label": in_language(whole.title_of(part), language())}
    if part.dossier:
        due_at = part.dossier.due_at
        by = _("Due by %(when)s") % {"when": when(due_at)} if due_at else ""
        return row | {"value": part.dossier.agency.name, "note": by}
    if part.state == PartState.STOPPED:
        return row | {"value": _("Not submitted"), "note": ""}
    draft: Draft | None = getattr(part, "draft", None)
    # It has a date once it is accepted; until then its limit is told.
    before = [it for it in whole.parts if it.member in whole.members[part.member].after]
    names = ", ".join(in_language(whole.title_of(it), language()) for it in before)
    after = _("after: %(what)s") % {"what": names} if names else ""
    if draft is None:
        return row | {"value": "", "note": after}
    agency = deciding_agency(draft.answers, on=timezone.localdate(whole.case.submitted_at))
    limit = in_language(draft.version.definition["procedure"]["limit"]["text"], language())
    return row | {
        "value": agency.name if agency else "",
        "note": " · ".join(filter(None, (after, limit))),
    }
