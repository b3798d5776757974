"""Printing and exporting the register; that it left the system is in the journal."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from procrastinate.contrib.django import app as jobs

from motcua.casework.dossiers.errors import BookTooLarge
from motcua.casework.dossiers.models import RegisterExport
from motcua.casework.dossiers.register import Asked, Line, count_lines, each_line, get_book, list_lines
from motcua.casework.dossiers.services.papers import local_minute
from motcua.casework.dossiers.services.printing import PLAIN, Look, print_form
from motcua.casework.dossiers.services.returning import WAYS
from motcua.foundation.files.services import store_bytes
from motcua.foundation.files.spreadsheets import XLSX, append_line
from motcua.foundation.journal.services import Happening, record
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.errors import NotFound
from motcua.registry.access.models import Account
from motcua.registry.organisations.models import Agency
from motcua.registry.organisations.selectors import (
    find_unit_of,
    get_reception_unit,
    identify_officer,
    officer_name,
)
from motcua.registry.organisations.services import next_number

# A print of 1,000 lines has some 60 pages and takes a second; a sheet of 200,000 lines about a minute of a job.
PRINT_LIMIT, EXPORT_LIMIT = 1_000, 200_000
KEPT_FOR = timedelta(days=3)


def record_look(actor: Actor, agency: Agency, asked: Asked, rows: int, *, at: datetime) -> None:
    """That a page of the book, which names people, was shown."""
    with transaction.atomic():
        _record(actor, (agency, asked), "register.read", {"rows": rows}, at)


def print_register(*, actor: Actor, asked: Asked, look: Look = PLAIN, at: datetime) -> bytes:
    """Form 06 (PDF, A4) of what was asked for, in the order of the book, under the next number of the year.

    Raises NotFound, BookTooLarge, CannotRender. Source: Circular 03/2025/TT-VPCP, form 06.
    """
    with transaction.atomic():
        agency = get_book(actor, asked.path)
        lines, more = list_lines(actor, asked, oldest_first=True, limit=PRINT_LIMIT)
        if more:
            raise BookTooLarge(limit=PRINT_LIMIT)
        unit = get_reception_unit(agency)
        year = str(timezone.localtime(at).year)
        count = next_number(agency_id=agency.id, series="form-06", period=year)
        facts = {
            "superior": agency.name.upper(),
            "agency": unit.name.upper(),
            "number": f"{count}/STD-{unit.symbol}",
            "place": agency.place_name,
            "issued_on": timezone.localdate(at),
            "book": _years(asked),
            "criteria": _criteria(asked),
            "entries": [_printed(line) for line in lines],
            "keeper": officer_name(actor.person_id),
        }
        pdf = print_form("register", facts, at=at, look=look)
        told = {"rows": len(lines), "number": facts["number"], "sha256": hashlib.sha256(pdf).hexdigest()}
        _record(actor, (agency, asked), "register.printed", told, at)
    return pdf


def _years(asked: Asked) -> str:
    first, last = asked.since.year, asked.until.year
    return str(first) if first == last else f"{first}-{last}"


def _criteria(asked: Asked) -> list[list[str]]:
    """What the print was asked for; Vietnamese, as the paper."""
    found = [
        ["Thời gian nhận hồ sơ", f"{asked.since:%d/%m/%Y} - {asked.until:%d/%m/%Y}"],
        ["Mã thủ tục hành chính", asked.procedure],
        ["Mã trạng thái", str(asked.status or "")],
        ["Phương thức nhận kết quả", WAYS.get(asked.way, "")],
        ["Đơn vị xử lý", _unit_name(asked)],
    ]
    return [row for row in found if row[1]]


def _unit_name(asked: Asked) -> str:
    unit = find_unit_of(asked.path, UUID(asked.unit)) if asked.unit else None
    return unit.name if unit else ""


def _printed(line: Line) -> dict[str, Any]:
    dossier, owner = line.dossier, line.dossier.owner_facts or line.dossier.applicant_facts
    return {
        "serial": line.serial,
        "code": dossier.code or dossier.reference,
        "procedure": dossier.version.procedure.names["vi"],
        "applicant": dossier.owner_name,
        "contact": "; ".join(filter(None, (owner["residence"], owner["telephone"]))),
        "agency": dossier.agency.name,
        "received_at": local_minute(dossier.accepted_at),
        "due_at": local_minute(dossier.due_at),
        "returned_at": local_minute(dossier.returned_at),
        "way": " ".join(filter(None, (WAYS[line.way], dossier.return_tracking))),
        "signed": dossier.return_receiver,
        "entered_at": local_minute(dossier.entered_at),
    }


def start_export(*, actor: Actor, asked: Asked, language: str, at: datetime) -> RegisterExport:
    """Have a job write what was asked for into a spreadsheet. Raises NotFound, BookTooLarge."""
    with transaction.atomic():
        agency = get_book(actor, asked.path)
        if count_lines(actor, asked, most=EXPORT_LIMIT) > EXPORT_LIMIT:
            raise BookTooLarge(limit=EXPORT_LIMIT)
        export = RegisterExport.objects.create(
            account_id=actor.account,
            agency=agency,
            criteria=asked.as_json(),
            language=language,
            made_at=at,
        )
        _record(actor, (agency, asked), "register.exported", {"export": str(export.id)}, at)
        jobs.configure_task("dossiers.write_register").defer(export_id=str(export.id))
    return export


def write_export(export_id: UUID, *, at: datetime) -> None:
    """Write the spreadsheet, once. Who lost the right meanwhile gets an empty one: the rights are those of now."""
    export = RegisterExport.objects.select_related("account").filter(pk=export_id, finished_at=None).first()
    if not export:
        return
    asked, actor = Asked.of_json(export.criteria), _officer(export.account)
    with tempfile.TemporaryDirectory() as folder, translation.override(export.language):
        path = Path(folder) / "lines.xlsx"
        rows = _write(path, each_line(actor, asked) if actor else ())
        name = f"so-theo-doi-{asked.since.isoformat()}-{asked.until.isoformat()}.xlsx"
        with transaction.atomic():
            waiting = RegisterExport.objects.select_for_update().filter(pk=export_id, finished_at=None)
            if waiting.exists():
                file = store_bytes(content=path.read_bytes(), name=name, media_type=XLSX)
                waiting.update(finished_at=at, rows=rows, file=file)


def _officer(account: Account) -> Actor | None:
    identity = identify_officer(account)
    return identity.actor if identity and account.is_active else None


def _write(path: Path, lines: Iterable[Line]) -> int:
    """One sheet, a line at a time; how many there were."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Register"))
    sheet.freeze_panes = "A2"
    append_line(sheet, _titles())
    count = 0
    for line in lines:
        append_line(sheet, _values(line))
        count += 1
    book.save(path)
    return count


