"""Intake sheets: printed ahead, void when spoiled. What is entered from them: `late_entry`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from motcua.casework.dossiers.counter_errors import SheetEntered, SheetVoidReason, TooManySheets
from motcua.casework.dossiers.forms import form_of
from motcua.casework.dossiers.models import Dossier, IntakeSheet, LateReason, SheetBlock
from motcua.casework.dossiers.models.sheets import MOST_SHEETS
from motcua.casework.dossiers.rules.sheet_body import sheet_components, sheet_sections
from motcua.casework.dossiers.rules.sheet_codes import new_sheet_code
from motcua.casework.dossiers.services.printing import PLAIN, Look, print_form
from motcua.foundation.files.official import qr_svg
from motcua.foundation.installation.selectors import get
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.foundation.kernel.text import clean_line
from motcua.registry.access.policies import within
from motcua.registry.catalogue.models import VERSION_CONTENT, ProcedureVersion
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import get_reception_unit

RECEPTION = "reception"
REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class NewBlock:
    """Sheets to be printed. `block_id` comes from the page; `procedure`: its code, "" for sheets of any procedure."""

    block_id: UUID
    procedure: str
    count: int


def own_counter(actor: Actor) -> Agency:
    """The agency where the officer sits at the counter. Raises NotFound."""
    agency = Agency.objects.filter(within("path", actor.scopes(RECEPTION)), pk__in=[actor.agency_id]).first()
    if not agency:
        raise NotFound
    return agency


def of_counters(actor: Actor) -> QuerySet[IntakeSheet]:
    """The sheets of the counters where the actor serves."""
    return IntakeSheet.objects.filter(within("agency__path", actor.scopes(RECEPTION)))


def issue_sheets(*, actor: Actor, new: NewBlock, at: datetime) -> SheetBlock:
    """Give out the codes of blank sheets. The same id again gives the block that was made.

    Raises NotFound (no counter of one's own, no such procedure today), TooManySheets.
    """
    if not 1 <= new.count <= MOST_SHEETS:
        raise TooManySheets(limit=MOST_SHEETS)
    agency = own_counter(actor)
    version = get_version(new.procedure, at=timezone.localdate(at)) if new.procedure else None
    try:
        return _issued_before(actor, new) or _issue(actor, new, (agency, version), at)
    except IntegrityError:
        # Sent twice at once: the other one made it.
        if made := _issued_before(actor, new):
            return made
        raise


def _issued_before(actor: Actor, new: NewBlock) -> SheetBlock | None:
    return SheetBlock.objects.filter(pk=new.block_id, issued_by=actor.person).first()


@transaction.atomic
def _issue(
    actor: Actor, new: NewBlock, what: tuple[Agency, ProcedureVersion | None], at: datetime
) -> SheetBlock:
    agency, version = what
    block = SheetBlock.objects.create(
        id=new.block_id,
        agency=agency,
        version=version,
        count=new.count,
        content=_head(agency, at),
        issued_at=at,
        issued_by=actor.person,
    )
    IntakeSheet.objects.bulk_create(
        IntakeSheet(block=block, position=position, agency=agency, code=new_sheet_code())
        for position in range(1, new.count + 1)
    )
    facts = {"agency": agency.code, "procedure": new.procedure, "count": new.count}
    happening = Happening(
        kind="sheet_block.issued", object_kind="sheet_block", object_id=block.id, facts=facts
    )
    record(actor=actor, happening=happening, at=at)
    return block


def _head(agency: Agency, at: datetime) -> dict[str, Any]:
    unit = get_reception_unit(agency)
    return {
        "superior": agency.name.upper(),
        "agency": unit.name.upper(),
        "place": agency.place_name,
        "desk": f"{unit.name} {agency.place_name}",
        "phone": unit.telephone,
        "printed_on": timezone.localdate(at).isoformat(),
        "lookup": {"url": f"{get('site.base_url')}/status/"},
    }


def print_block(*, actor: Actor, block_id: UUID, look: Look = PLAIN) -> tuple[SheetBlock, bytes]:
    """The sheets of a block as one PDF, the same each time. Raises NotFound for who does not serve at its counter."""
    blocks = SheetBlock.objects.select_related("version__procedure")
    mine = blocks.filter(within("agency__path", actor.scopes(RECEPTION)), pk=block_id)
    block = mine.first()
    if not block:
        raise NotFound
    codes = list(block.sheets.order_by("position").values_list("code", flat=True))
    return block, print_form("sheet", sheet_facts(block, codes), at=block.issued_at, look=look)


def sheet_facts(block: SheetBlock, codes: list[str]) -> dict[str, Any]:
    """What the sheets say; see packs/vn/forms/intake-sheet.typ."""
    url = block.content["lookup"]["url"]
    facts = block.content | {"sheets": [{"code": it, "qr": qr_svg(f"{url}?code={it}")} for it in codes]}
    if not block.version:
        return facts | {"procedure": "", "procedure_code": "", "limit": "", "sections": [], "components": []}
    procedure = block.version.definition["procedure"]
    return facts | {
        "procedure": procedure["name"],
        "procedure_code": block.version.procedure_id,
        "limit": procedure["limit"]["text"]["vi"],
        "sections": sheet_sections(form_of(block.version)),
        "components": sheet_components(procedure),
    }


@transaction.atomic
def mark_void(*, actor: Actor, sheet_id: UUID, reason: str, at: datetime) -> IntakeSheet:
    """A sheet was spoiled or lost: it cannot be entered. `reason`: "" takes that back, as the sheet turned up again.

    Doing so again changes nothing. Raises NotFound, SheetEntered, SheetVoidReason when it is longer than 300 letters.
    """
    words = clean_line(reason)
    if len(words) > REASON_LENGTH:
        raise SheetVoidReason(limit=REASON_LENGTH)
    sheet = of_counters(actor).select_for_update(of=("self",)).filter(pk=sheet_id).first()
    if not sheet:
        raise NotFound
    if sheet.state in {"entered", "begun"}:
        raise SheetEntered(code=sheet.code)
    if bool(words) == bool(sheet.void_at):
        return sheet
    sheet.void_at, sheet.void_by, sheet.void_reason = (at, actor.person, words) if words else (None, None, "")
    sheet.save(update_fields=["void_at", "void_by", "void_reason"])
    happening = Happening(
        kind="sheet.voided" if words else "sheet.restored",
        object_kind="sheet",
        object_id=sheet.id,
        facts={"code": sheet.code},
        details={"reason": words} if words else None,
    )
    record(actor=actor, happening=happening, at=at)
    return sheet


def find_sheet(actor: Actor, code: str) -> IntakeSheet | None:
    """The sheet with this code at one of the actor's counters, whatever its state."""
    related = of_counters(actor).select_related("block__version__procedure", "agency", "dossier")
    return related.filter(code=code).first()


# Why it was noted on paper, as the record says it.
REASONS = {LateReason.LINE.value: "mất đường truyền", LateReason.POWER.value: "mất điện"}


def sheet_of_draft(draft_id: UUID) -> IntakeSheet | None:
    """The sheet that is being entered, locked in the caller's transaction; None for what came without one."""
    return IntakeSheet.objects.select_for_update(of=("self",)).filter(draft=draft_id).first()


def came_by(sheet: IntakeSheet) -> dict[str, Any]:
    """When and why it came in on paper, as fields of `intake.Came`."""
    return {"at": sheet.came_at, "reason": REASONS.get(sheet.reason, sheet.words), "sheet": sheet.code}


def enter_sheet(sheet: IntakeSheet, dossier: Dossier, *, actor: Actor, at: datetime) -> None:
    """The sheet is this dossier's for good, in the transaction that makes it."""
    sheet.dossier, sheet.draft, sheet.entered_at, sheet.entered_by = dossier, None, at, actor.person
    sheet.save(update_fields=["dossier", "draft", "entered_at", "entered_by"])


# What of the sheets is asked for: blank, begun, entered, void.
_STATES: dict[str, dict[str, Any]] = {
    "blank": {"dossier": None, "draft": None, "void_at": None},
    "begun": {"dossier": None, "draft__isnull": False},
    "entered": {"dossier__isnull": False},
    "void": {"void_at__isnull": False},
}
SHEET_STATES = tuple(_STATES)
PAGE = 50


def count_sheets(actor: Actor) -> dict[str, int]:
    """How many sheets of the actor's counters are in each state. One query."""
    counts = {state: Count("id", filter=Q(**wanted)) for state, wanted in _STATES.items()}
    return dict(of_counters(actor).aggregate(**counts))


def list_sheets(actor: Actor, state: str, *, before: UUID | None = None) -> list[IntakeSheet]:
    """Sheets in a state, latest first; one more than PAGE when there are more. One query."""
    related = (
        of_counters(actor)
        .select_related("block__version__procedure", "dossier")
        .defer(
            *(f"block__{name}" for name in VERSION_CONTENT),
            *(f"dossier__{name}" for name in ("answers", "due_steps")),
        )
    )
    found = related.filter(**_STATES[state])
    if before:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[: PAGE + 1])


def list_blocks(actor: Actor, *, limit: int = 10) -> list[SheetBlock]:
    """The latest blocks of the actor's counters. One query."""
    related = SheetBlock.objects.select_related("version__procedure").defer(*VERSION_CONTENT)
    mine = related.filter(within("agency__path", actor.scopes(RECEPTION)))
    return list(mine.order_by("-issued_at", "-pk")[:limit])
