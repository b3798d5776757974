"""A dossier that will be late: the applicant gets an apology with the reason and a new date (form 04). Once.

Source: Decree 61/2018/NĐ-CP art. 19(9), kept since; vietnam.md T8, 1.4 (5), 1.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from motcua.casework.dossiers.errors import ExtendedBefore, NewDateWrong, NoReasonToExtend, TooLateToExtend
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.rules.extension import last_day_to_extend, may_still_extend, new_due
from motcua.casework.dossiers.rules.states import ACTS
from motcua.casework.dossiers.services.acting import Acting, Target, acting, not_here
from motcua.casework.dossiers.services.clock import clock_changes
from motcua.casework.dossiers.services.papers import (
    form_head,
    local_minute,
    next_form_number,
    party,
    signer_content,
)
from motcua.casework.dossiers.services.signing import signing_as
from motcua.casework.process.services import put_off_tasks
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.chunks import defer_job
from motcua.foundation.kernel.text import clean
from motcua.foundation.ui.formats import format_date
from motcua.foundation.worktime.calendars import Calendar
from motcua.foundation.worktime.events import Kind
from motcua.registry.organisations.models import Unit
from motcua.registry.organisations.selectors import calendar_of, get_officer, get_reception_unit, get_title


@dataclass(frozen=True, slots=True)
class Extension:
    """`on`: the new day; `reason`: why it will be late, for the applicant."""

    on: date
    reason: str


def was_extended(dossier: Dossier) -> bool:
    """Whether the date was moved already; a restart gives no second time."""
    return any(row["kind"] == Kind.EXTENDED for row in dossier.clock)


def extend(*, actor: Actor, target: Target, extension: Extension, at: datetime) -> OfficialDocument:
    """Move the due date once, with an apology to the applicant; the original date stays the basis of statistics, and
    the open steps that are not overdue have the time that it gives.

    Raises TooLateToExtend less than a working day before it is due, ExtendedBefore, ForbiddenByLaw while the clock
    stands still, NewDateWrong, NoReasonToExtend.
    """
    reason = clean(extension.reason)[:1000]
    with acting(code="extend", actor=actor, target=target, at=at) as step:
        until = check_extension(step.dossier, extension.on, at=at)
        if not reason:
            raise NoReasonToExtend
        before = step.dossier.due_at
        _put_off(step, until)
        slip = _make_slip(step, until, reason)
        step.changes = clock_changes(step.dossier, Kind.EXTENDED, at=at, until=until)
        step.facts = {
            "due_at": until.isoformat(),
            "before": before.isoformat() if before else "",
            "document_id": str(slip.id),
        }
        step.details = {"reason": reason}
        defer_job("dossiers.render_receipt", document_id=str(slip.id))
    return slip


def check_extension(dossier: Dossier, on: date, *, at: datetime) -> datetime:
    """The new due moment on that day, in Vietnamese time. Raises as `extend` does."""
    calendar = check_still(dossier, at=at)
    until = new_due(dossier.due_at, on, calendar) if dossier.due_at else None
    if not until:
        raise NewDateWrong
    return until


def check_still(dossier: Dossier, *, at: datetime) -> Calendar:
    """The calendar of its agency, if the date can be moved at all. Raises ForbiddenByLaw, ExtendedBefore,
    TooLateToExtend."""
    if dossier.due_at is None or dossier.stopped_at:
        raise not_here(ACTS["extend"], dossier)
    if was_extended(dossier):
        raise ExtendedBefore
    calendar = calendar_of(dossier.agency, on=timezone.localdate(at))
    if not may_still_extend(dossier.due_at, calendar, at=at):
        last = last_day_to_extend(dossier.due_at, calendar)
        raise TooLateToExtend(day=format_date(last, (get_language() or "vi").split("-")[0]))
    return calendar


def _put_off(step: Acting, until: datetime) -> None:
    calendar = calendar_of(step.dossier.agency, on=timezone.localdate(step.at))
    if step.standing and step.dossier.due_at:
        put_off_tasks(step.standing, calendar, before=step.dossier.due_at, after=until, at=step.at)


def _make_slip(step: Acting, until: datetime, reason: str) -> OfficialDocument:
    """Form 04 as a row; its PDF is made by a job."""
    dossier, at = step.dossier, step.at
    unit = get_reception_unit(dossier.agency)
    number = next_form_number(dossier, unit, form="04", prefix="PXL-", at=at)
    officer = get_officer(step.actor.person)
    signing = signing_as(step.actor, dossier, title=get_title(officer.id, at=at))
    content = apology_slip(dossier, unit, number, at=at) | {
        "new_due_at": local_minute(until),
        "reason": reason,
        "signer": signer_content(officer.full_name, signing),
    }
    return OfficialDocument.objects.create(
        dossier=dossier,
        kind=OfficialDocument.Kind.APOLOGY,
        number=number,
        content=content,
        made_at=at,
        made_by=step.actor.person,
    )


def apology_slip(dossier: Dossier, unit: Unit, number: str, *, at: datetime) -> dict[str, Any]:
    """What form 04 says beside the new date, the reason and who signs. Source: Circular 03/2025/TT-VPCP, form 04."""
    return {
        **form_head(dossier, unit, number, at=at),
        "addressee": dossier.owner_name,
        "applicant": party(dossier.owner_facts or dossier.applicant_facts),
        "procedure": dossier.version.definition["procedure"]["name"]["vi"],
        "received_at": local_minute(dossier.accepted_at),
        "promised_at": local_minute(dossier.due_at),
    }
