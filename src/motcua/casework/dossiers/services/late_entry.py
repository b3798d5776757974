"""Entering a paper sheet: the dossier counts from when its papers really came in, and says that it was entered later.

Source: vietnam.md 1.4 (the limit counts from the receipt), 2.2 (the day in the code is that of the reception).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from motcua.casework.dossiers.counter_errors import (
    CameTooEarly,
    LateReasonMissing,
    NoSuchSheet,
    NotYet,
    SheetEntered,
    SheetOfAnotherProcedure,
    SheetVoid,
)
from motcua.casework.dossiers.models import Draft, IntakeSheet, LateReason
from motcua.casework.dossiers.rules.sheet_codes import read_sheet_code
from motcua.casework.dossiers.services.clock import counting_by
from motcua.casework.dossiers.services.intake import Intake, start_intake
from motcua.casework.dossiers.services.sheets import REASON_LENGTH, of_counters
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.text import clean_line
from motcua.foundation.worktime.deadlines import Due, due
from motcua.foundation.worktime.limits import parse_limit
from motcua.registry.catalogue.models import ProcedureVersion
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.models import Agency


@dataclass(frozen=True, slots=True)
class Late:
    """What an officer takes from a sheet. `code`: as typed or scanned; `came_at`: when the papers came in, aware;
    `reason`: one of LateReason; `words`: of another reason; `procedure`: for a sheet that was printed for any."""

    code: str
    came_at: datetime
    reason: str
    words: str = ""
    procedure: str = ""


def locked_sheet(actor: Actor, typed: str) -> IntakeSheet:
    """The sheet, locked in the caller's transaction. Raises NoSuchSheet, also for a mistyped code."""
    code = read_sheet_code(typed)
    related = of_counters(actor).select_related("block__version__procedure", "agency")
    sheet = related.select_for_update(of=("self",)).filter(code=code).first() if code else None
    if not sheet:
        raise NoSuchSheet
    return sheet


@transaction.atomic
def begin_entry(*, actor: Actor, late: Late, intake: Intake, at: datetime) -> Draft:
    """A draft at the officer's counter that is made of a sheet; `take_in` then takes time and reason from the sheet.

    Beginning again goes on with the same draft, for the same person. Raises NoSuchSheet, SheetVoid, SheetEntered,
    NotYet, CameTooEarly, LateReasonMissing, SheetOfAnotherProcedure, NotFound (procedure, person), and what
    `start_intake` does.
    """
    sheet = locked_sheet(actor, late.code)
    if sheet.state == "void":
        raise SheetVoid(code=sheet.code, reason=sheet.void_reason)
    if sheet.draft and sheet.draft.applicant_id == intake.person_id:
        return sheet.draft
    if sheet.state in {"entered", "begun"}:
        raise SheetEntered(code=sheet.code)
    _check_came(sheet, late, at)
    version = version_for(sheet, late)
    draft = start_intake(actor=actor, version=version, intake=intake, at=at)
    sheet.draft, sheet.entered_at, sheet.entered_by = draft, at, actor.person
    sheet.came_at, sheet.reason, sheet.words = (
        late.came_at,
        late.reason,
        clean_line(late.words)[:REASON_LENGTH],
    )
    sheet.save(update_fields=["draft", "entered_at", "entered_by", "came_at", "reason", "words"])
    return draft


def _check_came(sheet: IntakeSheet, late: Late, at: datetime) -> None:
    if late.came_at > at:
        raise NotYet
    issued = sheet.block.issued_at
    # Hand and clock know minutes.
    if late.came_at < issued.replace(second=0, microsecond=0):
        raise CameTooEarly(issued=date_format(timezone.localtime(issued), "H:i d/m/Y"))
    if late.reason not in LateReason.values or (
        late.reason == LateReason.OTHER and not clean_line(late.words)
    ):
        raise LateReasonMissing


def version_for(sheet: IntakeSheet, late: Late) -> ProcedureVersion:
    """The version in force on the day the papers came in. Raises SheetOfAnotherProcedure, NotFound."""
    printed = sheet.block.version.procedure_id if sheet.block.version else ""
    if printed and late.procedure not in {"", printed}:
        raise SheetOfAnotherProcedure(procedure=printed)
    return get_version(printed or late.procedure, at=timezone.localdate(late.came_at))


def promise_from(version: ProcedureVersion, agency: Agency, came_at: datetime) -> Due:
    """How the limit of the procedure counts from the true moment; its cases may have another."""
    procedure = version.definition["procedure"]
    limit = parse_limit(procedure["limit"]["value"])
    counting = counting_by(procedure, limit, agency, on=timezone.localdate(came_at))
    return due(
        came_at,
        counting.limit,
        counting.calendar,
        civil_code=counting.civil_code,
        last_hour_next_day=counting.last_hour_next_day,
    )


def find_entered(actor: Actor, typed: str) -> UUID | None:
    """The dossier that was made of this sheet, for who serves at its counter."""
    code = read_sheet_code(typed)
    return of_counters(actor).filter(code=code).values_list("dossier", flat=True).first() if code else None


def find_begun(actor: Actor, draft_id: UUID) -> IntakeSheet | None:
    """The sheet that this draft is made of, with how it came in."""
    related = of_counters(actor).select_related(
        "draft__version__procedure", "draft__applicant", "agency", "block"
    )
    return related.filter(draft=draft_id).first()
