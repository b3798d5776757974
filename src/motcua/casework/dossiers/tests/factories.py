"""Drafts and dossiers in every state, made by the services as people make them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from motcua.casework.dossiers.models import Dossier, Draft
from motcua.casework.dossiers.services import drafts, handling
from motcua.casework.dossiers.services.handling import Target
from motcua.casework.dossiers.services.intake import Intake, start_intake, take_in, tick_papers
from motcua.casework.dossiers.services.papers import find_draft
from motcua.casework.dossiers.services.paying import Noting, fees_of, note_fee
from motcua.casework.dossiers.services.submission import submit_dossier
from motcua.casework.dossiers.tests.process_factories import PARALLEL, run_by
from motcua.casework.fees.models import LedgerEntry
from motcua.casework.fees.services import Payment
from motcua.casework.process.models import Task
from motcua.casework.warehouse.models import Document as IssuedRecord
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.foundation.kernel.ids import new_id
from motcua.registry.catalogue.selectors import get_version
from motcua.registry.organisations.tests.factories import Desk

CODE = "1.001193"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
OPENED = datetime(2026, 3, 2, 8, 0, tzinfo=HANOI)
# A Tuesday, long before the cut-off at 15:00.
MORNING = datetime(2026, 3, 10, 9, 0, tzinfo=HANOI)
CHECKS = ("0", "1", "2")


@dataclass(frozen=True, slots=True)
class World:
    """Two communes with three officers each, two citizens, and who looks after all agencies.

    The mother applies in the first commune.
    """

    desk: Desk
    other_desk: Desk
    mother: Actor
    neighbour: Actor
    auditor: Actor
    operator: Actor
    administrator: Actor
    support: Actor
    data_protection: Actor
    catalogue: Actor


def birth_answers(desk: Desk, **changes: Any) -> dict[str, Any]:
    """Complete answers but for the paper. Born five days before MORNING."""
    path = settings.PACKS / "vn" / "procedures" / CODE / "example.json"
    answers = json.loads(path.read_text(encoding="utf-8"))["answers"]
    del answers["birth_evidence"]
    return answers | {"registration_commune": desk.agency.place_code} | changes


def picture(name: str = "giay-chung-sinh.png", *, shade: int = 0) -> SimpleUploadedFile:
    """A photo of a paper; another shade is another content."""
    content = BytesIO()
    Image.new("RGB", (60, 80), (shade, 120, 200)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def empty_draft(citizen: Actor, *, at: datetime = MORNING, code: str = CODE) -> Draft:
    return drafts.start_draft(actor=citizen, version=get_version(code, at=at.date()), at=at)


def filled_in(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Draft:
    """A draft that can be submitted."""
    draft = empty_draft(citizen, at=at)
    values = birth_answers(desk, **answers)
    drafts.add_paper(actor=citizen, draft_id=draft.id, component="birth_evidence", upload=picture(), at=at)
    return drafts.save_answers(actor=citizen, draft_id=draft.id, answers=values, at=at)


def target(dossier: Dossier) -> Target:
    """The dossier as a page shows it that is opened now."""
    dossier.refresh_from_db()
    return Target(dossier.id, dossier.revision)


def submitted(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Dossier:
    draft = filled_in(desk, citizen, at=at, **answers)
    return submit_dossier(actor=citizen, draft_id=draft.id, at=at)


def taken_elsewhere(desk: Desk, other: Desk, citizen: Actor, *, at: datetime = MORNING) -> Dossier:
    """The citizen's application to `desk`, taken in at the counter of `other` with an original and two copies."""
    draft = begun_elsewhere(desk, other, citizen, at=at)
    return take_in(actor=other.reception, draft_id=draft.id, at=at)


def begun_elsewhere(desk: Desk, other: Desk, citizen: Actor, *, at: datetime = MORNING) -> Draft:
    """The same before it is taken in."""
    clerk, version = other.reception, get_version(CODE, at=at.date())
    draft = start_intake(actor=clerk, version=version, intake=Intake(citizen.person), at=at)
    ticked = {"birth_evidence": {"original": 1, "copy": 2}}
    tick_papers(actor=clerk, draft_id=draft.id, ticked=ticked, at=at)
    return drafts.save_answers(actor=clerk, draft_id=draft.id, answers=birth_answers(desk), at=at)


def accepted(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Dossier:
    dossier = submitted(desk, citizen, at=at, **answers)
    handling.accept_dossier(actor=desk.reception, target=target(dossier), at=at)
    dossier.refresh_from_db()
    return dossier


def handed_over(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Dossier:
    dossier = accepted(desk, citizen, at=at, **answers)
    handling.hand_over_dossier(actor=desk.reception, target=target(dossier), at=at)
    dossier.refresh_from_db()
    return dossier


def lying_elsewhere(desk: Desk, other: Desk, citizen: Actor, *, at: datetime = MORNING) -> Dossier:
    """Handed over, by a process in which another agency is to give an opinion."""
    dossier = submitted(desk, citizen, at=at)
    run_by(dossier, PARALLEL)
    handling.accept_dossier(actor=desk.reception, target=target(dossier), at=at)
    handling.hand_over_dossier(actor=desk.reception, target=target(dossier), at=at)
    tasks = Task.objects.filter(subject=dossier.id, step="construction")
    tasks.update(agency_path=other.agency.path, unit_id=None, is_elsewhere=True)
    dossier.refresh_from_db()
    return dossier


def drafted(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Dossier:
    dossier = handed_over(desk, citizen, at=at, **answers)
    handling.draft_result(actor=desk.specialist, target=target(dossier), checks=CHECKS, at=at)
    dossier.refresh_from_db()
    return dossier


def awaiting_signature(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Dossier:
    dossier = drafted(desk, citizen, at=at, **answers)
    handling.submit_for_signature(actor=desk.specialist, target=target(dossier), at=at)
    dossier.refresh_from_db()
    return dossier


def seen(dossier: Dossier) -> str:
    """The digest of the draft that the signer has before them."""
    return find_draft(dossier).file.sha256


def signed(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Dossier:
    dossier = awaiting_signature(desk, citizen, at=at, **answers)
    handling.sign_result(actor=desk.leader, target=target(dossier), seen_sha256=seen(dossier), at=at)
    dossier.refresh_from_db()
    return dossier


def returned(desk: Desk, citizen: Actor, *, at: datetime = MORNING, **answers: Any) -> Dossier:
    """The whole way."""
    dossier = signed(desk, citizen, at=at, **answers)
    handling.return_result(actor=desk.reception, target=target(dossier), at=at)
    dossier.refresh_from_db()
    return dossier


def paid(desk: Desk, dossier: Dossier, *, number: str = "0000001", amount: int = 8_000) -> LedgerEntry:
    """Something of the last of its fees, noted as paid at the counter."""
    at, code = MORNING, fees_of(dossier)[-1].code
    payment = Payment(code, amount, "BL-26E", number, at.date())
    return note_fee(actor=desk.reception, noting=Noting(dossier.id, new_id(), payment), at=at)


def snapshot(dossier: Dossier) -> tuple[object, ...]:
    """All that an act on a dossier changes."""
    now = Dossier.objects.get(pk=dossier.pk)
    tasks = Task.objects.filter(subject=dossier.pk).order_by("opened_at", "pk")
    return (
        (now.status, now.revision, now.code, now.due_at, now.finished_at, now.returned_at),
        tuple(tasks.values_list("step", "completed_at", "outcome")),
        now.documents.count(),
        Entry.objects.filter(object_id=dossier.pk).count(),
        IssuedRecord.objects.filter(subject=dossier.pk).count(),
    )