def _titles() -> list[str]:
    return [
        _("No."),
        _("Dossier code"),
        _("Procedure"),
        _("Applicant"),
        _("Address"),
        _("Telephone"),
        _("Agency"),
        _("Received"),
        _("Due"),
        _("Returned"),
        _("Way of receiving"),
        _("Tracking number"),
        _("Received by"),
        _("Entered later"),
    ]


def _values(line: Line) -> list[Any]:
    dossier, owner = line.dossier, line.dossier.owner_facts or line.dossier.applicant_facts
    return [
        line.serial,
        dossier.code or dossier.reference,
        dossier.version.procedure.names["vi"],
        dossier.owner_name,
        owner["residence"],
        owner["telephone"],
        dossier.agency.name,
        *map(_naive, (dossier.accepted_at, dossier.due_at, dossier.returned_at)),
        WAYS[line.way],
        dossier.return_tracking,
        dossier.return_receiver,
        _naive(dossier.entered_at),
    ]


def _naive(moment: datetime | None) -> datetime | None:
    """As a spreadsheet keeps it, in the time of the place."""
    return timezone.make_naive(moment) if moment else None


def get_export(actor: Actor, export_id: UUID) -> RegisterExport:
    """The actor's own export. Raises NotFound."""
    found = RegisterExport.objects.select_related("file", "agency").filter(
        account=actor.account_id, pk=export_id
    )
    export = found.first()
    if not export:
        raise NotFound
    return export


def forget_exports(*, at: datetime) -> int:
    """Let go of exports older than KEPT_FOR; the sweep of unused files takes the spreadsheets."""
    return RegisterExport.objects.filter(made_at__lt=at - KEPT_FOR).delete()[0]


def _record(actor: Actor, book: tuple[Agency, Asked], kind: str, told: dict[str, Any], at: datetime) -> None:
    agency, asked = book
    facts = {name: value for name, value in asked.as_json().items() if value and name != "path"}
    happening = Happening(kind=kind, object_kind="register", object_id=agency.id, facts=facts | told)
    record(actor=actor, happening=happening, at=at)
