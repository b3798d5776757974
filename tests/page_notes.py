"""Pages of drafts with versions, of notes, and of results by post, each where there is something to see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from motcua.casework.dossiers.models import Dossier
from motcua.casework.dossiers.services.correcting import Correction, correct_data
from motcua.casework.dossiers.services.handling import (
    draft_result,
    return_task,
    submit_for_signature,
)
from motcua.casework.dossiers.services.noting import NewNote, strike_note, write_note
from motcua.casework.dossiers.services.posting import Noted, find_consignment, note_outcome
from motcua.casework.dossiers.tests.factories import (
    CHECKS,
    MORNING,
    World,
    awaiting_signature,
    handed_over,
    target,
)

AT = MORNING + timedelta(minutes=30)


def note_pages(world: World, posted: UUID) -> Iterator[tuple[Any, str, str, dict[str, str]]]:
    """(who, name, address, query). `posted`: a result on its way by post."""
    desk = world.desk
    again, sent_back, talked, back = (
        _again(world),
        _sent_back(world),
        _talked(world),
        _came_back(world, posted),
    )
    first, second = (str(again.documents.get(kind="draft", edition=it).id) for it in (1, 2))
    drafts, compare = (reverse(f"desk:{it}", args=[again.id]) for it in ("drafts", "drafts-compare"))
    yield desk.leader, "versions", drafts, {}
    yield desk.leader, "versions compared", compare, {"before": first, "after": second}
    yield desk.leader, "versions signing", reverse("desk:signing"), {"dossier": str(again.id)}
    older = sent_back.documents.get(kind="draft", edition=1)
    yield desk.specialist, "versions to restore", reverse("desk:drafts", args=[sent_back.id]), {}
    yield (
        desk.specialist,
        "version restored",
        reverse("desk:draft-restore", args=[sent_back.id, older.id]),
        {},
    )
    notes = reverse("desk:notes", args=[talked.id])
    yield desk.reception, "notes", notes, {}
    yield desk.reception, "notes corrected", notes, {"correct": str(UUID(int=11))}
    yield desk.reception, "notes answered", notes, {"answer": str(UUID(int=11))}
    yield desk.specialist, "notes dossier", reverse("desk:dossier", args=[talked.id]), {}
    yield desk.specialist, "notes inbox", reverse("desk:inbox"), {}
    yield desk.reception, "post again", reverse("desk:post", args=[back.id]), {}
    yield desk.reception, "post dossier", reverse("desk:dossier", args=[back.id]), {}
    yield desk.reception, "post uncollected", reverse("desk:uncollected"), {}
    yield world.mother, "post own", reverse("dossiers:dossier", args=[back.id]), {}


def _sent_back(world: World, *, slip: Correction | None = None) -> Dossier:
    """The first version was sent back, a slip corrected, and it was drafted anew."""
    dossier = awaiting_signature(world.desk, world.mother)
    why = "Thiếu dấu ở tên đệm"
    return_task(actor=world.desk.leader, target=target(dossier), reason=why, at=AT)
    if slip:
        correct_data(actor=world.desk.specialist, target=target(dossier), correction=slip, at=AT)
    draft_result(actor=world.desk.specialist, target=target(dossier), checks=CHECKS, at=AT)
    return dossier


def _again(world: World) -> Dossier:
    dossier = _sent_back(world, slip=Correction("given_name", "Anh Khôi", "Gõ thiếu chữ đệm"))
    submit_for_signature(actor=world.desk.specialist, target=target(dossier), at=AT)
    return dossier


def _talked(world: World) -> Dossier:
    """A question, its correction and an answer; and one that was struck out."""
    dossier, desk = handed_over(world.desk, world.mother), world.desk
    asked = f"officer {desk.specialist.person_id}"
    for actor, new in (
        (desk.reception, NewNote(UUID(int=11), "Bản gốc ở đâu?", asked)),
        (desk.reception, NewNote(UUID(int=12), "Bản gốc giấy chứng sinh ở đâu?", corrects=UUID(int=11))),
        (desk.specialist, NewNote(UUID(int=13), "Ở tủ số 3.", thread=UUID(int=11))),
        (desk.reception, NewNote(UUID(int=14), "Nhầm hồ sơ.", asked)),
    ):
        write_note(actor=actor, dossier_id=dossier.id, new=new, at=AT)
    strike_note(actor=desk.reception, dossier_id=dossier.id, note_id=UUID(int=14), at=AT)
    return dossier


def _came_back(world: World, posted: UUID) -> Dossier:
    dossier = Dossier.objects.get(pk=posted)
    sent = find_consignment(dossier)
    assert sent
    noted = Noted("came_back", timezone.localdate(sent.sent_at), "Không có người nhận")
    note_outcome(actor=world.desk.reception, dossier_id=posted, consignment_id=sent.id, noted=noted, at=AT)
    return dossier
