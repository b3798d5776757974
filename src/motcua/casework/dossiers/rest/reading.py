"""Following dossiers: lists, one dossier, its journal and its papers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from motcua.casework.dossiers import selectors
from motcua.casework.dossiers.lists import (
    Doable,
    Wanted,
    list_beside,
    list_doable,
    list_journal,
    list_own,
    list_readable,
)
from motcua.casework.dossiers.models import Dossier, OfficialDocument
from motcua.casework.dossiers.outlook import any_late
from motcua.casework.dossiers.policies import READ
from motcua.casework.dossiers.questions import find_supplement
from motcua.casework.dossiers.rest.routers import dossiers
from motcua.casework.dossiers.rest.schemas import (
    DossierDetail,
    DossierList,
    EntryList,
    document_out,
    dossier_out,
    ending_out,
    extension_out,
    paper_out,
    payment_out,
    supplement_out,
)
from motcua.casework.dossiers.rules.states import ENDED, Status
from motcua.casework.dossiers.services.ending import find_ending
from motcua.casework.dossiers.services.papers import file_of
from motcua.casework.dossiers.services.waiting import find_payment
from motcua.casework.process.selectors import find_standing
from motcua.foundation.files.models import StoredFile
from motcua.foundation.files.services import open_file
from motcua.foundation.journal.models import Entry
from motcua.foundation.kernel.actors import Actor
from motcua.registry.access.clients.rest import (
    ANYBODY,
    AfterPlace,
    CalledRequest,
    Token,
    etag,
    has_seen,
    unchanged,
)

# What the journal says in codes and dates; anything else among an entry's facts is for auditors.
_FACTS = (
    "status",
    "step",
    "next_step",
    "code",
    "due_at",
    "before",
    "procedure",
    "version",
    "agency",
    "channel",
    "edition",
)
PDF_OR_PICTURE = {
    200: {
        "description": "The file",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("application/pdf", "image/jpeg", "image/png")
        },
    }
}


class Filters(Schema):
    """Times without an offset are local."""

    status: Annotated[int | None, Field(ge=1, le=10)] = None
    procedure: Annotated[str, Field(max_length=8, pattern=r"^([0-9]\.[0-9]{6})?$")] = ""
    agency: Annotated[
        str, Field(max_length=300, pattern=r"^(/([A-Z0-9.]+/)*)?$", description="Path, as /H44/H44.25/.")
    ] = ""
    submitted_since: datetime | None = None
    updated_since: datetime | None = None


@dossiers.get(
    "",
    response=DossierList,
    auth=Token(READ, people=ANYBODY),
    summary="Dossiers the caller may see",
    operation_id="list_dossiers",
)
def list_dossiers(
    request: CalledRequest,
    filters: Query[Filters],
    after: AfterPlace = "",
    limit: int = Query(20, ge=1, le=100),
) -> dict[str, Any]:
    """Latest submission first; with `updated_since` oldest move first, to follow many: begin the next round with the
    last `updated_at` you saw. A program sees what it filed, with the scope dossiers:read-agency all of its agency and
    those below; a person what the pages show them."""
    since = (_aware(filters.submitted_since), _aware(filters.updated_since))
    wanted = Wanted(filters.status, filters.procedure, filters.agency, *since)
    found, following = list_readable(request.actor, wanted, after=after, limit=limit)
    return {"items": [dossier_out(dossier) for dossier in found], "next": following}


def _aware(moment: datetime | None) -> datetime | None:
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


@dossiers.get(
    "/{id_or_code}",
    response=DossierDetail,
    auth=Token(READ, people=ANYBODY),
    summary="One dossier",
    operation_id="get_dossier",
)
def get_dossier(request: CalledRequest, response: HttpResponse, id_or_code: str) -> Any:
    """By id, legal code or reference. The reading is in the journal, and the person sees it; not when the caller has
    this very answer (If-None-Match). The ETag is what an act asks for as If-Match."""
    actor = request.actor
    found = selectors.get_dossier_named(actor, id_or_code)
    content = detail_out(actor, found)
    tag = etag(content, revision=found.revision)
    if has_seen(request, tag):
        return unchanged(tag)
    selectors.record_opening(actor, found, at=timezone.now())
    response["ETag"] = tag
    return content


# What programs are not told.
_OF_PEOPLE = (
    "answers", "papers", "documents", "supplement", "payment", "rounds", "extension", "likely_late",
)  # fmt: skip


def detail_out(actor: Actor, dossier: Dossier) -> dict[str, Any]:
    """All the actor may see of it. Seven queries at most for people, two for programs."""
    now = timezone.now()
    standing = find_standing(dossier.id) if actor.kind != "citizen" else None
    doable = list_doable(actor, dossier, standing)
    beside = [*list_beside(actor, dossier, at=now), *list_own(actor, dossier)]
    acts = dict.fromkeys([*(code for it in doable for code in it.acts), *beside])
    ending = find_ending(dossier) if Status(dossier.status) in ENDED else None
    content = dossier_out(dossier) | {
        "acts": list(acts),
        "tasks": [_task(it) for it in doable],
        "ending": ending_out(ending, whole=actor.kind != "client") if ending else None,
    }
    if actor.kind == "client":
        return content | dict.fromkeys(_OF_PEOPLE)
    asked, payment = find_supplement(dossier), find_payment(dossier)
    documents = selectors.list_documents(dossier)
    return content | {
        "supplement": supplement_out(asked) if asked else None,
        "payment": payment_out(payment) if payment else None,
        "rounds": sum(it.kind == OfficialDocument.Kind.SUPPLEMENT for it in documents),
        "extension": extension_out(dossier, documents),
        "likely_late": any_late(dossier, standing, at=now) if actor.is_officer else None,
        "answers": dossier.answers,
        "papers": [paper_out(paper) for paper in selectors.papers_for(actor, dossier)],
        "documents": [document_out(it) for it in documents if _shown(actor, it, dossier)],
    }


def _task(doable: Doable) -> dict[str, Any]:
    task = doable.task
    same = {"id": task.pk, "step": task.step, "due_at": task.due_at}
    return same | {"claimed": task.claimed_by is not None, "acts": list(doable.acts)}


def _shown(actor: Actor, document: OfficialDocument, dossier: Dossier) -> bool:
    """Drafts are for officers, and the result for the applicant once it was returned."""
    if actor.is_officer or document.kind in selectors.TO_APPLICANT:
        return True
    has_result = dossier.returned_at is not None and actor.may("receive")
    return document.kind == OfficialDocument.Kind.RESULT and has_result


@dossiers.get(
    "/{uuid:dossier_id}/journal",
    response=EntryList,
    auth=Token(READ, people=ANYBODY),
    summary="What happened to a dossier",
    operation_id="list_dossier_journal",
)
def list_dossier_journal(
    request: CalledRequest,
    dossier_id: UUID,
    after: int = Query(0, ge=0, lt=2**63),
    limit: int = Query(50, ge=1, le=200),
) -> dict[str, Any]:
    """Acts, oldest first; who only read it is not among them."""
    dossier = selectors.get_dossier(request.actor, dossier_id)
    entries, following = list_journal(dossier, after=after, limit=limit)
    return {"items": [_entry(entry) for entry in entries], "next": following}


def _entry(entry: Entry) -> dict[str, Any]:
    facts = {name: entry.facts[name] for name in _FACTS if name in entry.facts}
    same = {name: getattr(entry, name) for name in ("id", "sequence", "at", "kind")}
    return same | {"by": entry.actor_kind, "facts": facts}


@dossiers.get(
    "/{uuid:dossier_id}/papers/{int:paper_id}/content",
    auth=Token(people=ANYBODY),
    summary="A paper that was handed in",
    operation_id="get_paper",
    openapi_extra={"responses": PDF_OR_PICTURE},
)
def get_paper(request: CalledRequest, dossier_id: UUID, paper_id: int) -> Any:
    """The file. The reading is in the journal."""
    return _file(selectors.open_paper(request.actor, dossier_id, paper_id, at=timezone.now()))


@dossiers.get(
    "/{uuid:dossier_id}/documents/{uuid:document_id}/content",
    auth=Token(people=ANYBODY),
    summary="A paper the agency made",
    operation_id="get_dossier_document",
    openapi_extra={"responses": PDF_OR_PICTURE},
)
def get_dossier_document(request: CalledRequest, dossier_id: UUID, document_id: UUID) -> Any:
    """The file: form 01, a draft, the result. The reading is in the journal."""
    return _file(file_of(selectors.open_document(request.actor, dossier_id, document_id, at=timezone.now())))


def _file(file: StoredFile) -> FileResponse:
    return FileResponse(open_file(file), as_attachment=True, filename=file.name, content_type=file.media_type)
